import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asUser, debianObstacle, debianSystem, USER_ID } from './debian-system'
import { podmanConfiguration } from './podman'
import { type SecondEngine, startSecondEngine } from './second-engine'

const SYSTEM = 'debian-13-rootless'
const PACKAGES = [
  ...['docker.io', 'docker-cli', 'iptables', 'procps', 'iproute2', 'uidmap', 'slirp4netns', 'rootlesskit', 'fuse-overlayfs'],
  ...['podman', 'catatonit', 'runc', 'netavark', 'aardvark-dns'],
]
const ROOTLESS = '/usr/share/docker.io/contrib/dockerd-rootless.sh'

/** Why this machine cannot have them; null when it can. */
export function ordinaryUserObstacle(): string | null {
  return debianObstacle(SYSTEM)
}

/** Docker 26.1 of Debian 13 that an ordinary user has started, with a user namespace and a network of its own. */
export async function startRootlessDocker(): Promise<SecondEngine> {
  return startSecondEngine({
    system: await debianSystem(SYSTEM, PACKAGES, { user: true }),
    program: async (folder, data) =>
      asUser({ XDG_RUNTIME_DIR: folder }, [
        ...['sh', ROOTLESS, '--host', `unix://${folder}/docker.sock`, '--data-root', data, '--exec-root', `${folder}/exec`],
        ...['--pidfile', `${folder}/pid`, '--log-level', 'error'],
      ]),
  })
}

/** Docker 26.1 of Debian 13 whose containers have the ids of an ordinary user's. */
export async function startRemappedDocker(): Promise<SecondEngine> {
  return startSecondEngine({ system: await debianSystem(SYSTEM, PACKAGES), args: ['--userns-remap', 'berth'] })
}

/** Docker 26.1 of Debian 13 that finds control groups of version 2 only. */
export async function startDockerOnUnifiedGroups(): Promise<SecondEngine> {
  return startSecondEngine({ system: await debianSystem(SYSTEM, PACKAGES, { unified: true }) })
}

/** Podman 5.4 of Debian 13. */
export async function startPodman5(): Promise<SecondEngine> {
  return startSecondEngine({ system: await debianSystem(SYSTEM, PACKAGES), program: podman(0) })
}

/** Podman 5.4 of Debian 13 that an ordinary user has started. */
export async function startRootlessPodman(): Promise<SecondEngine> {
  return startSecondEngine({ system: await debianSystem(SYSTEM, PACKAGES, { user: true }), program: podman(USER_ID) })
}

function podman(userId: number) {
  return async (folder: string, data: string, made: string): Promise<string[]> => {
    await writeFile(join(made, 'containers.conf'), podmanConfiguration(folder, 'iptables'))
    for (const name of ['networks', 'tmp']) {
      await mkdir(join(made, name), { recursive: true })
      await chown(join(made, name), userId, userId)
    }
    const program = [
      ...['podman', '--root', data, '--runroot', `${folder}/run`, '--tmpdir', `${folder}/libpod`],
      ...['system', 'service', '--time=0', `unix://${folder}/docker.sock`],
    ]
    const environment = { CONTAINERS_CONF: `${folder}/containers.conf`, TMPDIR: `${folder}/tmp` }
    if (userId !== 0) return asUser({ ...environment, XDG_RUNTIME_DIR: folder }, program)
    return ['env', ...Object.entries(environment).map(([name, value]) => `${name}=${value}`), ...program]
  }
}
