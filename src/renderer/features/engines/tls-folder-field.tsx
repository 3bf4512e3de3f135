import { Field, TextInput } from '../../ui/field'

interface TlsFolderFieldProps {
  value: string
  /** null for none. */
  problem: string | null
  onChange(value: string): void
}

/** Where the certificates of an engine are that is reached by tcp. */
export function TlsFolderField({ value, problem, onChange }: TlsFolderFieldProps) {
  return (
    <Field label="TLS folder" hint="On the machine that Berth runs on, with ca.pem, cert.pem and key.pem. Empty for none" problem={problem}>
      {(control) => (
        <TextInput {...control} mono placeholder="~/.docker" value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  )
}
