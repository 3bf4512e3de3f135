import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerFile } from '../engine/containers'

/** First process of a container of Berth's own image. */
export const ENTRYPOINT = '/usr/local/lib/berth/entrypoint'
/** Of the container of a workspace that another tool made. It ends as Berth's own entrypoint. */
export const ADOPTED_ENTRYPOINT = '/usr/local/lib/berth/adopted-entrypoint'
/** Tells what the entrypoint has noted. Containers whose entrypoint notes nothing do not have it. */
export const STATE_WATCH = '/usr/local/lib/berth/state-watch'

/**
 * The files that Berth runs in a workspace, in this version, from the bundled resources: put into its container before each start, so that
 * they always match, whatever image it uses. Empty for a container with its own entrypoint. Each file is read once.
 */
export function createRuntimeFiles(resources: string): (entrypoint: readonly string[]) => Promise<ContainerFile[]> {
  const contents = new Map<string, string>()
  async function file(source: string, path: string, mode: number): Promise<ContainerFile> {
    const content = contents.get(source) ?? (await readFile(join(resources, source), 'utf8'))
    contents.set(source, content)
    return { path, content, mode, uid: 0, gid: 0 }
  }
  const own = () => [file('workspace-image/entrypoint', ENTRYPOINT, 0o755), file('workspace-image/state-watch', STATE_WATCH, 0o755)]
  const sshd = (name: string) => file('workspace-image/sshd.conf', `/etc/ssh/sshd_config.d/${name}`, 0o644)
  return async (entrypoint) => {
    switch (entrypoint[0]) {
      case ENTRYPOINT:
        return Promise.all([...own(), sshd('10-berth.conf')])
      case ADOPTED_ENTRYPOINT:
        // Read before what else is in that folder.
        return Promise.all([file('adoption/adopted-entrypoint', ADOPTED_ENTRYPOINT, 0o755), ...own(), sshd('00-berth.conf')])
      default:
        return []
    }
  }
}
