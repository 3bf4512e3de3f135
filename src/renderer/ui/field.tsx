import { type ComponentProps, type ReactNode, useId } from 'react'
import { classNames } from './class-names'

interface FieldProps {
  label: ReactNode
  /** Shown below it while there is no problem. */
  hint?: ReactNode
  /** Why what is in it cannot be taken; null when it can. */
  problem?: string | null
  /** Not a problem, but worth knowing. */
  warning?: ReactNode
  /** Room for one line below is kept, so that nothing jumps when a problem comes. */
  keepsRoom?: boolean
  children(props: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }): ReactNode
}

/** A label, a control, and what there is to say about it. */
export function Field({ label, hint, problem = null, warning, keepsRoom = false, children }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-ink">
        {label}
      </label>
      {children({ id, 'aria-describedby': noteId, 'aria-invalid': problem !== null })}
      <div id={noteId} aria-live="polite" className={classNames('text-sm', keepsRoom && 'min-h-4')}>
        {problem !== null ? (
          <p className="text-bad">{problem}</p>
        ) : warning ? (
          <p className="text-warn">{warning}</p>
        ) : (
          hint && <p className="text-ink-muted">{hint}</p>
        )}
      </div>
    </div>
  )
}

const CONTROL =
  'w-full min-w-0 rounded-md border border-field bg-canvas px-2 text-ink placeholder:text-ink-faint aria-invalid:border-bad focus-visible:outline-offset-0'

/** One line of text. `mono` for names, paths, ports and the like. */
export function TextInput({ mono = false, className, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      type="text"
      autoComplete="off"
      autoCorrect="off"
      autoCapitalize="off"
      spellCheck={false}
      {...rest}
      className={classNames(CONTROL, 'h-7', mono && 'font-mono text-sm', className)}
    />
  )
}

/** One of several; the system's own list. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...rest} className={classNames(CONTROL, 'h-7', className)} />
}

/** Several lines of text, which grow with what is in them. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      autoComplete="off"
      autoCorrect="off"
      autoCapitalize="off"
      spellCheck={false}
      {...rest}
      className={classNames(CONTROL, 'field-sizing-content max-h-48 min-h-16 resize-y py-1 font-mono text-sm', className)}
    />
  )
}
