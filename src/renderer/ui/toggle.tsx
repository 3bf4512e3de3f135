import { Switch } from 'radix-ui'

interface ToggleProps {
  id?: string
  label: string
  checked: boolean
  /** Keeps the focus, and does nothing. */
  disabled?: boolean
  onChange(checked: boolean): void
}

/** On or off, taken at once. */
export function Toggle({ id, label, checked, disabled = false, onChange }: ToggleProps) {
  return (
    <Switch.Root
      {...(id === undefined ? {} : { id })}
      aria-label={label}
      checked={checked}
      aria-disabled={disabled || undefined}
      onCheckedChange={(next) => disabled || onChange(next)}
      className="h-4 w-7 shrink-0 rounded-full bg-field p-0.5 transition-colors duration-(--time-fast) aria-disabled:opacity-50 data-[state=checked]:bg-accent-fill"
    >
      <Switch.Thumb className="block size-3 rounded-full bg-white transition-transform duration-(--time-fast) data-[state=checked]:translate-x-3" />
    </Switch.Root>
  )
}
