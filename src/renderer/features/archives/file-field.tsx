import { isDesktop } from '../../client'
import { Field, TextInput } from '../../ui/field'

interface FileFieldProps {
  value: string
  problem: string | null
  disabled: boolean
  onChange(path: string): void
}

/** Files are Berth's own affair, also when the page is in a browser on another machine: so a path is asked for. */
export function FileField({ value, problem, disabled, onChange }: FileFieldProps) {
  return (
    <Field label="File" hint={isDesktop ? 'Full path.' : 'Full path on the machine Berth runs on.'} problem={problem} keepsRoom>
      {(control) => (
        <TextInput
          {...control}
          autoFocus
          mono
          readOnly={disabled}
          value={value}
          onFocus={selectName}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

/** The name is what is changed most: its folder and its ending stay. */
function selectName({ currentTarget: input }: { currentTarget: HTMLInputElement }): void {
  const { value } = input
  const start = Math.max(value.lastIndexOf('/'), value.lastIndexOf('\\')) + 1
  const dot = value.lastIndexOf('.')
  input.setSelectionRange(start, dot > start ? dot : value.length)
}
