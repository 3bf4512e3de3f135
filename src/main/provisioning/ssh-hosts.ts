import { join } from 'node:path'
import { Mutex } from 'async-mutex'
import writeFileAtomic from 'write-file-atomic'
import { isBerthError } from '../../shared/errors'
import type { Engine } from '../engine/engine'
import { readHostKeys } from '../engine/host-keys'
import { log } from '../log'
import type { Records } from '../settings/records'
import { keyAliasOf, knownHostsText, quotedPath, sshHostsText } from './ssh-hosts-text'

interface SshHostsOptions {
  home: string
  /** Of the place where that workspace is. */
  engineOf: (workspaceId: string) => Pick<Engine, 'exec'>
  records: Records
  keyPath: string
  /** null leaves it to the user’s own config. */
  forwardAgent: () => 'yes' | 'no' | null
}

/** Files by which ssh reaches every workspace by name, with host keys that are known beforehand: `ssh/config` and `ssh/known_hosts`. */
export interface SshHosts {
  readonly configPath: string
  text(): string
  /** Brings the files up to the records. Never fails: a file that cannot be written is logged. */
  write(): Promise<void>
  /** Reads the host keys of a workspace that runs, and has them known when it returns. One that has none is left as it was. */
  pin(workspaceId: string, containerId: string): Promise<void>
  /** The same for one that is seen to run and was not started by this Berth, or by one that did not pin yet; once for each container. */
  pinIfUnknown(workspaceId: string, containerId: string): void
  /** “type key” of each host key of a workspace that runs, read if none is pinned yet; empty when it has no ssh server. */
  hostKeys(workspaceId: string, containerId: string): Promise<string[]>
  /** The file that has the host keys of a workspace that runs, and the name they have there; null when it has no ssh server. */
  knownHost(workspaceId: string, containerId: string): Promise<{ file: string; alias: string } | null>
}

export function createSshHosts({ home, engineOf, records, keyPath, forwardAgent }: SshHostsOptions): SshHosts {
  const configPath = join(home, 'ssh', 'config')
  const knownHostsPath = join(home, 'ssh', 'known_hosts')
  const mutex = new Mutex()
  const seen = new Set<string>()
  const written = new Map<string, string>()

  const text = () => sshHostsText(records.list(), { key: keyPath, knownHosts: knownHostsPath, forwardAgent: forwardAgent() })

  async function writeIfChanged(path: string, content: string): Promise<void> {
    if (written.get(path) === content) return
    await writeFileAtomic(path, content, { mode: 0o600 })
    written.set(path, content)
  }

  async function pin(workspaceId: string, containerId: string): Promise<void> {
    try {
      const hostKeys = await readHostKeys(engineOf(workspaceId), containerId)
      const known = records.get(workspaceId)?.hostKeys ?? []
      if (hostKeys.length > 0 && hostKeys.join() !== known.join()) await records.patch(workspaceId, { hostKeys })
    } catch (error) {
      if (!isBerthError(error)) throw error
      // The workspace works without: only ssh by its name has to wait for the next start.
      log.warn({ err: error, workspaceId }, 'the ssh host keys of a workspace could not be read')
    }
  }

  const write = () =>
    mutex.runExclusive(async () => {
      try {
        // Keys first: a host whose key is not known would be refused.
        await writeIfChanged(knownHostsPath, knownHostsText(records.list()))
        await writeIfChanged(configPath, text())
      } catch (error) {
        log.error({ err: error }, 'the ssh configuration of the workspaces could not be written')
      }
    })

  async function hostKeys(workspaceId: string, containerId: string): Promise<string[]> {
    const pinned = () => records.get(workspaceId)?.hostKeys ?? []
    if (pinned().length === 0) await pin(workspaceId, containerId)
    return pinned()
  }

  return {
    configPath,
    text,
    write,
    pin,
    hostKeys,
    async knownHost(workspaceId, containerId) {
      if ((await hostKeys(workspaceId, containerId)).length === 0) return null
      await write()
      return { file: knownHostsPath, alias: keyAliasOf({ id: workspaceId }) }
    },
    pinIfUnknown(workspaceId, containerId) {
      if (seen.has(containerId) || records.get(workspaceId)?.hostKeys.length !== 0) return
      seen.add(containerId)
      void pin(workspaceId, containerId)
    },
  }
}

/** The one line for the user's own config. Throws FILE_UNUSABLE when the path cannot be written there. */
export function includeLine(configPath: string): string {
  return `Include ${quotedPath(configPath)}`
}
