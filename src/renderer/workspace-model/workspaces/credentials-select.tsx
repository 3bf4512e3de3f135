import type { ComponentProps } from 'react'
import { CREDENTIAL_SHARING, type CredentialSharing } from '../../../shared/credential-sharing'
import { Select } from '../../ui/field'

const WORDS: Record<CredentialSharing, string> = { shared: 'As in the settings', none: 'None' }

/** Whether a workspace has the credentials that all have. `none` is what it means that nothing is chosen, where that can be. */
export function CredentialsSelect({ none, ...props }: ComponentProps<'select'> & { none?: string }) {
  return (
    <Select {...props}>
      {none !== undefined && <option value="">{none}</option>}
      {CREDENTIAL_SHARING.map((value) => (
        <option key={value} value={value}>
          {WORDS[value]}
        </option>
      ))}
    </Select>
  )
}
