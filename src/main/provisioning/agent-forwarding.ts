import { existsSync } from 'node:fs'
import type { Settings } from '../../shared/contract/settings'

/** The agent that is forwarded to what Berth itself runs in workspaces; null for none. `socket` is the agent's address, if one is running. */
export function forwardedSocket(setting: Settings['sshAgent'], socket: string | undefined): string | null {
  return setting !== 'off' && socket && existsSync(socket) ? socket : null
}

/** ssh's option for the agent; null leaves it to the user's own config. `socket` is the agent's address, if one is running. */
export function agentForwarding(setting: Settings['sshAgent'], socket: string | undefined): 'yes' | 'no' | null {
  switch (setting) {
    case 'on':
      return 'yes'
    case 'off':
      return 'no'
    case 'auto':
      return socket && existsSync(socket) ? 'yes' : null
    default:
      return setting satisfies never
  }
}
