import { type Core, createCore } from '../../src/main/core'
import type { BerthEvent } from '../../src/shared/contract/events'
import { hasEnded } from '../../src/shared/operation'
import { berthPrograms } from './engine/berth-programs'
import { createLine, NO_FAULTS } from './engine/connection-model'
import { createEngineState, isRunning } from './engine/engine-state'
import { createSimulatedEngine } from './engine/simulated-engine'
import { checkSettled } from './invariants'
import { createLedger, type RecordedSnapshot, Violation } from './ledger'
import type { Step } from './steps'
import { setSurroundings } from './world/current'
import { createFileStore } from './world/file-store'
import { createWorld } from './world/world'

export interface RunResult {
  /** null when every invariant held. */
  violation: { invariant: string; message: string } | null
  trace: string[]
}

const HOME = '/berth'
const LIMIT_UNITS = { memoryBytes: 1e9, cpus: 1, processes: 100 }
/** Long enough for every deadline and retry that is under way when the faults end. */
const SETTLE_MS = 15 * 60_000

/** One life of Berth, by its seed and what is done in it. The same gives the same trace. */
export async function runSeed(seed: number, steps: readonly Step[]): Promise<RunResult> {
  const world = createWorld(seed)
  const files = createFileStore(world)
  const engine = createEngineState(world, {
    isPortTaken: () => false,
    programs: berthPrograms(world, { readyAfterMs: () => 200 + world.random.next() * 800, fails: () => false }),
  })
  const line = createLine()
  const recordedSnapshots = (): RecordedSnapshot[] => {
    const state = `${HOME}/state.json`
    return files.exists(state) ? (JSON.parse(files.readNow(state).toString()) as { snapshots: RecordedSnapshot[] }).snapshots : []
  }
  const ledger = createLedger(world, engine, recordedSnapshots)
  engine.addImage({ reference: 'berth:latest', content: 0, labels: { 'dev.berth.image': 'workspace' } })
  setSurroundings({ world, files, isPortTaken: () => false })
  let core: Core | null = null
  let seen = new Map<string, unknown>()
  let violation: Violation | null = null
  let stepsLeft = steps.length

  const fail = (error: unknown) => {
    violation ??=
      error instanceof Violation
        ? error
        : new Violation('internal', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  const guarded = (work: () => void) => {
    try {
      work()
    } catch (error) {
      fail(error)
    }
  }

  function hear(heard: Core, event: BerthEvent): void {
    if (event.type === 'workspace') seen.set(event.workspace.id, event.workspace)
    if (event.type === 'workspace-removed') seen.delete(event.workspaceId)
    if (event.type !== 'operation') return
    const { operation } = event
    if (!hasEnded(operation)) return
    world.trace(`ended ${operation.kind} ${operation.workspaceName} ${operation.status} ${operation.error?.code ?? ''}`)
    if (operation.error?.code === 'INTERNAL')
      fail(new Violation('b', `${operation.kind} of ${operation.workspaceName}: ${operation.error.message}`))
    guarded(() => ledger.ended(operation, heard))
  }

  async function open(): Promise<void> {
    const process = world.process()
    try {
      const opened = await createCore({
        ...{ home: HOME, door: 'headless', version: '0.0.0', imageContextPath: '/resources/workspace-image', userHome: '/home/user' },
        createEngine: ({ label }) => createSimulatedEngine(world, engine, line, label),
      })
      if (world.process() !== process) return
      core = opened
      seen = new Map(opened.workspaces.list().map((workspace) => [workspace.id, workspace]))
      opened.events.subscribe((event) => hear(opened, event))
    } catch (error) {
      fail(error)
    }
  }

  const attempt = (what: string, work: Promise<unknown>) => {
    work.catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? error.code : null
      world.trace(`refused ${what}: ${code ?? error}`)
      if (code === null || code === 'INTERNAL') fail(error)
    })
  }

  async function act(step: Step, berth: Core): Promise<unknown> {
    const containerOf = (name: string) => [...engine.containers.values()].find((container) => container.name === `workspace-${name}`)
    switch (step.do) {
      case 'create':
        return berth.workspaces.create({ name: step.name })
      case 'start':
        return berth.workspaces.start({ name: step.name })
      case 'stop':
      case 'restart':
      case 'delete':
        return berth.workspaces[step.do](step.name)
      case 'clone':
        return berth.copies.clone(step.name, { name: step.to, stop: step.stop, start: step.start })
      case 'rename':
        return berth.workspaces.rename(step.name, step.to)
      case 'snapshot':
        return berth.copies.createSnapshot(step.name, step.snapshot)
      case 'restore':
        return berth.copies.restore(step.name, step.snapshot, { force: true })
      case 'snapshot-delete':
        return berth.copies.deleteSnapshot(step.name, step.snapshot)
      case 'limit':
        return berth.workspaces.update(step.name, { limits: { [step.field]: step.value * LIMIT_UNITS[step.field] } })
      case 'label':
        return berth.workspaces.update(step.name, { label: step.label })
      case 'cancel': {
        const running = berth.operations.list().find((operation) => !hasEnded(operation) && operation.workspaceName === step.name)
        return running && berth.operations.cancel(running.id)
      }
      case 'work': {
        const { id, operationId } = berth.workspaces.get(step.name)
        const container = containerOf(step.name)
        if (container?.state !== 'running' || operationId !== null || container.spec.labels['dev.berth.id'] !== id) return
        for (const { name, path } of container.spec.volumes) {
          const volume = engine.volumes.get(name)
          if (volume) volume.content = engine.newContent()
          ledger.write(id, path.includes('docker') ? 'docker' : 'home', volume?.content ?? 0)
        }
        container.content = engine.newContent()
        return ledger.write(id, 'layer', container.content)
      }
      case 'outside-stop': {
        const container = containerOf(step.name)
        return container && isRunning(container) && engine.end(container, 0)
      }
      case 'outside-start': {
        const container = containerOf(step.name)
        return container?.state === 'exited' && engine.start(container)
      }
      default:
        return undefined
    }
  }

  function happen(step: Step): void {
    world.trace(`step ${JSON.stringify(step)}`)
    if (step.do === 'crash') {
      world.killProcess()
      core = null
      void open()
    } else if (step.do === 'engine-lost') line.setUp(false)
    else if (step.do === 'engine-back') line.setUp(true)
    else if (step.do === 'engine-full' || step.do === 'engine-free') engine.isFull = step.do === 'engine-full'
    else if (step.do === 'home-full' || step.do === 'home-free') files.setFull(step.do === 'home-full')
    else if (step.do === 'trouble') line.faults = step
    else if (step.do === 'calm') line.faults = NO_FAULTS
    else if (step.do === 'clock') world.jumpClock(step.byMs)
    else if (step.do === 'foreign') foreign(step.name, step.kind)
    else if (core) attempt(step.do, act(step, core))
  }

  function foreign(name: string, kind: 'container' | 'volume'): void {
    const taken = kind === 'volume' ? engine.volumes.has(`workspace-${name}`) : engine.findOrNull(`workspace-${name}`)
    if (taken || engine.isFull) return
    if (kind === 'volume') engine.createVolume(`workspace-${name}`, { whose: 'another' }, {}).content = engine.newContent()
    else {
      engine.create({
        ...{ name: `workspace-${name}`, image: 'berth:latest', hostname: '', labels: { whose: 'another' }, environment: {}, volumes: [] },
        ...{ ports: [], capabilities: [], securityOptions: [], unmaskedSystemPaths: false, extraHosts: [], stopTimeout: 0 },
        limits: { memoryBytes: null, cpus: null, processes: null },
      })
    }
  }

  let at = 100
  for (const step of steps) {
    at += step.afterMs
    world.after(
      at,
      () => {
        stepsLeft -= 1
        guarded(() => happen(step))
      },
      'outside',
    )
  }
  world.after(0, () => void open())
  await world.run(() => violation !== null || stepsLeft === 0, 1e9)
  // The faults end, and everything has time to settle.
  engine.isFull = false
  files.setFull(false)
  line.faults = NO_FAULTS
  line.setUp(true)
  world.trace('calm')
  const foreigners = [...engine.containers.values()].filter(({ spec }) => spec.labels.whose === 'another').map(({ id }) => id)
  await world.run(() => violation !== null, SETTLE_MS)
  if (violation === null) {
    guarded(() => {
      if (core === null) throw new Violation('e', 'Berth did not come up again')
      checkSettled(core, engine, { seen, foreigners, snapshots: recordedSnapshots() })
      ledger.check(core)
    })
  }
  world.killProcess()
  setSurroundings(null)
  const found = violation as Violation | null
  return { violation: found && { invariant: found.invariant, message: found.message }, trace: world.lines }
}
