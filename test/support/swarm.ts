import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { vi } from 'vitest'
import type { SecondEngine } from './second-engine'

const run = promisify(execFile)

/** Nobody else uses it: each engine has a network of its own. */
const SUBNET = '10.77.0'
const SWARM_PORT = 2377

/** Engines that are a Swarm; the first is its manager. */
export interface TestSwarm {
  nodes: TestNode[]
  /** As `docker node update`. */
  setAvailability(hostname: string, availability: 'active' | 'drain'): Promise<void>
  label(hostname: string, labels: Record<string, string>): Promise<void>
  /** Of tasks that are to run, by the name that their service is labelled with. */
  tasks(): Promise<{ workspace: string; node: string; state: string }[]>
  services(): Promise<string[]>
  dispose(): Promise<void>
}

export interface TestNode {
  hostname: string
  engine: SecondEngine
  id: string
}

/** Makes a Swarm of engines that know nothing of each other, on a bridge in the network of the first. */
export async function startSwarm(hostnames: string[], start: (hostname: string) => Promise<SecondEngine>): Promise<TestSwarm> {
  const engines: SecondEngine[] = []
  const dispose = async () => {
    await Promise.all(engines.map((engine) => engine.dispose()))
  }
  try {
    for (const hostname of hostnames) engines.push(await start(hostname))
    return { ...(await join(hostnames, engines)), dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function join(hostnames: string[], engines: SecondEngine[]): Promise<Omit<TestSwarm, 'dispose'>> {
  const pids = engines.map((engine) => String(engine.pid()))
  const [first = ''] = pids
  const inside = (pid: string, ...args: string[]) => run('nsenter', [`--target=${pid}`, '--net', 'ip', ...args])
  await inside(first, 'link', 'add', 'swarm0', 'type', 'bridge')
  await inside(first, 'addr', 'add', `${address(0)}/24`, 'dev', 'swarm0')
  await inside(first, 'link', 'set', 'swarm0', 'up')
  for (const [index, pid] of pids.entries()) {
    if (index === 0) continue
    await run('ip', ['link', 'add', `swarm${index}`, 'netns', first, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pid])
    await inside(first, 'link', 'set', `swarm${index}`, 'master', 'swarm0', 'up')
    await inside(pid, 'addr', 'add', `${address(index)}/24`, 'dev', 'eth0')
    await inside(pid, 'link', 'set', 'eth0', 'up')
  }
  const [manager, ...workers] = engines.map(({ docker }) => docker)
  if (!manager) throw new Error('a Swarm has at least one node')
  const place = (index: number) => ({ ListenAddr: `${address(index)}:${SWARM_PORT}`, AdvertiseAddr: `${address(index)}:${SWARM_PORT}` })
  await manager.swarmInit(place(0))
  const { JoinTokens: tokens }: { JoinTokens: { Worker: string } } = await manager.swarmInspect()
  for (const [index, worker] of workers.entries())
    await worker.swarmJoin({ ...place(index + 1), RemoteAddrs: [`${address(0)}:${SWARM_PORT}`], JoinToken: tokens.Worker })
  const ids = await Promise.all(engines.map(async ({ docker }) => ((await docker.info()) as { Swarm: { NodeID: string } }).Swarm.NodeID))
  const nodes = engines.map((engine, index) => ({ engine, hostname: hostnames[index] ?? '', id: ids[index] ?? '' }))
  await vi.waitFor(
    async () => {
      const ready = (await manager.listNodes()).filter((node: { Status?: { State?: string } }) => node.Status?.State === 'ready')
      if (ready.length !== nodes.length) throw new Error(`${ready.length} of ${nodes.length} nodes are ready`)
    },
    { timeout: 20_000, interval: 200 },
  )

  async function update(hostname: string, change: object): Promise<void> {
    const id = nodes.find((node) => node.hostname === hostname)?.id
    if (id === undefined || !manager) throw new Error(`there is no node ${hostname}`)
    const node = manager.getNode(id)
    const { Version: version, Spec: spec } = await node.inspect()
    await node.update({ version: version.Index, ...spec, ...change })
  }

  return {
    nodes,
    setAvailability: (hostname, availability) => update(hostname, { Availability: availability }),
    label: (hostname, labels) => update(hostname, { Labels: labels }),
    services: async () => (await manager.listServices()).flatMap(({ Spec: spec }) => spec?.Name ?? []),
    async tasks() {
      const services = await manager.listServices()
      const tasks = (await manager.listTasks()) as { ServiceID: string; NodeID?: string; DesiredState: string; Status: { State: string } }[]
      return tasks
        .filter(({ DesiredState: desired }) => desired === 'running' || desired === 'ready')
        .map(({ ServiceID, NodeID, Status }) => ({
          workspace: services.find(({ ID }) => ID === ServiceID)?.Spec?.Labels?.['dev.berth.name'] ?? '',
          node: nodes.find(({ id }) => id === NodeID)?.hostname ?? '',
          state: Status.State,
        }))
        .toSorted((one, other) => one.workspace.localeCompare(other.workspace))
    },
  }
}

const address = (index: number) => `${SUBNET}.${index + 1}`
