import { Switch } from 'radix-ui'

interface ToggleProps {
  id?: string
  label: string
  checked: boolean
  onChange(checked: boolean): void
}

/** On or off, taken at once. */
export function Toggle({ id, label, checked, onChange }: ToggleProps) {
  return (
    <Switch.Root
      {...(id === undefined ? {} : { id })}
      aria-label={label}
      checked={checked}
      onCheckedChange={onChange}
      className="h-4 w-7 shrink-0 rounded-full bg-field p-0.5 transition-colors duration-(--time-fast) data-[state=checked]:bg-accent-fill"
    >
      <Switch.Thumb className="block size-3 rounded-full bg-white transition-transform duration-(--time-fast) data-[state=checked]:translate-x-3" />
    </Switch.Root>
  )
}
