import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EngineSystem } from './second-engine'

const run = promisify(execFile)

/** The release of Debian that has the engines. */
const RELEASE = 'trixie'

/** Where an engine sees the folder that it shares with the test. */
export const SHARED = '/srv'

/** An ordinary user there, who has the ids from 100000 on. */
export const USER_ID = 2000

/**
 * `$1` is the root of the engine's system, `$2` the folder that it shares, `$3` whose that is. A mere chroot would not do: `load` and `exec`
 * change the root themselves.
 */
const MOUNTS = `mount --make-rprivate /
mount --bind "$1" "$1"
for name in proc sys dev; do mount --rbind /$name "$1/$name"; done
mount -t tmpfs tmpfs "$1/run"
mount -t tmpfs tmpfs "$1/tmp"
mount -t tmpfs tmpfs "$1/dev/shm"
chmod 1777 "$1/tmp" "$1/dev/shm"
chmod 711 "$2"
if [ "$3" != 0 ]; then
  chown "$3:$3" "$2" "$2/data"
  mknod -m 666 "$1/run/fuse" c 10 229
  mknod -m 666 "$1/run/tun" c 10 200
  mount --bind "$1/run/fuse" "$1/dev/fuse"
  mount --bind "$1/run/tun" "$1/dev/net/tun"
fi
mount --bind "$2" "$1${SHARED}"
cd "$1"
pivot_root . .
umount -l .
cd /`

/** The same with nothing but control groups of version 2. */
const UNIFIED = `umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup`

/** Why this machine cannot have one; null when it can. */
export function debianObstacle(name: string): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can start it, on Linux'
  return existsSync(rootFolder(name)) || existsSync('/usr/sbin/debootstrap') ? null : 'debootstrap is not installed'
}

/**
 * Debian 13 with these packages, for one engine to run in. The first time it is made and kept under that name, which takes a minute or two.
 * The folder that the engine shares is the ordinary user's with `user`.
 */
export async function debianSystem(
  name: string,
  packages: string[],
  { user = false, unified = false }: { user?: boolean; unified?: boolean } = {},
): Promise<EngineSystem> {
  const root = await ensureRoot(name, packages)
  const script = unified ? `${MOUNTS}\n${UNIFIED}` : MOUNTS
  return { folder: SHARED, mounts: (folder) => ({ script, args: [root, folder, String(user ? USER_ID : 0)] }) }
}

/** Runs a program as the ordinary user of such a system. It is told to end when the test's process dies: a change of the user forgets that. */
export function asUser(environment: Record<string, string>, program: string[]): string[] {
  const ids = [`--reuid=${USER_ID}`, `--regid=${USER_ID}`, '--init-groups']
  const variables = {
    HOME: '/home/berth',
    USER: 'berth',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...environment,
  }
  return [
    ...['setpriv', ...ids, 'setpriv', '--pdeathsig=TERM', 'env', '-i'],
    ...Object.entries(variables).map(([key, value]) => `${key}=${value}`),
    ...program,
  ]
}

function rootFolder(name: string): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth', name)
}

/**
 * The folder of a Debian 13 with these packages, which is kept under that name. Made beside its place and moved there when it is whole. What an older
 * version of the tests made may lack packages.
 */
export async function ensureRoot(name: string, packages: string[]): Promise<string> {
  const root = rootFolder(name)
  if (existsSync(root)) {
    if (!(await hasPackages(root, packages))) await install(root, packages)
    return root
  }
  await mkdir(join(root, '..'), { recursive: true })
  const made = await mkdtemp(`${root}-`)
  try {
    await run('debootstrap', ['--variant=minbase', RELEASE, made])
    // The ordinary user has to come in.
    await chmod(made, 0o755)
    // Nothing that is installed there may start anything.
    await writeFile(join(made, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    await install(made, packages)
    await run('chroot', [made, 'useradd', '--create-home', '--uid', String(USER_ID), 'berth'])
    await rename(made, root)
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    throw error
  }
  return root
}

async function hasPackages(root: string, packages: string[]): Promise<boolean> {
  const known = await readFile(join(root, 'var/lib/dpkg/status'), 'utf8')
  const names = new Set(known.split('\n').flatMap((line) => (line.startsWith('Package: ') ? line.slice('Package: '.length) : [])))
  return packages.every((name) => names.has(name))
}

async function install(root: string, packages: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
  const apt = (...args: string[]) => run('chroot', [root, 'apt-get', ...args], { env })
  await apt('update', '-qq')
  await apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
  await apt('clean')
}
