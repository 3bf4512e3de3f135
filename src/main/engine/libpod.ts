import type Docker from 'dockerode'

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
