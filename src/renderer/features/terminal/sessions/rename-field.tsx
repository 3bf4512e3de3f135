import { useEffect, useRef } from 'react'
import { LONGEST_NAME } from './use-session-actions'

interface RenameFieldProps {
  label: string
  name: string
  onRename(name: string): void
  onCancel(): void
}

/** A name typed in its place: Enter or leaving it keeps it, Escape does not. Empty gives the program's own title back. */
export function RenameField({ label, name, onRename, onCancel }: RenameFieldProps) {
  const inputRef = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)
  useEffect(() => inputRef.current?.select(), [])
  const finish = (act: () => void) => {
    if (isDone.current) return
    isDone.current = true
    act()
  }
  return (
    <input
      ref={inputRef}
      aria-label={label}
      defaultValue={name}
      maxLength={LONGEST_NAME}
      spellCheck={false}
      autoComplete="off"
      onBlur={({ currentTarget }) => finish(() => onRename(currentTarget.value.trim()))}
      onKeyDown={(event) => {
        event.stopPropagation()
        const { value } = event.currentTarget
        if (event.key === 'Enter') finish(() => onRename(value.trim()))
        else if (event.key === 'Escape') finish(onCancel)
      }}
      className="h-5 w-full min-w-0 rounded-sm border border-accent bg-canvas px-1 font-mono text-ink text-sm outline-none"
    />
  )
}
