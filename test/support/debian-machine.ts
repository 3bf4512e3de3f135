import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Whom this machine trusts besides, for its registry. */
const authorities = process.env.NODE_EXTRA_CA_CERTS
const AUTHORITIES = '/mnt/authorities.pem'
/** How long what a script said may still be on its way after its end. */
const DRAIN_MS = 500

/** `$1` is the root of the system, `$2` a folder that it sees at /mnt, `$3` runs there. Docker's socket is that of this machine. */
const INSIDE = `mount --make-rprivate /
for name in proc sys dev; do mount --rbind "/$name" "$1/$name"; done
mount --bind "$2" "$1/mnt"
mkdir -p "$1/run"
touch "$1/run/docker.sock"
mount --bind /var/run/docker.sock "$1/run/docker.sock"
exec chroot "$1" /bin/bash -c "$3"`

/** A Debian for a Berth to be installed into, on the engine of this machine. */
export interface DebianMachine {
  root: string
  /** A folder of this machine that is /mnt there. */
  shared: string
  /** What a shell script says there, and complaints with it when it asks for them; throws with all it said when it fails. */
  inside(script: string): Promise<string>
  /** Removes the home and the shared folder. */
  remove(): Promise<void>
}

/** `root` is the folder with the system, `home` what is HOME there; `environment` is added to that of the scripts. */
export async function debianMachine(root: string, home: string, environment: Record<string, string> = {}): Promise<DebianMachine> {
  const shared = await mkdtemp(join(tmpdir(), 'berth-packages-'))
  if (authorities !== undefined) await copyFile(authorities, join(shared, basename(AUTHORITIES)))
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: home,
    BERTH_HOME: `${home}/berth`,
    BERTH_IMAGE_TAG: process.env.BERTH_IMAGE_TAG ?? '',
    DEBIAN_FRONTEND: 'noninteractive',
    ...(authorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: AUTHORITIES }),
    ...environment,
  }
  return {
    root,
    shared,
    async inside(script) {
      const child = spawn('unshare', ['--mount', 'bash', '-ec', INSIDE, 'bash', root, shared, script], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      let complaints = ''
      child.stdout.on('data', (bytes) => (output += bytes))
      child.stderr.on('data', (bytes) => (complaints += bytes))
      const closed = once(child, 'close')
      const [code] = await once(child, 'exit')
      // Not “close” alone: a Berth that was started goes on with what it inherited.
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, DRAIN_MS))])
      if (code !== 0) throw new Error(`${script}\n${complaints}${output}`)
      return output.trim()
    },
    async remove() {
      await rm(join(root, home), { recursive: true, force: true })
      await rm(shared, { recursive: true, force: true })
    },
  }
}

/** What is in the shared folder besides packages. */
export const OWN_FILES = authorities === undefined ? [] : [basename(AUTHORITIES)]
