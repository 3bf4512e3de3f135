import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type SecondEngine, startSecondEngine } from './second-engine'

const run = promisify(execFile)

/** The release of Debian that has it. */
const RELEASE = 'trixie'
const PACKAGES = ['docker.io', 'docker-cli', 'iptables', 'procps']

/** Where the engine sees the folder that it shares with the test. */
const SHARED = '/srv'

/**
 * `$1` is the root of the engine's system, `$2` the folder that it shares. A mere chroot would not do: `load` and `exec` change the root
 * themselves.
 */
const MOUNTS = `mount --make-rprivate /
mount --bind "$1" "$1"
for name in proc sys dev; do mount --rbind /$name "$1/$name"; done
mount -t tmpfs tmpfs "$1/run"
mount -t tmpfs tmpfs "$1/tmp"
mount --bind "$2" "$1${SHARED}"
cd "$1"
pivot_root . .
umount -l .
cd /`

/** Why this machine cannot have it; null when it can. */
export function docker26Obstacle(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can start it, on Linux'
  return existsSync(rootFolder()) || existsSync('/usr/sbin/debootstrap') ? null : 'debootstrap is not installed'
}

/** Docker 26.1 of Debian 13, beside the machine's engine. The first time its system is made and kept, which takes a minute or two. */
export async function startDocker26({ hostname }: { hostname?: string } = {}): Promise<SecondEngine> {
  const root = await ensureRoot()
  return startSecondEngine({
    ...(hostname ? { hostname } : {}),
    system: { folder: SHARED, mounts: (folder) => ({ script: MOUNTS, args: [root, folder] }) },
  })
}

function rootFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth', 'docker-26')
}

/** Made beside its place and moved there when it is whole. */
async function ensureRoot(): Promise<string> {
  const root = rootFolder()
  if (existsSync(root)) {
    // One that an older version of this test made has no `ps`.
    if (!existsSync(join(root, 'usr/bin/ps'))) await install(root)
    return root
  }
  await mkdir(join(root, '..'), { recursive: true })
  const made = await mkdtemp(`${root}-`)
  try {
    await run('debootstrap', ['--variant=minbase', RELEASE, made])
    // Nothing that is installed there may start anything.
    await writeFile(join(made, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    await install(made)
    await rename(made, root)
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    throw error
  }
  return root
}

async function install(root: string): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
  const apt = (...args: string[]) => run('chroot', [root, 'apt-get', ...args], { env })
  await apt('update', '-qq')
  await apt('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES)
  await apt('clean')
}
