import type Docker from 'dockerode'
import type { EngineCapabilities } from '../../shared/contract/engines'

/** Taken by every Podman from 4.0 on. */
const LIBPOD = '/v4.0.0/libpod'

/**
 * Asks Podman in its own API, on the same socket, for what it does not do in Docker's. Returns what its JSON holds. Throws what dockerode
 * throws.
 */
export function askLibpod(docker: Docker, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: `${LIBPOD}${path}`,
        method,
        options: body,
        statusCodes: { 200: true, 201: true, 204: true, 400: 'bad parameter', 404: 'not found', 409: 'conflict', 500: 'server error' },
      },
      (error: unknown, answer: unknown) => (error ? reject(error) : resolve(answer)),
    )
  })
}

/** Microseconds in which a container has its share of the processors. */
const CPU_PERIOD = 100_000

/**
 * Its API like Docker's has no such call before 5. Podman 4 forgets the changed limits when the container ends, and takes none for one that
 * is not running: whoever starts a container sets them again. Throws what dockerode throws.
 */
export async function limitOnPodman(docker: Docker, id: string, changes: Docker.HostConfig): Promise<void> {
  const { State: state } = await docker.getContainer(id).inspect()
  if (!state.Running) return
  const { Memory: limit, MemorySwap: swap, NanoCpus: nanoCpus = 0, PidsLimit: processes } = changes
  await askLibpod(docker, 'POST', `/containers/${id}/update`, {
    memory: { limit, swap },
    cpu: { quota: Math.round((nanoCpus / 1e9) * CPU_PERIOD), period: CPU_PERIOD },
    pids: { limit: processes },
  })
}

/**
 * What Docker gives every container. A nested Docker does so too, and can hand on only what it has: Podman 5 leaves them out, and earlier ones
 * do as they are configured.
 */
const USUAL_ON_DOCKER = ['AUDIT_WRITE', 'MKNOD', 'NET_RAW']

/** What Docker does with empty lists of masked paths, which Podman passes over, and what else a nested Docker takes for granted. */
export function unmaskedOnPodman(
  given: { capabilities: string[]; securityOptions: string[] },
  capabilities: EngineCapabilities,
): Docker.HostConfig {
  return {
    CapAdd: [...given.capabilities, ...USUAL_ON_DOCKER],
    SecurityOpt: [...given.securityOptions, 'unmask=ALL'],
    ...devicesToHandOn(capabilities),
  }
}

/**
 * With control groups version 1, a nested engine can only allow its containers what it is allowed itself. Docker allows each container the
 * console, so a nested Docker can do that too, but Podman does not. Podman 4 ignores a plain rule; root of the container can use the
 * device, as on Docker, but it is in a place where no program looks for it.
 */
function devicesToHandOn({ cgroupVersion, rootless }: EngineCapabilities): Docker.HostConfig {
  if (cgroupVersion !== 1 || rootless) return {}
  return { Devices: [{ PathOnHost: '/dev/console', PathInContainer: '/dev/berth-console', CgroupPermissions: 'rwm' }] }
}

const HUB = 'docker.io/'
const HUB_LIBRARY = 'docker.io/library/'
const LOCAL = 'localhost/'
const DIGEST = 'sha256:'

/** As Docker writes an image's id; Podman mostly leaves out the kind of digest. */
export function imageIdOf(id: string): string {
  return id === '' || id.startsWith(DIGEST) ? id : `${DIGEST}${id}`
}

/** As Docker writes an image's name; Podman says that it is of Docker's registry. */
export function familiarReference(reference: string): string {
  for (const prefix of [HUB_LIBRARY, HUB]) if (reference.startsWith(prefix)) return reference.slice(prefix.length)
  return reference
}

/** Whether the name with its tag is one that is asked for: `name:tag`, `name` with any tag, or `name/*` with any that follows. */
export function isNamed(reference: string, asked: string): boolean {
  const [full, pattern] = [withoutHost(reference), withoutHost(asked)]
  const name = full.slice(0, full.lastIndexOf(':'))
  if (!pattern.endsWith('/*')) return full === pattern || name === pattern
  const parent = pattern.slice(0, -1)
  return name.startsWith(parent) && !name.slice(parent.length).includes('/')
}

/** Podman puts what was loaded or built under a short name on the host “localhost”, and finds it by the short name. */
function withoutHost(reference: string): string {
  const familiar = familiarReference(reference)
  return familiar.startsWith(LOCAL) ? familiar.slice(LOCAL.length) : familiar
}
