import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerFile } from '../engine/containers'

/** Of the container of a workspace that another tool made. It ends as Berth's own entrypoint. */
export const ADOPTED_ENTRYPOINT = '/usr/local/lib/berth/adopted-entrypoint'

/** What Berth's own image has and that of another tool has not: files for its container, read from the folder with the bundled resources. */
export async function adoptionFiles(resources: string): Promise<ContainerFile[]> {
  const file = async (source: string, path: string, mode: number): Promise<ContainerFile> => ({
    path,
    content: await readFile(join(resources, source), 'utf8'),
    mode,
    uid: 0,
    gid: 0,
  })
  return Promise.all([
    file('adoption/adopted-entrypoint', ADOPTED_ENTRYPOINT, 0o755),
    file('workspace-image/entrypoint', '/usr/local/lib/berth/entrypoint', 0o755),
    // Read before what else is in that folder.
    file('workspace-image/sshd.conf', '/etc/ssh/sshd_config.d/00-berth.conf', 0o644),
  ])
}
