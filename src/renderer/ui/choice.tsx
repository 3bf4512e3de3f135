import { useId } from 'react'
import { Toggle } from './toggle'

interface ChoiceProps {
  title: string
  description: string
  checked: boolean
  onChange(checked: boolean): void
}

/** Yes or no in a dialog, with what it means. */
export function Choice({ title, description, checked, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2.5">
      <span className="flex h-5 items-center">
        <Toggle id={id} label={title} checked={checked} onChange={onChange} />
      </span>
      <label htmlFor={id} className="min-w-0 flex-1">
        <span className="block font-medium">{title}</span>
        <span className="block text-ink-muted text-sm">{description}</span>
      </label>
    </div>
  )
}
