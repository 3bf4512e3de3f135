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
      return new BerthError('ENGINE_HOST_CHANGED', `The key of the ssh server on ${host} has changed: ${listed(fingerprints)}.`, {
        ...{ host, fingerprints },
        next: `The connection may be intercepted. If you know that the key was changed on purpose, remove the old one: ssh-keygen -R '${judged.keyName}' -f '${judged.file}'`,
      })
    }
    default:
      throw new Error(`no such verdict: ${judged satisfies never}`)
  }
}

export function hostUnknown(host: string, offered: HostKey[]): BerthError<'ENGINE_HOST_UNKNOWN'> {
  const fingerprints = offered.map(fingerprintOf)
  return new BerthError('ENGINE_HOST_UNKNOWN', `The ssh server on ${host} is not trusted yet. Its key is ${listed(fingerprints)}.`, {
    ...{ host, fingerprints },
    next: 'Compare the fingerprint with the one from the administrator of that machine, then trust the key.',
  })
}

function listed(fingerprints: Fingerprint[]): string {
  return fingerprints.map(({ type, fingerprint }) => `${fingerprint} (${type})`).join(', ')
}
