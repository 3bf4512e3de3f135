import { Check, Minus } from 'lucide-react'
import { Checkbox as RadixCheckbox } from 'radix-ui'

interface CheckboxProps {
  id?: string
  label: string
  /** `indeterminate`: of what it stands for, some are. */
  checked: boolean | 'indeterminate'
  disabled?: boolean
  onChange(checked: boolean): void
}

/** Chosen or not. */
export function Checkbox({ id, label, checked, disabled = false, onChange }: CheckboxProps) {
  return (
    <RadixCheckbox.Root
      {...(id === undefined ? {} : { id })}
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={(next) => onChange(next === true)}
      className="flex size-4 shrink-0 items-center justify-center rounded-sm border border-field bg-canvas text-on-fill disabled:opacity-50 data-[state=checked]:border-accent-fill data-[state=indeterminate]:border-accent-fill data-[state=checked]:bg-accent-fill data-[state=indeterminate]:bg-accent-fill"
    >
      <RadixCheckbox.Indicator>
        {checked === 'indeterminate' ? <Minus aria-hidden className="size-3" /> : <Check aria-hidden className="size-3" />}
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  )
}
