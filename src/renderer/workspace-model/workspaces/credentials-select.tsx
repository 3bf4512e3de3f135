import type { ComponentProps } from 'react'
import { CREDENTIAL_SHARING, type CredentialSharing } from '../../../shared/credential-sharing'
import { Select } from '../../ui/field'

const WORDS: Record<CredentialSharing, string> = { shared: 'Those of the settings', none: 'None' }

/** Whether a workspace has the credentials that all have. */
export function CredentialsSelect(props: ComponentProps<'select'>) {
  return (
    <Select {...props}>
      {CREDENTIAL_SHARING.map((value) => (
        <option key={value} value={value}>
          {WORDS[value]}
        </option>
      ))}
    </Select>
  )
}
