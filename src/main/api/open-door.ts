import type { Door } from '../../shared/door'
import type { DamagedFiles } from '../settings/damaged-files'
import { removeDoorFile, writeDoorFile } from './door-file'
import { type HttpServerOptions, startHttpServer } from './http-server'
import { loadToken } from './token-file'

export interface OpenDoor {
  door: Door
  /** The page with the token in its fragment, which never leaves the browser. Secret. */
  pageUrl: string
  close(): Promise<void>
}

interface OpenDoorOptions extends Omit<HttpServerOptions, 'token'> {
  home: string
  damagedFiles: Pick<DamagedFiles, 'setAside'>
}

/** Listens, and says where in BERTH_HOME so that the command line finds it. Call it while holding the home. */
export async function openDoor({ home, damagedFiles, ...options }: OpenDoorOptions): Promise<OpenDoor> {
  const token = await loadToken(home, damagedFiles)
  const server = await startHttpServer({ ...options, token })
  const door: Door = { pid: process.pid, url: server.url, token, version: options.version }
  await writeDoorFile(home, door)
  return {
    door,
    pageUrl: pageUrl(door),
    async close() {
      // First, so that nobody finds a door that is closing.
      await removeDoorFile(home, door)
      await server.close()
    },
  }
}

/** Where a browser gets in with that door. Secret. */
export function pageUrl(door: Door): string {
  return `${door.url}/#token=${door.token}`
}
