import type { Core } from '../../../src/main/core'
import { isBerthError } from '../../../src/shared/errors'
import type { Operation } from '../../../src/shared/operation'
import { hasEnded } from '../../../src/shared/operation-state'
import { inContainer } from '../../../src/shared/testing/in-container'
import type { Workspace } from '../../../src/shared/workspace'
import { LOCAL } from '../engine/simulated-place'
import { containerOf } from '../engine/workspace-container'
import type { Intent } from '../ledger/ledger'
import type { PeopleKind, Step } from '../steps'
import { Violation } from '../violation'
import { type Act, choose, chooseNewName, chooseWorkspace, type Scene } from './scene'

const SNAPSHOTS = ['s1', 's2'] as const
const LIMIT_FIELDS = ['memoryBytes', 'cpus', 'processes', 'diskBytes'] as const
const LIMIT_UNITS = { memoryBytes: 1e9, cpus: 1, processes: 100, diskBytes: 1e9 }
const POOL_BYTES = 20e9
const PORTS = [3000, 8080, 9000] as const

type Begun = { operation: Operation }
type Doing = (scene: Scene, core: Core, step: Step) => Act

/** What somebody does through a door of Berth. */
export function actAsPerson(scene: Scene, core: Core, step: Step & { do: PeopleKind }): Act {
  return DOINGS[step.do](scene, core, step)
}

/** Done to a workspace that it fits. */
function toWorkspace(
  fits: (workspace: Workspace) => boolean,
  work: (core: Core, name: string, step: Step, scene: Scene) => Promise<unknown>,
  more: (step: Step) => string = () => '',
): Doing {
  return (scene, core, step) => {
    const name = chooseWorkspace(core, step, fits)
    return name === null ? null : { what: `${name} ${more(step)}`.trim(), place: placeOf(core, name), work: work(core, name, step, scene) }
  }
}

/** From a workspace that it fits to a new one. */
function toNew(
  fits: (workspace: Workspace, core: Core) => boolean,
  work: (core: Core, name: string, to: string, step: Step, scene: Scene) => Promise<unknown>,
): Doing {
  return (scene, core, step) => {
    const name = chooseWorkspace(core, step, (workspace) => fits(workspace, core))
    const to = chooseNewName(core, step)
    return name === null || to === null
      ? null
      : { what: `${name} to ${to}`, place: placeOf(core, name), work: work(core, name, to, step, scene) }
  }
}

/** The ledger is told what the operation is to do before anything of it is done. */
async function intending(scene: Scene, intent: Intent, begun: Promise<Begun>): Promise<Begun> {
  const result = await begun
  scene.ledger.intend(result.operation.id, intent)
  return result
}

const always = () => true
const isRunning = ({ status }: Workspace) => status === 'running'
const isStopped = ({ status, template }: Workspace) => status !== 'running' && !template
const idOfSnapshot = (core: Core, workspace: string, name: string) =>
  snapshotsOf(core, idOf(core, workspace)).find((snapshot) => snapshot.name === name)?.id
const snapshotsOf = (core: Core, id: string) => core.copies.allSnapshots().filter(({ workspaceId }) => workspaceId === id)

function idOf(core: Core, name: string): string {
  return core.workspaces.list().find((one) => one.name === name)?.id ?? ''
}

/** The engine of that workspace. */
function placeOf(core: Core, name: string): string | undefined {
  return core.workspaces.list().find((one) => one.name === name)?.engine ?? undefined
}

/** The other engine than that of the workspace. */
function elsewhere({ places }: Scene, core: Core, name: string): string {
  return places.list.find(({ id }) => id !== placeOf(core, name))?.id ?? LOCAL
}

/** Of the workspace, by chance; one that is not there for who does not look. */
function snapshotOf(core: Core, name: string, { aim, by }: Step) {
  const all = snapshotsOf(core, idOf(core, name))
  return aim === 'blind' ? (all.find((one) => one.name === 's1') ?? null) : choose(all, by[1])
}

function limitsOf({ by }: Step, count: number) {
  const start = Math.floor(by[1] * LIMIT_FIELDS.length)
  const fields = LIMIT_FIELDS.map((_, index) => LIMIT_FIELDS[(start + index) % LIMIT_FIELDS.length] ?? 'cpus').slice(0, count)
  const limitOf = (field: keyof typeof LIMIT_UNITS) => (by[2] < 0.2 ? null : (1 + Math.floor(by[2] * 3)) * LIMIT_UNITS[field])
  return Object.fromEntries(fields.map((field) => [field, limitOf(field)]))
}

/** What was changed without an operation: the ledger knows what it may be meanwhile. */
async function changing(
  { ledger }: Scene,
  core: Core,
  name: string,
  fields: { label?: string; template?: boolean; limits?: object },
): Promise<unknown> {
  const change = ledger.changing(idOf(core, name), { ...fields, ...fields.limits })
  try {
    const result = await core.workspaces.update(name, fields)
    change.done()
    return result
  } catch (error) {
    change.refused()
    throw error
  }
}

const create: Doing = (scene, core, step) => {
  const name = chooseNewName(core, step)
  if (name === null) return null
  const { secrets } = scene
  const env = step.by[2] < 0.3 ? { API_KEY: secrets.make('variable') } : undefined
  const clone = step.by[3] < 0.3 ? `https://user:${secrets.make('token')}@example.com/${name}.git` : undefined
  const initScript = step.by[2] > 0.8 ? 'make' : undefined
  const start = step.by[0] < 0.3 ? core.workspaces.start : core.workspaces.create
  if (scene.places.list.length === 1) return { what: name, work: start({ name, env, clone, initScript }) }
  const isNew = placeOf(core, name) === undefined
  const work = intending(scene, isNew ? { engine: scene.place } : {}, start({ name, env, clone, initScript, engine: scene.place }))
  // Where the name is taken, it needs the engine that was asked for and that of the workspace.
  return { what: `${name} on ${scene.place}`, place: isNew ? scene.place : undefined, work }
}

const DOINGS: Record<PeopleKind, Doing> = {
  create,
  'create-from-template': toNew(
    ({ template }) => template,
    (core, template, name, _, scene) => intending(scene, { copies: idOf(core, template) }, core.workspaces.create({ name, template })),
  ),
  start: toWorkspace(isStopped, (core, name, { by }) => {
    const id = by[1] < 0.2 ? idOf(core, name) : ''
    return id === '' ? core.workspaces.start({ name }) : startById(core, id)
  }),
  'start-again': toWorkspace(isRunning, (core, name, { by }, scene) =>
    core.workspaces.start({ name, ...(by[1] < 0.5 ? { env: { OTHER_KEY: scene.secrets.make('variable') } } : {}) }),
  ),
  recreate: toWorkspace(isStopped, (core, name, _, scene) =>
    intending(scene, { recreate: true }, core.workspaces.start({ name, recreate: true })),
  ),
  stop: toWorkspace(isRunning, (core, name, { by }) => core.workspaces.stop(name, { now: by[1] < 0.2 })),
  restart: toWorkspace(isRunning, (core, name) => core.workspaces.restart(name)),
  delete: toWorkspace(always, (core, name) => core.workspaces.delete(name)),
  rename: toNew(always, (core, name, to, _, scene) => {
    const change = scene.ledger.changing(idOf(core, name), { name: to })
    return core.workspaces.rename(name, to).then(change.done, (error: unknown) => {
      change.undecided()
      throw error
    })
  }),
  cancel: (_, core, step) => {
    const running = core.operations.list().filter((operation) => !hasEnded(operation) && (step.aim !== 'idle' || operation.cancellable))
    const operation = choose(running, step.by[0])
    return operation && { what: `${operation.kind} ${operation.workspaceName}`, work: core.operations.cancel(operation.id) }
  },
  decide: (_, core, { by }) => {
    const operation = choose(
      core.operations.list().filter(({ waiting }) => waiting !== null),
      by[0],
    )
    return operation && { what: `retry ${operation.kind} ${operation.workspaceName}`, work: core.operations.retry(operation.id) }
  },
  clone: toNew(
    ({ template }) => !template,
    (core, name, to, { by }, scene) =>
      intending(scene, { copies: idOf(core, name) }, core.copies.clone(name, { name: to, stop: by[2] < 0.2, start: by[3] < 0.7 })),
  ),
  'clone-away': (scene, core, step) => {
    const name = chooseWorkspace(core, step, ({ template }) => !template)
    const to = chooseNewName(core, step)
    if (name === null || to === null) return null
    const [, , stop, start] = step.by
    const engine = elsewhere(scene, core, name)
    const begun = core.copies.clone(name, { name: to, stop: stop < 0.2, start: start < 0.7, engine })
    return { what: `${name} to ${to} on ${engine}`, work: intending(scene, { copies: idOf(core, name), engine }, begun) }
  },
  relocate: (scene, core, step) => {
    const name = chooseWorkspace(core, step, always)
    if (name === null) return null
    const engine = elsewhere(scene, core, name)
    const dropsSnapshots = step.by[1] < 0.2
    const begun = core.relocations.move(name, { engine, dropSnapshots: dropsSnapshots })
    return { what: `${name} to ${engine}${dropsSnapshots ? ' without snapshots' : ''}`, work: intending(scene, { dropsSnapshots }, begun) }
  },
  snapshot: toWorkspace(
    always,
    (core, name, { by }) => core.copies.createSnapshot(name, by[1] < 0.2 ? undefined : (choose(SNAPSHOTS, by[2]) ?? undefined)),
    ({ by }) => String(choose(SNAPSHOTS, by[2])),
  ),
  restore: (scene, core, step) => {
    const name = chooseWorkspace(core, step, ({ id }) => snapshotsOf(core, id).length > 0)
    if (name === null) return null
    const snapshot = snapshotOf(core, name, step)
    const given = snapshot?.name ?? 's1'
    const begun = core.copies.restore(name, given, { force: step.by[2] < 0.9 })
    return {
      what: `${name} ${given}`,
      place: placeOf(core, name),
      work: intending(scene, { snapshot: idOfSnapshot(core, name, given) }, begun),
    }
  },
  'restore-as': toNew(
    ({ id }, core) => snapshotsOf(core, id).length > 0,
    (core, name, to, step, scene) => {
      const snapshot = snapshotOf(core, name, { ...step, by: [step.by[0], step.by[3], step.by[2], step.by[3]] })
      const given = snapshot?.name ?? 's1'
      const intent = { snapshot: idOfSnapshot(core, name, given), copies: idOf(core, name) }
      return intending(scene, intent, core.copies.restoreAs(name, given, { name: to, start: step.by[2] < 0.7 }))
    },
  ),
  'snapshot-delete': (_, core, step) => {
    const name = chooseWorkspace(core, step, ({ id }) => snapshotsOf(core, id).length > 0)
    if (name === null) return null
    const snapshot = snapshotOf(core, name, step)?.name ?? 's1'
    return { what: `${name} ${snapshot}`, place: placeOf(core, name), work: core.copies.deleteSnapshot(name, snapshot) }
  },
  template: toWorkspace(
    ({ status }) => status === 'stopped',
    (core, name, { by }, scene) => changing(scene, core, name, { template: by[1] < 0.7 }),
  ),
  limit: toWorkspace(always, (core, name, step, scene) => {
    const change = (by: Step['by']) => changing(scene, core, name, { limits: limitsOf({ ...step, by }, 1) })
    const [who, which, what, more] = step.by
    // Two at once, of two limits.
    return more < 0.5 ? change(step.by) : Promise.all([change(step.by), change([who, (which + 0.3) % 1, 1 - what, more])])
  }),
  label: toWorkspace(always, (core, name, { by }, scene) => changing(scene, core, name, { label: `label ${Math.floor(by[1] * 9)}` })),
  update: toWorkspace(always, (core, name, step, scene) =>
    changing(scene, core, name, {
      label: `label ${Math.floor(step.by[3] * 9)}`,
      template: false,
      limits: limitsOf(step, 2 + (step.by[3] < 0.5 ? 1 : 0)),
    }),
  ),
  'ports-add': toWorkspace(isRunning, async (core, name, { by }) =>
    core.forwards.add(core.workspaces.get(name).id, { port: choose(PORTS, by[1]) ?? 3000, container: null }),
  ),
  'ports-remove': (_, core, { by }) => {
    const forwards = core.forwards.all().flatMap((one) => one.forwards.map((forward) => ({ id: one.workspaceId, port: forward.port })))
    const found = choose(forwards, by[0])
    return found && { what: `${found.port}`, work: core.forwards.remove(found.id, { port: found.port, container: null }) }
  },
  group: (_, core, { by }) => {
    const names = core.workspaces.list().map(({ name }) => name)
    if (names.length < 2) return null
    const group = by[0] < 0.3 ? [] : [names.slice(0, 2 + Math.floor(by[1] * (names.length - 1)))]
    return { what: JSON.stringify(group), work: setting(core, { visibleWorkspaces: group }) }
  },
  settings: ({ secrets }, core, { by }) => {
    if (by[0] < 0.5) return { what: 'env', work: setting(core, { env: { SHARED: secrets.make('variable') } }) }
    const patch = by[0] < 0.75 ? { snapshotBeforeRestore: by[1] < 0.5 } : { automaticSnapshotsKept: Math.floor(by[1] * 3) }
    return { what: JSON.stringify(patch), work: setting(core, patch) }
  },
  adopt: (scene, core, { by }) => {
    const { adoptable } = core.events.snapshot()
    const found = choose(adoptable, by[0])
    if (!found) return null
    // Two engines may have one of the same name.
    const isNamedOnce = adoptable.filter(({ name }) => name === found.name).length === 1
    const begun = core.adoption.adopt(scene.places.list.length === 1 || isNamedOnce ? found.name : found.containerId, {
      stop: by[1] < 0.8,
      start: by[2] < 0.7,
    })
    return { what: found.name, place: found.engine, work: intending(scene, { adopts: found.containerId }, begun) }
  },
  'clean-up': ({ place }, core) => ({
    what: '',
    place,
    work: core.engines
      .at({ place })
      .upkeep.cleanup.preview(new AbortController().signal)
      .then((items) =>
        core.cleanup.begin(
          place,
          items.map(({ id }) => id),
        ),
      ),
  }),
  pool: ({ place }, core, { by }) => {
    const { storageSettings } = core.engines.at({ place }).upkeep
    if (!isOnPool(core, place)) return { what: 'enable', place, work: storageSettings.enable(POOL_BYTES) }
    if (by[0] < 0.5) return { what: 'grow', place, work: storageSettings.enable(POOL_BYTES + Math.floor(by[1] * 1e9)) }
    if (by[0] < 0.8 && place === LOCAL) return { what: 'new ones are plain', work: setting(core, { newWorkspaceStorage: 'plain' }) }
    return { what: 'disable', place, work: storageSettings.disable() }
  },
  move: (_, core, step) => {
    const name = chooseWorkspace(core, step, (workspace) => isOnPool(core, inContainer(workspace).engine) || workspace.storage === 'btrfs')
    const workspace = core.workspaces.list().find((one) => one.name === name)
    if (name === null) return null
    const driver = workspace?.storage === 'btrfs' ? 'plain' : 'btrfs'
    return {
      what: `${name} to ${driver}`,
      place: placeOf(core, name),
      work: core.storageMigrations.move(name, { driver, stop: step.by[1] < 0.8 }),
    }
  },
  rebuild: toWorkspace(always, (core, name, { by }) =>
    core.rebuilds.rebuild(name, { snapshot: by[1] < 0.6, reinstall: false, ...(by[2] < 0.1 ? { image: 'nowhere/nothing:1' } : {}) }),
  ),
  'devcontainer-up': toWorkspace(isRunning, (core, name, { by }) => core.devcontainers.up(name, { rebuild: by[1] < 0.3 })),
  'devcontainer-stop': toWorkspace(isRunning, (core, name) => core.devcontainers.stop(name)),
  work: ({ places, ledger }, core, step) => {
    const name = chooseWorkspace(core, { ...step, aim: 'idle' }, isRunning)
    const workspace = core.workspaces.list().find((one) => one.name === name)
    if (!workspace) return null
    const { engine } = places.at(inContainer(workspace).engine)
    const container = containerOf(engine, workspace)
    if (container?.state !== 'running') return null
    for (const { name: volumeName, path } of container.spec.volumes) {
      const volume = engine.volumes.get(volumeName)
      if (volume) volume.content = engine.newContent(volume.content)
      ledger.write(workspace.id, path.includes('docker') ? 'docker' : 'home', volume?.content ?? 0)
    }
    container.content = engine.newContent()
    ledger.write(workspace.id, 'layer', container.content)
    return { what: name ?? '', work: Promise.resolve() }
  },
}

/** Whether new workspaces of that engine are on its pool. */
function isOnPool(core: Core, place: string): boolean {
  return core.engines.at({ place }).place.newStorage() === 'btrfs'
}

async function startById(core: Core, id: string): Promise<unknown> {
  try {
    return await core.workspaces.start({ name: id })
  } catch (error) {
    if (isBerthError(error, 'NAME_TAKEN')) throw new Violation('b', `the id ${id} was taken for the name of a new workspace`)
    throw error
  }
}

async function setting(core: Core, patch: Parameters<Core['settings']['update']>[0]): Promise<unknown> {
  return core.settings.update(patch)
}
