import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import Docker from 'dockerode'
import { customAlphabet } from 'nanoid'
import { z } from 'zod'
import { openSocket } from '../src/cli/connection/door'
import { rpcSocket } from '../src/cli/connection/rpc-socket'
import type { BerthClient } from '../src/shared/contract/contract'
import type { SettingsPatch } from '../src/shared/contract/settings'
import { DOOR_FILE, doorSchema } from '../src/shared/door'
import { RPC_PATH } from '../src/shared/door-addresses'
import { CORE_NODE_FLAGS } from '../src/shared/node-flags'

/** Tests and benchmarks are started at the root of the checkout. */
const PROGRAM = resolve('out/main/headless.js')
const PORTS_PER_BERTH = 40
const FIRST_PORT = 20_000
const RANGES = 90
/** Longer than any Berth takes to end that tests have started. */
const END_MS = 20_000

const randomText = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 6)

/** The engine as the tests see it, past Berth. */
export const docker = new Docker()

/** A name that nobody else on the engine has. */
export function uniqueName(prefix: string): string {
  return `e2e-${prefix}-${randomText()}`
}

/** A Berth with a home and ports of its own, on the real engine. */
export interface Berth {
  home: string
  pid: number
  url: string
  /** What it printed: its page, with the token. Empty for a desktop app, which shows its page itself. */
  link: string
  client: BerthClient
  /** Ends it, and removes everything it made, from the engine too. */
  dispose(): Promise<void>
}

/** A home with ports of its own. The desktop app does not ask in it whether quitting keeps workspaces running. */
export async function makeHome(settings: SettingsPatch): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'berth-e2e-'))
  const from = FIRST_PORT + Math.floor(Math.random() * RANGES) * PORTS_PER_BERTH
  await writeFile(join(home, 'settings.json'), JSON.stringify({ sshPorts: { from, to: from + PORTS_PER_BERTH - 1 }, ...settings }))
  await mkdir(join(home, 'desktop'), { mode: 0o700 })
  await writeFile(join(home, 'desktop/answers.json'), JSON.stringify({ quit: true }))
  return home
}

/** Its open door. */
export async function connectTo(home: string): Promise<Pick<Berth, 'url' | 'client'> & { close(): void }> {
  const door = doorSchema.parse(JSON.parse(await readFile(join(home, DOOR_FILE), 'utf8')))
  const socket = await openSocket(door, RPC_PATH)
  const client = createORPCClient<BerthClient>(new RPCLink({ websocket: rpcSocket(socket) }))
  socket.resume()
  return { url: door.url, client, close: () => socket.close() }
}

export async function startBerth(settings: SettingsPatch = {}): Promise<Berth> {
  const home = await makeHome(settings)
  const child = spawn(process.execPath, [...CORE_NODE_FLAGS, PROGRAM, '--port', '0', '--json'], {
    // A home folder of its own: nothing that is clicked changes the files of whoever runs the tests.
    env: { BERTH_LOG_LEVEL: 'error', ...process.env, BERTH_HOME: home, HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const { link } = await firstLine(child)
    const { url, client, close } = await connectTo(home)
    return {
      home,
      pid: child.pid ?? 0,
      url,
      link,
      client,
      async dispose() {
        close()
        await endAndRemove(child, home)
      },
    }
  } catch (error) {
    await endAndRemove(child, home)
    throw error
  }
}

const startedSchema = z.object({ url: z.string(), link: z.string() })

async function firstLine(child: ChildProcess): Promise<z.infer<typeof startedSchema>> {
  if (child.stdout === null) throw new Error('Its output is not a pipe.')
  for await (const line of createInterface({ input: child.stdout })) return startedSchema.parse(JSON.parse(line))
  throw new Error('Berth ended before it listened.')
}

/** Past Berth, so that also what it left by mistake goes. */
export async function endAndRemove(child: ChildProcess, home: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    const impatience = setTimeout(() => child.kill('SIGKILL'), END_MS)
    await once(child, 'exit')
    clearTimeout(impatience)
  }
  const id = await readFile(join(home, 'installation-id'), 'utf8').catch(() => null)
  if (id !== null) await removeFromEngine(`dev.berth.owner=${id.trim()}`)
  await rm(home, { recursive: true, force: true })
}

async function removeFromEngine(label: string): Promise<void> {
  const filters = { label: [label] }
  const containers = await docker.listContainers({ all: true, filters })
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })))
  const { Volumes: volumes } = await docker.listVolumes({ filters })
  await Promise.all(volumes.map(({ Name }) => docker.getVolume(Name).remove()))
  const networks = await docker.listNetworks({ filters })
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()))
  // Layers that were kept as images; one may be below another.
  const images = await docker.listImages({ filters })
  for (const { Id } of images.toSorted((one, other) => other.Created - one.Created)) await docker.getImage(Id).remove({ force: true })
}

/** Names of the containers and volumes of that workspace. */
export async function leftOnEngine(name: string): Promise<string[]> {
  const filters = { name: [`workspace-${name}`] }
  const containers = await docker.listContainers({ all: true, filters })
  const { Volumes: volumes } = await docker.listVolumes({ filters })
  return [...containers.flatMap(({ Names }) => Names), ...volumes.map(({ Name }) => Name)]
}
