import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type SecondEngine, startSecondEngine } from './second-engine'

const run = promisify(execFile)

const PROGRAM = '/usr/bin/podman'
/** catatonit is the `--init` of its containers. */
const PACKAGES = ['podman', 'catatonit', 'runc', 'netavark', 'iptables']

/** What every Podman of a machine shares, whatever folders it is given: networks of containers, and its locks. */
const MOUNTS = `mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /dev/shm`

/** Where a container is not allowed to raise limits, nor to have crun look at control groups of both versions at once. */
export function podmanConfiguration(folder: string, firewall: 'iptables' | null = null): string {
  return `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=8192:8192"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_config_dir = ${JSON.stringify(join(folder, 'networks'))}
${firewall === null ? '' : `firewall_driver = ${JSON.stringify(firewall)}\n`}`
}

/** Why this machine cannot have it; null when it can. */
export async function podmanObstacle(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can start it, on Linux'
  if (existsSync(PROGRAM)) return null
  return (await isDebian()) ? null : 'podman is not installed'
}

/** Podman beside the machine’s engine, with what it has in folders of its own. On Debian it is installed where it is missing. */
export async function startPodman(): Promise<SecondEngine> {
  if (!existsSync(PROGRAM)) await install()
  return startSecondEngine({ system: { folder: null, mounts: () => ({ script: MOUNTS, args: [] }) }, program })
}

async function program(folder: string, dataRoot: string): Promise<string[]> {
  const configured = join(folder, 'containers.conf')
  await writeFile(configured, podmanConfiguration(folder))
  for (const name of ['networks', 'tmp']) await mkdir(join(folder, name), { recursive: true })
  return [
    ...['env', `CONTAINERS_CONF=${configured}`, `TMPDIR=${join(folder, 'tmp')}`, PROGRAM],
    ...['--root', dataRoot, '--runroot', join(folder, 'run'), '--tmpdir', join(folder, 'libpod')],
    ...['system', 'service', '--time=0', `unix://${join(folder, 'docker.sock')}`],
  ]
}

async function isDebian(): Promise<boolean> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/etc/os-release')) return false
  return (await readFile('/etc/os-release', 'utf8')).split('\n').some((line) => /^ID(_LIKE)?=.*\bdebian\b/.test(line))
}

async function install(): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) => run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { env })
  await apt('update', '-qq')
  await apt('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES)
}
