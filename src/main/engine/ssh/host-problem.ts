import { BerthError } from '../../../shared/errors'
import { type Fingerprint, fingerprintOf, type HostKey, type HostKeyVerdict } from './host-keys'
import type { SshTarget } from './ssh-target'

/** The error of a server whose key is not the one that is known; null when nothing is wrong with it. */
export function hostProblem({ host }: SshTarget, judged: HostKeyVerdict): BerthError | null {
  switch (judged.verdict) {
    case 'unobjectionable':
      return null
    case 'unknown':
      return hostUnknown(host, judged.offered)
    case 'changed': {
      const fingerprints = judged.offered.map(fingerprintOf)
      return new BerthError('ENGINE_HOST_CHANGED', `The ssh server of ${host} has another key than before: ${listed(fingerprints)}.`, {
        ...{ host, fingerprints },
        next: `Somebody may be in between. When you know that the key was changed on purpose, remove the old one: ssh-keygen -R '${judged.keyName}' -f '${judged.file}'`,
      })
    }
    default:
      throw new Error(`no such verdict: ${judged satisfies never}`)
  }
}

export function hostUnknown(host: string, offered: HostKey[]): BerthError<'ENGINE_HOST_UNKNOWN'> {
  const fingerprints = offered.map(fingerprintOf)
  return new BerthError('ENGINE_HOST_UNKNOWN', `Nobody has trusted the ssh server of ${host} yet. Its key is ${listed(fingerprints)}.`, {
    ...{ host, fingerprints },
    next: 'Compare the fingerprint with what the administrator of that machine says, then trust it.',
  })
}

function listed(fingerprints: Fingerprint[]): string {
  return fingerprints.map(({ type, fingerprint }) => `${fingerprint} (${type})`).join(', ')
}
