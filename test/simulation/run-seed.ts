import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Core, createCore } from '../../src/main/core'
import { contextDigest } from '../../src/main/images/context-tar'
import type { HostRecord } from '../../src/main/settings/records'
import type { BerthEvent } from '../../src/shared/contract/events'
import { DEFAULT_DISTRO } from '../../src/shared/distros'
import { isBerthError } from '../../src/shared/errors'
import type { Operation } from '../../src/shared/operation'
import { hasEnded } from '../../src/shared/operation-state'
import { letGoWrong } from './actors/faults'
import { actAsOther } from './actors/others'
import { actAsPerson } from './actors/people'
import { atPlace, type Scene } from './actors/scene'
import { type Client, createClient } from './client'
import { berthPrograms } from './engine/berth-programs'
import { NO_FAULTS } from './engine/connection-model'
import { createSimulatedEngine } from './engine/simulated-engine'
import { createSimulatedPlaces, FAR, LOCAL, type SimulatedPlace } from './engine/simulated-place'
import { createHeldUp } from './held-up'
import { createHostLedger } from './host/host-ledger'
import { actOnHost } from './host/host-people'
import { createSimulatedHost } from './host/simulated-host'
import { checkSettled } from './invariants'
import { createLedger, type RecordedState } from './ledger/ledger'
import { createSecrets } from './secrets'
import { type Counts, count } from './stats'
import {
  FAULTS,
  type FaultKind,
  HOSTS,
  type HostKind,
  hasSecondEngine,
  INSTEAD,
  OTHERS,
  type OthersKind,
  type PeopleKind,
  type Step,
} from './steps'
import { Violation } from './violation'
import { setSurroundings } from './world/current'
import { createFileStore } from './world/file-store'
import { createWorld } from './world/world'

export interface RunResult {
  /** null when every invariant held. */
  violation: { invariant: string; message: string } | null
  trace: string[]
  /** What came of the steps and of the operations they began. */
  counts: Counts
}

const HOME = '/berth'
const RESOURCES = '/resources'
/** What is put into containers from there; the simulation does not run it. */
const RESOURCE_FILES = [
  'workspace-image/entrypoint',
  'workspace-image/state-watch',
  'workspace-image/sshd.conf',
  'adoption/adopted-entrypoint',
]
/** The package of the dev container CLI, which is copied into workspaces. */
const CLI = join(createRequire(import.meta.url).resolve('@devcontainers/cli/package.json'), '..')
const CLI_FILES = [
  'dist/spec-node/devContainersSpecCLI.js',
  'scripts/updateUID.Dockerfile',
  'LICENSE.txt',
  'ThirdPartyNotices.txt',
  'package.json',
]
/** How often somebody who is patient looks whether it is time to ask again; longer than most operations take. */
const MOST_LOOKS = 300
/** Long enough for every deadline and retry that is under way when the faults end. */
const SETTLE_MS = 15 * 60_000
/** The second engine, as the user has added it. */
const FAR_URL = 'unix:///far.sock'
const ENGINES = {
  version: 1,
  engines: [
    { id: LOCAL, name: LOCAL, address: null, newWorkspaceStorage: null },
    { id: FAR, name: FAR, address: { url: FAR_URL }, newWorkspaceStorage: 'plain' },
  ],
}
/** Longer than any step takes. */
const RETRY_MS = 10_000

/** One life of Berth, by its seed and what is done in it. The same gives the same trace. */
export async function runSeed(seed: number, steps: readonly Step[]): Promise<RunResult> {
  const world = createWorld(seed)
  const files = createFileStore(world)
  const programs = berthPrograms(world, {
    readyAfterMs: () => 200 + world.random.next() * 800,
    fails: () => false,
    onHomeWritten: ({ spec }, content) => ledger.write(spec.labels['dev.berth.id'] ?? '', 'home', content),
  })
  const places = createSimulatedPlaces(world, hasSecondEngine(seed) ? [LOCAL, FAR] : [LOCAL], {
    isPortTaken: () => false,
    programs(state, container) {
      const inside = programs(state, container)
      return (command, process) => {
        assertNoSecret('the arguments of a command', command.join(' '))
        return inside(command, process)
      }
    },
  })
  const local = places.at(LOCAL)
  const recorded = (): RecordedState => {
    const state = `${HOME}/state.json`
    return files.exists(state) ? (JSON.parse(files.readNow(state).toString()) as RecordedState) : { workspaces: [], snapshots: [] }
  }
  const ledger = createLedger(world, places, { recorded, isAlone: !steps.some((step) => isOthers(step) || step.do === 'engine-killed') })
  const heldUp = createHeldUp(world, places)
  const recordedHosts = (): HostRecord[] => {
    const state = `${HOME}/state.json`
    return files.exists(state) ? ((JSON.parse(files.readNow(state).toString()) as { hosts?: HostRecord[] }).hosts ?? []) : []
  }
  const hosts = createHostLedger(world, files, recordedHosts)
  const host = createSimulatedHost(world, files, local.engine)
  const secrets = createSecrets()
  const counts: Counts = {}
  for (const name of RESOURCE_FILES) files.replaceNow(`${RESOURCES}/${name}`, name)
  for (const name of CLI_FILES) files.replaceNow(join(CLI, name), name.endsWith('.json') ? '{"version":"1.0.0"}' : name)
  if (places.list.length > 1) files.replaceNow(`${HOME}/engines.json`, JSON.stringify(ENGINES))
  const isPublished = (port: number) => places.list.some(({ engine }) => engine.publishes(port))
  setSurroundings({ world, files, isPortTaken: isPublished })
  let core: Core | null = null
  let client: Client | null = null
  let violation: Violation | null = null
  let stepsLeft = steps.length
  /** What was asked for through a door, and not answered yet. */
  const unanswered = new Set<string>()

  const fail = (error: unknown) => {
    violation ??=
      error instanceof Violation
        ? error
        : new Violation('internal', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  const run = (isOver: () => boolean, limitMs: number) => world.run(isOver, limitMs).catch(fail)
  const guarded = (work: () => void) => {
    try {
      work()
    } catch (error) {
      fail(error)
    }
  }
  const assertNoSecret = (where: string, text: string) => {
    const [found] = secrets.foundIn(text)
    if (found !== undefined) fail(new Violation('g', `${found} is in ${where}: ${text.slice(0, 500)}`))
  }

  /** Where they may not be kept: files of Berth's, containers as the engine shows them, their layers, and images, which are pushed and exported. */
  function checkSecrets(): void {
    for (const line of world.lines) assertNoSecret('the trace', line)
    for (const [path, content] of files.contents()) assertNoSecret(path, content.toString())
    for (const { engine } of places.list) checkSecretsOn(engine)
  }

  function checkSecretsOn(engine: SimulatedPlace['engine']): void {
    for (const { name, spec, files: layer } of engine.containers.values()) {
      assertNoSecret(`the configuration of ${name}`, JSON.stringify(spec))
      for (const [path, content] of layer) assertNoSecret(`${path} of ${name}`, content.toString())
    }
    for (const { name, labels } of engine.volumes.values()) assertNoSecret(`the labels of ${name}`, JSON.stringify(labels))
    for (const { references, labels, environment } of engine.images.values())
      assertNoSecret(`the image ${[...references]}`, JSON.stringify({ labels, environment }))
  }

  function hear(heard: Core, event: BerthEvent): void {
    client?.hear(event)
    assertNoSecret(`the event ${event.type}`, JSON.stringify(event))
    guarded(() => heldUp.hear(event, heard))
    if (event.type !== 'operation') return
    const { operation } = event
    if (hasEnded(operation)) {
      const { kind, workspaceName, status, error } = operation
      world.trace(`ended ${kind} ${workspaceName} ${status} ${error?.code ?? ''}`)
      count(counts, `operation ${kind}`, status === 'failed' ? (error?.code ?? status) : status)
      if (error?.code === 'INTERNAL') fail(new Violation('b', `${kind} of ${workspaceName}: ${error.message}`))
    }
    guarded(() => ledger.changed(operation, heard))
    guarded(() => hosts.changed(operation))
  }

  async function open(): Promise<void> {
    const process = world.process()
    try {
      const opened = await createCore({
        ...{ home: HOME, door: 'headless', version: '0.0.0', imageContextPath: `${RESOURCES}/workspace-image`, userHome: '/home/user' },
        hostMachine: host,
        createEngine: ({ label, accept }, { id }) => {
          const { engine, line } = places.at(id)
          const endpoint = id === LOCAL ? 'unix:///var/run/docker.sock' : FAR_URL
          return createSimulatedEngine(world, engine, line, label, { endpoint, daemonId: `daemon of ${id}`, accept })
        },
      })
      if (world.process() !== process) return
      core = opened
      client = createClient(opened)
      ledger.opened(opened)
      heldUp.opened(opened)
      opened.events.subscribe((event) => {
        if (world.process() === process) hear(opened, event)
      })
    } catch (error) {
      fail(error)
    }
  }

  const scene: Scene = {
    ...{ world, files, places, place: local.id, engine: local.engine, line: local.line, ledger, secrets, hosts },
    core: () => core,
    restart(meanwhile) {
      world.killProcess()
      core = null
      unanswered.clear()
      meanwhile?.()
      // As long as a program takes to begin. What the killed one had asked of the engine is mostly done by then.
      world.after(100 + world.random.next() * 1400, () => {
        world.beginProcess()
        void open()
      })
    },
  }

  /** At the engine that the step is about. */
  function sceneOf({ engine = 0 }: Step): Scene {
    return atPlace(scene, places.list[Math.floor(engine * places.list.length)] ?? local)
  }

  function attempt(step: PeopleStep, berth: Core, looksLeft = step.isPatient ? MOST_LOOKS : 0): string | null {
    const here = sceneOf(step)
    const act = isOnHost(step) ? actOnHost(here, berth, step) : actAsPerson(here, berth, step as Step & { do: PeopleKind })
    if (act === null) return null
    if (step.do === 'cancel' || step.do === 'decide') heldUp.decides()
    const answered = heldUp.asks(`${step.do} ${act.what}`, act.place)
    const asked = `${world.now().toFixed(1)} ${step.do} ${act.what}`
    unanswered.add(asked)
    act.work.then(
      (result) => {
        unanswered.delete(asked)
        guarded(() => answered(null))
        count(counts, step.do, 'done')
        assertNoSecret(`the answer to ${step.do}`, JSON.stringify(result) ?? '')
      },
      (error: unknown) => {
        unanswered.delete(asked)
        guarded(() => answered(error))
        const code = error instanceof Error && 'code' in error ? String(error.code) : null
        const isAskedAgain = isBerthError(error, 'WORKSPACE_BUSY') && looksLeft > 0
        if (isAskedAgain) askAgain(step, berth, error.data.operationId, looksLeft)
        world.trace(`refused ${step.do} ${act.what}: ${code ?? error}`)
        if (!isAskedAgain) count(counts, step.do, code ?? 'INTERNAL')
        if (error instanceof Error) assertNoSecret(`the refusal of ${step.do}`, `${error.message} ${JSON.stringify(error)}`)
        if (code === null || code === 'INTERNAL') fail(error)
      },
    )
    return act.what
  }

  /** From when the operation that is in the way is nearly over. */
  function askAgain(step: PeopleStep, berth: Core, operationId: string, looksLeft: number): void {
    world.after(5 + world.random.next() * 20, () => {
      const inTheWay = berth.operations.list().find(({ id }) => id === operationId)
      const isNearlyOver = inTheWay?.status !== 'running' || inTheWay.steps.at(-1)?.status !== 'pending'
      if (isNearlyOver) guarded(() => void attempt(step, berth, looksLeft - 1))
      else if (looksLeft > 0) askAgain(step, berth, operationId, looksLeft - 1)
    })
  }

  /** In words; null when there was nothing to do. */
  function tryTo(step: Step): string | null {
    if (isFault(step)) return letGoWrong(sceneOf(step), step)
    if (isOthers(step)) return actAsOther(sceneOf(step), step)
    return core && attempt(step as PeopleStep, core)
  }

  function happen(given: Step): void {
    let step = given
    let what = tryTo(step)
    for (let tries = 0; what === null && tries < 3; tries += 1) {
      step = { ...step, do: INSTEAD[step.do] ?? step.do }
      what = tryTo(step)
    }
    world.trace(`step ${step.do} ${what ?? '(nothing to do)'}`)
    if (what === null) count(counts, given.do, 'idle')
    else if (isFault(step) || isOthers(step)) count(counts, step.do, 'done')
  }

  let context = ''
  contextDigest(`${RESOURCES}/workspace-image`, DEFAULT_DISTRO).then((digest) => {
    context = digest
  }, fail)
  await run(() => context !== '' || violation !== null, 1000)
  for (const { engine } of places.list) {
    engine.addImage({
      reference: 'berth:latest',
      content: 0,
      labels: { 'dev.berth.image': 'workspace', 'dev.berth.image-context': context },
    })
    engine.addImage({ reference: 'perry:latest', content: 0 })
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
  await run(() => violation !== null || stepsLeft === 0, 1e9)
  // The faults end, and everything has time to settle.
  files.setFull(false)
  for (const { engine, line } of places.list) {
    engine.isFull = false
    line.faults = NO_FAULTS
    line.setUp(true)
    if (line.isSilent) line.setSilent(false)
  }
  world.trace('calm')
  await run(() => violation !== null, SETTLE_MS)
  // One that is being tried again at that very moment says what is in its way when that has failed.
  const isTried = ({ needsDecision, waiting, endedAt }: Operation) => endedAt === null && needsDecision && waiting === null
  if ((core as Core | null)?.operations.list().some(isTried)) await run(() => violation !== null, RETRY_MS)
  // What cannot go on, as others are in its way, is for a person to accept.
  const stuck = (core as Core | null)?.operations.list().filter(isInTheWayOfOthers) ?? []
  for (const { id } of stuck) (core as Core | null)?.operations.accept(id).catch(fail)
  if (stuck.length > 0) await run(() => violation !== null, SETTLE_MS)
  if (violation === null) {
    guarded(() => {
      if (core === null) throw new Violation('e', 'Berth did not come up again')
      for (const asked of unanswered) throw new Violation('e', `was never answered: ${asked}`)
      checkSettled(core, places, recorded(), {
        rename: steps.some((step) => step.do === 'outside-rename'),
        isFine: !steps.some(isFault),
      })
      ledger.check(core)
      hosts.check(core, recordedHosts())
      client?.check(core)
      checkSecrets()
    })
  }
  world.killProcess()
  setSurroundings(null)
  const found = violation as Violation | null
  return { violation: found && { invariant: found.invariant, message: found.message }, trace: world.lines, counts }
}

/** Nothing of Berth's own may keep an operation from its end. */
function isInTheWayOfOthers({ needsDecision, waiting }: Operation): boolean {
  const problem = waiting?.problem
  const isGone = problem?.code === 'ENGINE_REFUSED' && problem.data.engineStatus === 404
  return needsDecision && (problem?.code === 'FOREIGN_RESOURCE' || isGone)
}

type PeopleStep = Step & { do: PeopleKind | HostKind }
const isOnHost = (step: Step): step is Step & { do: HostKind } => (HOSTS as readonly string[]).includes(step.do)
const isFault = (step: Step): step is Step & { do: FaultKind } => (FAULTS as readonly string[]).includes(step.do)
const isOthers = (step: Step): step is Step & { do: OthersKind } => (OTHERS as readonly string[]).includes(step.do)
