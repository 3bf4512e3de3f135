import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type Docker from 'dockerode'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { LABEL_OWNER } from '../src/main/storage/drivers/storage-context'
import type { EngineCapabilities } from '../src/shared/contract/engines'
import type { StatsSample } from '../src/shared/contract/stats'
import { engineRemarks } from '../src/shared/engine-remarks'
import { nestedEngineRemarks } from '../src/shared/nested-engine-remarks'
import { docker26Obstacle, startDocker26 } from './support/docker-26'
import {
  ordinaryUserObstacle,
  startDockerOnUnifiedGroups,
  startPodman5,
  startRemappedDocker,
  startRootlessDocker,
  startRootlessPodman,
} from './support/ordinary-user-engines'
import { podmanObstacle, startPodman } from './support/podman'
import type { SecondEngine } from './support/second-engine'
import { openWindow } from './support/session-window'
import { createTestCore, docker, done, inside, ownerLabel, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const SETTLE_MS = 30_000
const LISTEN = 'my $s = IO::Socket::INET->new(LocalPort => 8123, Listen => 1) or die; sleep 1000'
/** Of its control group, of either version. */
const MEMORY_LIMIT = 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || true'

interface Kind {
  title: string
  /** Why this machine cannot have it; null when it can. */
  obstacle: string | null
  /** null for the machine's own. */
  start: (() => Promise<SecondEngine>) | null
}

const KINDS: Kind[] = [
  { title: 'the machine’s engine', obstacle: null, start: null },
  { title: 'Docker 26.1', obstacle: docker26Obstacle(), start: startDocker26 },
  { title: 'Docker 26.1 with user namespaces', obstacle: ordinaryUserObstacle(), start: startRemappedDocker },
  { title: 'Docker 26.1 on control groups of version 2', obstacle: ordinaryUserObstacle(), start: startDockerOnUnifiedGroups },
  { title: 'rootless Docker 26.1', obstacle: ordinaryUserObstacle(), start: startRootlessDocker },
  { title: 'Podman 4.3', obstacle: await podmanObstacle(), start: startPodman },
  { title: 'Podman 5.4', obstacle: ordinaryUserObstacle(), start: startPodman5 },
  { title: 'rootless Podman 5.4', obstacle: ordinaryUserObstacle(), start: startRootlessPodman },
]

/** What came of each case, by engine; seconds, or null for one that failed. */
const results = new Map<string, Map<string, number | null>>()
/** What is not as on most. */
const remarks: string[] = []

for (const kind of KINDS) {
  if (kind.obstacle !== null) console.log(`${kind.title} is skipped: ${kind.obstacle}.`)
  describe.skipIf(kind.obstacle !== null)(`on ${kind.title}`, () => describeLife(kind))
}
afterAll(() => console.log(`\n${table()}\n\n${remarks.join('\n')}\n`))

function describeLife(kind: Kind): void {
  let second: SecondEngine | null = null
  let engine: Docker = docker
  let test: TestCore
  let folder: string
  let column = kind.title
  let can: EngineCapabilities
  let owner: string
  /** What was on the engine before; of the machine's, which others use too, only what has this Berth's label counts. */
  let before: string[]
  const name = uniqueName('kind')
  const clone = uniqueName('clone')
  const imported = uniqueName('import')
  const file = () => join(folder, 'workspace.berth')
  const core = () => test.core
  const read = (path: string, workspace = name) => inside(core(), workspace, `cat ${path}`)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-kinds-'))
    if (kind.start) {
      second = await kind.start()
      engine = second.docker
      await second.takeImage(LOCAL_IMAGE)
    }
    test = await createTestCore(second ? { engineEndpoint: second.endpoint } : {})
    const state = await core().local.engine.reconnect()
    if (state.status !== 'connected') throw new Error(`${kind.title} cannot be reached`)
    can = state.capabilities
    column = kind.start ? kind.title : `Docker ${state.version}`
    owner = await ownerLabel(test)
    before = await everything()
  })
  afterAll(async () => {
    await test?.dispose()
    await second?.dispose()
    await rm(folder, { recursive: true, force: true })
  })
  afterEach(({ task }) => {
    const known = results.get(column) ?? new Map<string, number | null>()
    results.set(column, known)
    known.set(task.name, task.result?.errors?.length ? null : (performance.now() - started) / 1000)
  })
  let started = 0
  const life = (title: string, body: () => Promise<void>) =>
    it(title, async () => {
      started = performance.now()
      await body()
    })

  /** Containers, volumes, networks, and the names of images. */
  async function everything(): Promise<string[]> {
    const filters = second ? {} : { label: [owner] }
    const [containers, { Volumes: volumes }, networks, images] = await Promise.all([
      engine.listContainers({ all: true, filters }),
      engine.listVolumes({ filters }),
      engine.listNetworks({ filters }),
      engine.listImages(second ? {} : { filters: { reference: ['berth-layer/*'] } }),
    ])
    const ids = core()
      .operations.list()
      .flatMap(({ workspaceId }) => workspaceId ?? [])
    const isOwn = (reference: string) => second !== null || ids.some((id) => reference.includes(`berth-layer/${id}`))
    return [
      ...containers.flatMap(({ Names }) => Names),
      ...(volumes ?? []).map(({ Name }) => Name),
      ...networks.map(({ Name }) => Name),
      ...images.flatMap(({ RepoTags, Id }) => (RepoTags?.length ? RepoTags : second ? [Id] : [])).filter(isOwn),
    ].sort()
  }

  async function sampleWith(workspace: string, wanted: (sample: StatsSample) => boolean): Promise<StatsSample> {
    const { containerId } = core().workspaces.runningContainer(workspace)
    for await (const samples of core().local.stats.watch(containerId, AbortSignal.timeout(SETTLE_MS))) {
      const found = samples.find(wanted)
      if (found) return found
    }
    throw new Error('the figures ended')
  }

  /** Where the engine's ports are: its network may be one of its own. */
  async function ssh(workspace: string, command: string): Promise<string> {
    const { ports } = core().workspaces.get(workspace)
    const place = second ? ['nsenter', `--target=${second.pid()}`, '--net'] : ['env']
    const [program = '', ...rest] = [
      ...place,
      ...['ssh', '-p', String(ports.ssh), '-i', core().info.sshKeyPath, '-o', 'StrictHostKeyChecking=no', '-o', 'ConnectTimeout=10'],
      ...['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', 'workspace@127.0.0.1', command],
    ]
    return (await run(program, rest)).stdout
  }

  life('create', async () => {
    await done(core(), core().workspaces.start({ name, env: { GREETING: 'hello world' }, limits: { memoryBytes: 1024 * MIB } }))
    expect(core().workspaces.get(name)).toMatchObject({ status: 'running', problem: null, image: LOCAL_IMAGE })
  })

  life('exec', async () => {
    expect(await inside(core(), name, 'echo kept > ~/file; sudo sh -c "echo layer > /opt/layer"; echo "$GREETING $(whoami)"')).toBe(
      'hello world workspace',
    )
    const failed = await core().workspaces.exec(name, { command: ['sh', '-c', 'echo wrong >&2; exit 7'], user: 'root' })
    expect(failed).toMatchObject({ exitCode: 7, stderr: 'wrong\n' })
  })

  life('terminal', async () => {
    const session = await core().terminals.open({ workspace: name, tty: true, start: false, ephemeral: false, cols: 91, rows: 31 })
    const window = openWindow()
    core().terminals.attach(session.id, window.channel)
    window.type('stty size; echo "$GREETING"; exit 3\n')
    await vi.waitFor(() => expect(window.exitCode()).toBe(3), SETTLE_MS)
    expect(window.tail()).toContain('31 91\r\nhello world\r\n')
  })

  life('logs', async () => {
    const lines: string[] = []
    const input = { workspace: name, source: 'container' as const, follow: false, tail: 1000 }
    for await (const { entries } of core().logs.read(input, AbortSignal.timeout(SETTLE_MS))) lines.push(...entries.map(({ text }) => text))
    expect(lines).toContain('berth: ready')
  })

  life('ssh', async () => {
    expect(await ssh(name, 'whoami; echo "$GREETING"')).toBe('workspace\nhello world\n')
  })

  life('ports', async () => {
    await inside(core(), name, `setsid -f perl -MIO::Socket -e '${LISTEN}' >/dev/null 2>&1`)
    await vi.waitFor(async () => expect(JSON.stringify(await core().workspaces.ports(name))).toContain('8123'), SETTLE_MS)
  })

  life('nested engine', async () => {
    await inside(core(), name, 'tar -ch -C / bin/echo $(ldd /bin/echo | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1')
    expect(await inside(core(), name, 'docker run --rm tiny:1 /bin/echo nested')).toBe('nested')
    const { nestedEngine } = core().workspaces.get(name)
    remarks.push(`${column}: ${[...engineRemarks(core().local.engine.state()), ...nestedEngineRemarks(nestedEngine)].join(' ')}`)
    if (!can.groups) expect(nestedEngine?.lacks).toContain('groups')
  })

  life('pool', async () => {
    const { obstacle } = await core().local.storageSettings.info()
    remarks.push(`${column}: ${obstacle === null ? 'can have a pool' : `no pool: ${obstacle}`}`)
    if (can.rootless) expect(obstacle).not.toBeNull()
    if (can.product !== 'podman' || obstacle !== null) return
    await core().local.storageSettings.enable(GIB)
    const pooled = `${name}-pooled`
    await done(core(), core().workspaces.create({ name: pooled }))
    expect(core().workspaces.get(pooled)).toMatchObject({ storage: 'btrfs', status: 'running' })
    await done(core(), core().workspaces.delete(pooled))
    await core().local.storageSettings.disable()
  })

  life('top', async () => {
    const processes = await core().workspaces.processes(name)
    expect(processes.find(({ command }) => command.includes('sshd'))).toMatchObject({ parentPid: expect.any(Number) })
    for (const { pid, age, memoryBytes } of processes) expect([pid, age, memoryBytes].every(Number.isFinite)).toBe(true)
  })

  life('stats', async () => {
    if (!can.groups) return
    // A control group of which nothing is limited may not be measured either.
    const sample = await sampleWith(name, ({ memoryBytes, processes }) => !can.limits.memory || (memoryBytes > MIB && processes > 2))
    if (can.limits.memory) expect(sample.memoryLimitBytes).toBe(1024 * MIB)
  })

  life('limits', async () => {
    const changed = core().workspaces.update(name, { limits: { memoryBytes: 700 * MIB, cpus: 1, processes: 3000 } })
    if (!can.changeLimits) return expect(changed).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    await changed
    expect(await inside(core(), name, MEMORY_LIMIT)).toBe(String(700 * MIB))
  })

  life('stop, start', async () => {
    await done(core(), core().workspaces.stop(name))
    expect(core().workspaces.get(name).status).toBe('stopped')
    await done(core(), core().workspaces.start({ name }))
    expect(await read('~/file')).toBe('kept')
    expect(await inside(core(), name, 'docker image ls -q tiny:1')).not.toBe('')
    if (can.changeLimits) expect(await inside(core(), name, MEMORY_LIMIT), 'changed limits outlive a stop').toBe(String(700 * MIB))
  })

  life('clone', async () => {
    await done(core(), core().copies.clone(name, { name: clone, stop: false, start: true }))
    expect(await read('~/file /opt/layer; hostname', clone)).toBe(`kept\nlayer\n${clone}`)
    expect(await ssh(clone, 'hostname')).toBe(`${clone}\n`)
  })

  life('snapshot', async () => {
    const { operation } = await core().copies.createSnapshot(name, 'first')
    expect((await core().operations.whenEnded(operation.id)).error).toBeNull()
    await inside(core(), name, 'echo changed > ~/file; sudo sh -c "echo changed > /opt/layer"')
  })

  life('restore', async () => {
    await done(core(), core().copies.restore(name, 'first', { force: true }))
    expect(await read('~/file /opt/layer')).toBe('kept\nlayer')
    expect(await ssh(name, 'hostname')).toBe(`${name}\n`)
  })

  life('restore again', async () => {
    await inside(core(), name, 'echo once more > ~/file')
    await done(core(), core().copies.restore(name, 'first', { force: true }))
    expect(await read('~/file /opt/layer')).toBe('kept\nlayer')
  })

  life('export', async () => {
    const { operation } = await core().archives.export(name, { file: file(), overwrite: false, withSecrets: true })
    expect((await core().operations.whenEnded(operation.id)).error).toBeNull()
  })

  life('import', async () => {
    const { operation } = await core().archives.import({ file: file(), name: imported, start: true })
    expect((await core().operations.whenEnded(operation.id)).error).toBeNull()
    expect(await inside(core(), imported, 'cat ~/file /opt/layer; echo "$GREETING"')).toBe('kept\nlayer\nhello world')
  })

  life('rename', async () => {
    const renamed = uniqueName('renamed')
    const { id } = core().workspaces.get(clone)
    await done(core(), core().workspaces.stop(clone))
    await core().workspaces.rename(clone, renamed)
    await done(core(), core().workspaces.start({ name: renamed }))
    expect(core().workspaces.get(id)).toMatchObject({ name: renamed, status: 'running' })
    expect(await inside(core(), renamed, 'cat ~/file')).toBe('kept')
  })

  life('delete', async () => {
    for (const { id } of core().workspaces.list()) await done(core(), core().workspaces.delete(id))
    expect(core().workspaces.list()).toEqual([])
  })

  life('nothing left', async () => {
    expect(owner).toContain(LABEL_OWNER)
    await vi.waitFor(async () => expect(await everything()).toEqual(before), { timeout: SETTLE_MS, interval: 500 })
  })
}

/** A row for each case, a column for each engine: seconds, or that it failed. */
function table(): string {
  const engines = [...results.keys()]
  const cases = [...new Set([...results.values()].flatMap((known) => [...known.keys()]))]
  const cell = (seconds: number | null | undefined) =>
    seconds === undefined ? '–' : seconds === null ? 'failed' : `${seconds.toFixed(1)} s`
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [
    row(['', ...engines]),
    row(['---', ...engines.map(() => '---')]),
    ...cases.map((name) => row([name, ...engines.map((engine) => cell(results.get(engine)?.get(name)))])),
  ].join('\n')
}
