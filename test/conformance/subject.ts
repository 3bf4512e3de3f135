import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { vi } from 'vitest'
import type { ContainerSpec } from '../../src/main/engine/containers'
import { createEngine, type Engine } from '../../src/main/engine/engine'
import type { ContainerEvent } from '../../src/main/engine/engine-events'
import { LOCAL_IMAGE } from '../../src/main/images/images'
import type { SecondEngine } from '../support/second-engine'
import { uniqueName } from '../support/test-core'

export const LABEL = 'dev.berth.conformance'

/** An engine whose behaviour is looked at. All that a case makes carries `labels`, or a name that begins with `prefix`. */
export interface Subject {
  engine: Engine
  /** What happened to containers with the label, in the order in which it came. */
  events: ContainerEvent[]
  /** Has `sh`, `sleep`, `cat` and little else, the variable KEPT=yes and the label kept=yes. */
  image: string
  labels: Record<string, string>
  /** The same as a filter. */
  label: string
  prefix: string
  /** Milliseconds since 1970, by the engine's clock. */
  now(): number
  /** One that nothing else has. */
  subnet(): string
  /** For an engine that is the test's own; null for one that is shared. */
  own: OwnEngine | null
  close(): Promise<void>
}

/** What only the owner of an engine may do to it. */
export interface OwnEngine {
  /** As `docker … prune --all --force`. */
  prune(what: 'containers' | 'volumes' | 'images' | 'networks'): Promise<void>
  /** Kills it, starts it again, and resolves when Berth is connected again. */
  kill(): Promise<void>
}

/** One of Docker's. The image is made on it of programs of the machine's `berth:latest`. */
export async function openDockerSubject(endpoint: string, second: SecondEngine | null = null): Promise<Subject> {
  const prefix = uniqueName('conf')
  const label = `${LABEL}=${prefix}`
  const events: ContainerEvent[] = []
  const engine = createEngine({
    address: () => ({ url: endpoint }),
    surroundings: { environment: {}, platform: process.platform, homeFolder: '/nonexistent', berthHome: '/nonexistent' },
    label,
  })
  engine.start({ onState: () => undefined, onContainerEvent: (event) => events.push(event) })
  await vi.waitFor(() => engine.assertConnected(), 10_000)
  const image = `${prefix}/image:1`
  await importImage(endpoint, image)
  return {
    engine,
    events,
    image,
    labels: { [LABEL]: prefix },
    label,
    prefix,
    now: () => Date.now(),
    subnet: nextSubnet,
    own: second && {
      prune: (what) => pruneOn(second, what),
      async kill() {
        await second.kill()
        await second.start()
        await vi.waitFor(() => engine.assertConnected(), 20_000)
      },
    },
    async close() {
      await engine.containers.removeAll(label)
      for (const { id } of await engine.networks.list(label)) await engine.networks.remove(id)
      for (const { name } of await engine.volumes.list(label)) await engine.volumes.remove(name)
      for (const reference of await engine.images.listReferences(`${prefix}/*`)) await engine.images.remove(reference)
      engine.close()
    },
  }
}

let lastSubnet = Math.floor(Math.random() * 100)

/** Of the range for documentation of benchmarks, which nobody routes. */
export function nextSubnet(): string {
  lastSubnet += 1
  return `198.18.${lastSubnet}.0/28`
}

async function pruneOn({ docker }: SecondEngine, what: Parameters<OwnEngine['prune']>[0]): Promise<void> {
  switch (what) {
    case 'containers':
      return void (await docker.pruneContainers())
    case 'networks':
      return void (await docker.pruneNetworks())
    case 'images':
      return void (await docker.pruneImages({ filters: { dangling: { false: true } } }))
    // Engines before 23 know only this kind, and refuse the filter.
    case 'volumes': {
      const isOld = Number.parseInt((await docker.version()).Version, 10) < 23
      const filters = JSON.stringify(isOld ? {} : { all: ['true'] })
      return void (await docker.pruneVolumes({ filters: filters as never }))
    }
    default:
      throw new Error(`nothing of the kind ${what satisfies never}`)
  }
}

/** How cases that need a real engine are declared, with the reason why the simulated one cannot show it. */
export type RealOnly = (reason: string, name: string, run: () => Promise<void>) => void

let counter = 0

/** A name that nobody else on the engine has. */
export function nameOf({ prefix }: Subject, what: string): string {
  counter += 1
  return `${prefix}.${what}.${counter}`
}

/** A container of the image in which nothing happens. */
export function specOf(subject: Subject, changes: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    name: nameOf(subject, 'c'),
    image: subject.image,
    hostname: 'conformance',
    labels: subject.labels,
    environment: {},
    volumes: [],
    ports: [],
    capabilities: [],
    securityOptions: [],
    unmaskedSystemPaths: false,
    extraHosts: [],
    limits: { memoryBytes: null, cpus: null, processes: null },
    stopTimeout: 1,
    entrypoint: ['sleep', '1000'],
    ...changes,
  }
}

/** Creates and starts one; returns its id. */
export async function runContainer(subject: Subject, changes: Partial<ContainerSpec> = {}): Promise<string> {
  const id = await subject.engine.containers.create(specOf(subject, changes))
  await subject.engine.containers.start(id)
  return id
}

/** What a refusal of the engine's with that status looks like. */
export function refused(status: number) {
  return { code: 'ENGINE_REFUSED', data: { engineStatus: status } }
}

async function importImage(endpoint: string, reference: string): Promise<void> {
  const programs = '/bin/sh /bin/sleep /bin/cat /bin/stty /usr/bin/head /usr/bin/id'
  const pack = `tar -ch -C / etc/passwd etc/group ${programs.replaceAll(' /', ' ').slice(1)} $(ldd ${programs} | grep -v ":$" | grep -o "/[^ ]*" | sort -u)`
  const changes = ['ENV KEPT=yes', 'LABEL kept=yes', 'CMD ["sleep","1000"]', 'WORKDIR /etc'].flatMap((change) => ['--change', change])
  const source = spawn('docker', ['run', '--rm', '--entrypoint', 'sh', LOCAL_IMAGE, '-c', pack], { stdio: ['ignore', 'pipe', 'ignore'] })
  const target = spawn('docker', ['--host', endpoint, 'import', ...changes, '-', reference], { stdio: ['pipe', 'ignore', 'inherit'] })
  source.stdout.pipe(target.stdin)
  const [code] = await once(target, 'exit')
  if (code !== 0) throw new Error(`the engine at ${endpoint} did not take the image`)
}
