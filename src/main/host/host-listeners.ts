import { basename } from 'node:path'
import type { PortListener } from '../../shared/port-forward'
import { linkIfThere, listIfThere, ofProcessesWith, readIfThere } from './proc-files'

/** What the kernel says of a socket that listens. */
const LISTENING = '0A'
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']

/**
 * TCP ports of this machine on which processes listen that have this variable in their environment, as `NAME=value`: what was started in a
 * host workspace. Linux only. Processes that end in the meantime or belong to other users are left out.
 */
export async function hostListeners(variable: string): Promise<PortListener[]> {
  const sockets = await listeningSockets()
  if (sockets.size === 0) return []
  const found = new Map<number, PortListener>()
  await ofProcessesWith(variable, async (pid) => {
    for (const inode of await socketsOf(pid)) {
      const port = sockets.get(inode)
      if (port === undefined || found.has(port)) continue
      found.set(port, { port, host: '127.0.0.1', process: await nameOf(pid), container: null, publishedBy: null })
    }
  })
  return [...found.values()].sort((a, b) => a.port - b.port)
}

/** Their ports, by the number of their inodes. */
async function listeningSockets(): Promise<Map<string, number>> {
  const sockets = new Map<string, number>()
  for (const table of TABLES) {
    const text = await readIfThere(table)
    for (const line of text?.split('\n').slice(1) ?? []) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      if (state !== LISTENING) continue
      sockets.set(inode, Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16))
    }
  }
  return sockets
}

async function socketsOf(pid: string): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const links = await Promise.all((await listIfThere(folder)).map((name) => linkIfThere(`${folder}/${name}`)))
  return links.flatMap((link) => (link?.startsWith('socket:[') ? [link.slice('socket:['.length, -1)] : []))
}

/** Of its program; its own name can be that of a thread. */
async function nameOf(pid: string): Promise<string | null> {
  const [program = ''] = (await readIfThere(`/proc/${pid}/cmdline`))?.split('\0') ?? []
  return basename(program).slice(0, 64) || null
}
