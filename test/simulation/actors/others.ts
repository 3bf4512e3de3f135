import { prune, unusedVolumes } from '../engine/clean-up'
import type { EngineState } from '../engine/engine-state'
import { isRunning, type SimulatedContainer } from '../engine/simulated-container'
import type { SimulatedVolume } from '../engine/volume-store'
import { containerOf } from '../engine/workspace-container'
import type { OthersKind, Step } from '../steps'
import { choose, NAMES, type Scene } from './scene'

const ID = 'dev.berth.id'
const NO_LIMITS = { memoryBytes: null, cpus: null, processes: null }

/** What somebody does on the engine, past Berth. Returns what, in words; null when there is nothing that it could be done to. */
export function actAsOther(scene: Scene, step: Step & { do: OthersKind }): string | null {
  const { engine } = scene
  const foreigners = foreignersOf(scene)
  scene.line.disturb()
  switch (step.do) {
    case 'outside-stop':
      return toContainer(scene, step, isRunning, (container) => engine.end(container, step.by[1] < 0.5 ? 0 : 137))
    case 'outside-start':
      return toContainer(
        scene,
        step,
        ({ state }) => state === 'exited',
        (container) => startAnyway(engine, container),
      )
    case 'outside-rename':
      return toContainer(
        scene,
        step,
        () => true,
        (container) => engine.rename(container, `renamed-${engine.newId().slice(-6)}`),
      )
    case 'foreign-container':
      return makeForeign(scene, choose(NAMES, step.by[0]) ?? 'api')
    case 'foreign-volume': {
      const name = `workspace-${choose(NAMES, step.by[0])}`
      if (engine.volumes.has(name) || engine.isFull) return null
      engine.createVolume(name, { whose: 'another' }, {}).content = engine.newContent()
      foreigners.volume(name)
      return name
    }
    case 'foreign-workspace':
      return makeForeignWorkspace(scene, step)
    case 'container-rm':
      return toContainer(
        scene,
        step,
        () => true,
        (container) => {
          engine.removeContainer(container, true)
          containerIsGone(scene, container)
        },
      )
    case 'volume-rm': {
      const volume = choose(unusedVolumes(engine), step.by[0])
      if (volume === null) return null
      engine.removeVolume(volume.name)
      volumeIsGone(scene, volume)
      return volume.name
    }
    case 'container-prune':
      return pruneContainers(scene)
    case 'volume-prune':
      return pruneVolumes(scene)
    case 'image-prune':
      return pruneImages(scene)
    case 'network-prune':
      return pruneNetworks(scene)
    case 'remove-all': {
      const removed = [...engine.containers.values()]
      for (const container of removed) {
        engine.removeContainer(container, true)
        containerIsGone(scene, container)
      }
      return [namesOf(removed), pruneVolumes(scene)].filter(Boolean).join('; ') || null
    }
    case 'system-prune':
      return [pruneContainers(scene), pruneNetworks(scene), pruneVolumes(scene), pruneImages(scene)].filter(Boolean).join('; ') || null
    default:
      return step.do satisfies never
  }
}

const foreignersOf = ({ ledger, place }: Scene) => ledger.foreignersOn(place)

/** Of a workspace that there is. */
function toContainer(
  { core, engine }: Scene,
  { by }: Step,
  fits: (container: SimulatedContainer) => boolean,
  work: (container: SimulatedContainer) => void,
): string | null {
  const found = (core()?.workspaces.list() ?? []).flatMap((workspace) => containerOf(engine, workspace) ?? []).filter(fits)
  const container = choose(found, by[0])
  if (container) work(container)
  return container?.name ?? null
}

/** A port that is taken, or a volume that is gone, is theirs to notice. */
function startAnyway(engine: EngineState, container: SimulatedContainer): void {
  try {
    engine.start(container)
  } catch {
    return
  }
}

function containerIsGone(scene: Scene, container: SimulatedContainer): void {
  const id = container.spec.labels[ID]
  if (id === undefined) foreignersOf(scene).removed(container.id)
  else scene.ledger.removedOutside(id, 'layer', scene.place)
}

function volumeIsGone(scene: Scene, { name, labels }: SimulatedVolume): void {
  const { ledger } = scene
  foreignersOf(scene).removed(name)
  const isOf = ({ volumes, place }: { volumes: { home: string; docker: string }; place: string }) =>
    place === scene.place && (volumes.home === name || volumes.docker === name)
  const { workspaces, snapshots } = ledger.recorded()
  const snapshot = snapshots.find(isOf)
  if (snapshot) return ledger.snapshotRemovedOutside(snapshot.id)
  const workspace = workspaces.find(isOf)
  const id = workspace?.id ?? labels[ID]
  if (id !== undefined) ledger.removedOutside(id, workspace?.volumes.docker === name ? 'docker' : 'home', scene.place)
}

function pruneContainers(scene: Scene): string | null {
  const removed = prune(scene.engine, 'containers')
  for (const container of removed) containerIsGone(scene, container)
  return namesOf(removed)
}

function pruneVolumes(scene: Scene): string | null {
  const removed = prune(scene.engine, 'volumes')
  for (const volume of removed) volumeIsGone(scene, volume)
  return namesOf(removed)
}

const pruneNetworks = ({ engine }: Scene) => namesOf(prune(engine, 'networks'))

function pruneImages({ engine, ledger, place }: Scene): string | null {
  const removed = prune(engine, 'images')
  const snapshots = new Map(ledger.recorded().snapshots.map((snapshot) => [snapshot.id, snapshot]))
  for (const reference of removed.flatMap(({ references }) => [...references])) {
    if (!reference.startsWith('berth-layer/')) continue
    const owner = reference.split(/[/:]/)[1] ?? ''
    const snapshot = snapshots.get(owner)
    if (snapshot?.place === place) ledger.snapshotRemovedOutside(owner)
    else ledger.removedOutside(snapshot?.workspaceId ?? owner, 'layer', place)
  }
  return namesOf(removed.map(({ id, references }) => ({ name: [...references][0] ?? id.slice(-8) })))
}

/** null for none. */
function namesOf(removed: readonly { name: string }[]): string | null {
  return removed.map(({ name }) => name).join(' ') || null
}

function makeForeign(scene: Scene, name: string): string | null {
  const { engine } = scene
  if (!hasRoomFor(engine, name)) return null
  const made = engine.create(foreignSpec(`workspace-${name}`, { whose: 'another' }))
  foreignersOf(scene).container(made.id)
  return made.name
}

/** As Perry makes it: with the labels that tools see each other's workspaces by, and volumes of its own. */
function makeForeignWorkspace(scene: Scene, step: Step): string | null {
  const { engine } = scene
  const name = choose(NAMES, step.by[0]) ?? 'api'
  const volumes = [`perry-${engine.newId().slice(-6)}-home`, `perry-${engine.newId().slice(-6)}-docker`] as const
  if (!hasRoomFor(engine, name)) return null
  for (const volume of volumes) engine.createVolume(volume, { whose: 'another' }, {}).content = engine.newContent()
  const spec = foreignSpec(`workspace-${name}`, { 'workspace.managed': 'true', 'workspace.name': name })
  const made = engine.create({
    ...spec,
    volumes: [
      { name: volumes[0], path: '/home/workspace' },
      { name: volumes[1], path: '/var/lib/docker' },
    ],
  })
  made.content = engine.newContent()
  foreignersOf(scene).workspace(made)
  if (step.by[1] < 0.5) startAnyway(engine, made)
  return made.name
}

function hasRoomFor(engine: EngineState, name: string): boolean {
  return !engine.isFull && engine.image('perry:latest') !== null && engine.findOrNull(`workspace-${name}`) === null
}

function foreignSpec(name: string, labels: Record<string, string>) {
  return {
    ...{ name, image: 'perry:latest', hostname: '', labels, environment: {}, volumes: [], ports: [], capabilities: [] },
    ...{ securityOptions: [], unmaskedSystemPaths: false, extraHosts: [], stopTimeout: 0, limits: NO_LIMITS },
  }
}
