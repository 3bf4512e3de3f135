import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ContainerSpec } from '../src/main/engine/containers'
import { createEngine, type Engine } from '../src/main/engine/engine'
import type { ContainerEvent, RemovalEvent } from '../src/main/engine/engine-events'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { podmanObstacle, startPodman } from './support/podman'
import type { SecondEngine } from './support/second-engine'
import { uniqueName } from './support/test-core'

const MIB = 1024 ** 2
const NO_LIMITS = { memoryBytes: null, cpus: null, processes: null }
const LIMITS = { memoryBytes: 300 * MIB, cpus: 0.5, processes: 200 }
const LABELS = { 'dev.berth.test': 'podman' }

const obstacle = await podmanObstacle()
if (obstacle !== null) console.log(`Podman is skipped: ${obstacle}.`)

describe.skipIf(obstacle !== null)('Podman', () => {
  let podman: SecondEngine
  let engine: Engine
  const events: ContainerEvent[] = []
  const removals: RemovalEvent[] = []

  const connectTo = async (endpoint: string) => {
    const connected = createEngine({
      address: () => ({ url: endpoint }),
      surroundings: { environment: {}, platform: process.platform, homeFolder: '/nonexistent', berthHome: '/nonexistent' },
      label: 'dev.berth.test=podman',
    })
    connected.start({
      onState: () => undefined,
      onContainerEvent: (event) => events.push(event),
      onRemoval: (event) => removals.push(event),
    })
    await vi.waitFor(() => connected.assertConnected(), 10_000)
    return connected
  }

  beforeAll(async () => {
    podman = await startPodman()
    await podman.takeImage(LOCAL_IMAGE)
    engine = await connectTo(podman.endpoint)
  })
  afterAll(async () => {
    engine?.close()
    await podman?.dispose()
  })

  const specOf = (changes: Partial<ContainerSpec> = {}): ContainerSpec => ({
    ...{ name: uniqueName('podman'), image: LOCAL_IMAGE, hostname: 'podman', labels: LABELS, environment: {}, volumes: [], ports: [] },
    ...{ capabilities: [], securityOptions: [], unmaskedSystemPaths: false, extraHosts: [], limits: NO_LIMITS, stopTimeout: 1 },
    entrypoint: ['sleep', '1000'],
    ...changes,
  })

  async function running(changes: Partial<ContainerSpec> = {}): Promise<string> {
    const id = await engine.containers.create(specOf(changes))
    await engine.containers.start(id)
    return id
  }

  async function inside(id: string, line: string): Promise<string> {
    const run = await engine.exec.start({ containerId: id, command: ['sh', '-c', line], user: 'root', tty: false, stdin: false })
    return (await text(run.stdout)).trim()
  }

  const memoryLimit = (id: string) =>
    inside(id, 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || true')

  it('is the same for two connections, although it calls itself otherwise each time', async () => {
    const other = await connectTo(podman.endpoint)
    const [one, two] = [engine.state(), other.state()]
    other.close()
    if (one.status !== 'connected' || two.status !== 'connected') throw new Error('Podman is not connected')
    expect(one.capabilities).toMatchObject({ product: 'podman', rootless: false, changeLimits: true, networksApart: false })
    expect(two.capabilities).toEqual(one.capabilities)
  })

  it('a helper reads its input and nothing else, and its exit code is known', async () => {
    const volume = uniqueName('volume')
    await engine.volumes.create(volume, LABELS)
    const helper = await engine.helpers.start({
      ...{ image: LOCAL_IMAGE, labels: LABELS, capabilities: [], volumes: [{ name: volume, path: '/kept', readOnly: false }] },
      command: ['sh', '-c', 'cat; echo done >&2; exit 5'],
    })
    helper.stdin.end('input')
    expect(await Promise.all([text(helper.stdout), text(helper.stderr), helper.exitCode()])).toEqual(['input', 'done\n', 5])
    await engine.volumes.remove(volume)
  })

  it('limits change while a container runs, and are lifted', async () => {
    const id = await running()
    await engine.containers.limit(id, LIMITS)
    expect(await memoryLimit(id)).toBe(String(LIMITS.memoryBytes))
    await engine.containers.limit(id, NO_LIMITS)
    expect(Number(await memoryLimit(id))).toBeGreaterThan(1024 * MIB)
    await engine.containers.remove(id)
  })

  it('tells about once a second what a container uses, until it ends', async () => {
    const id = await running()
    const times: number[] = []
    for await (const { time, memoryBytes } of engine.containers.watchCounters(id, new AbortController().signal)) {
      expect(memoryBytes).toBeGreaterThan(0)
      times.push(time.getTime())
      if (times.length === 3) await engine.containers.kill(id)
      if (times.length > 5) throw new Error('the figures do not end')
    }
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeLessThan(4000)
    await expect(engine.containers.processes(id)).rejects.toMatchObject({ data: { engineStatus: 409 } })
    await engine.containers.remove(id)
  })

  it('tells of the end and the removal of containers, and of removed volumes', async () => {
    const id = await running({ entrypoint: ['sh', '-c', 'exit 7'] })
    const volume = uniqueName('volume')
    await engine.volumes.create(volume, LABELS)
    await engine.volumes.remove(volume)
    await vi.waitFor(() => expect(events.some((event) => event.containerId === id && event.action === 'die')).toBe(true), 10_000)
    await engine.containers.remove(id)
    await vi.waitFor(() => expect(removals).toContainEqual({ kind: 'volume', id: volume }), 10_000)
    await vi.waitFor(() => {
      const own = events.filter(({ containerId }) => containerId === id)
      expect(own.map(({ action }) => action)).toEqual(['create', 'start', 'die', 'destroy'])
      expect(own[2]?.attributes.exitCode).toBe('7')
    }, 10_000)
  })

  it('a name that an image has in another repository is not listed with those that are asked for', async () => {
    const id = await running()
    const prefix = uniqueName('layer')
    const image = await engine.containers.commit(id, `${prefix}/one:1`, { pause: false, blank: ['SECRET', 'OTHER'] })
    await engine.images.tag(`${prefix}/one:1`, `${prefix}/two:2`)
    expect(await engine.images.listReferences(`${prefix}/two`)).toEqual([`${prefix}/two:2`])
    expect(await engine.images.list({ repository: `${prefix}/one` })).toMatchObject([{ id: image, references: [`${prefix}/one:1`] }])
    expect((await engine.images.inspect(image))?.environment).toMatchObject({ SECRET: '', OTHER: '' })
    await engine.images.remove(`${prefix}/two:2`)
    expect((await engine.images.inspect(`${prefix}/one:1`))?.id).toBe(image)

    const made = await engine.containers.create(specOf({ image: `${prefix}/one:1` }))
    expect(await engine.containers.inspect(made)).toMatchObject({ image: `${prefix}/one:1`, imageId: image })
    expect((await engine.diskUsage.inUse()).images).toContain(image)
    await engine.containers.remove(made)
    await engine.containers.flatten(id, `${prefix}/flat:3`)
    expect(await engine.images.inspect(`${prefix}/flat:3`)).toMatchObject({ labels: { 'dev.berth.image': 'workspace' } })
    for (const reference of [`${prefix}/one:1`, `${prefix}/flat:3`]) await engine.images.remove(reference)
    await engine.containers.remove(id)
  })

  it('what is paused can be stopped', async () => {
    const id = await running()
    await engine.containers.pause(id)
    await engine.containers.stop(id, 1)
    expect(await engine.containers.inspect(id)).toMatchObject({ running: false })
    await engine.containers.remove(id)
  })

  it('system paths are writable for a nested engine', async () => {
    const spec = { unmaskedSystemPaths: true, capabilities: ['SYS_ADMIN', 'NET_ADMIN'], securityOptions: ['seccomp=unconfined'] }
    const id = await running(spec)
    expect(await inside(id, 'test -w /proc/sys/net/ipv4/ip_forward && grep -c " /proc/sys " /proc/self/mounts')).toBe('0')
    await engine.containers.remove(id)
  })
})
