import type { Adoptable } from '../../../shared/adoptable'
import type { BerthEvent } from '../../../shared/contract/events'
import { isBerthError } from '../../../shared/errors'
import { SSH_CONTAINER_PORT } from '../../../shared/ssh-host'
import { workspaceNameProblem } from '../../../shared/workspace-name'
import type { ContainerDetails, ContainerMount, ContainerSummary } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import type { ContainerEvent } from '../../engine/engine-events'
import { log } from '../../log'
import type { Records } from '../../settings/records'
import { LABEL_OWNER } from '../../storage/drivers/storage-context'
import {
  CONTAINER_PREFIX,
  DOCKER_PATH,
  HOME_PATH,
  isStandInName,
  LABEL_MANAGED,
  LABEL_MANAGED_NAME,
  recordFromContainer,
} from './workspace-resources'

interface NeighboursOptions {
  engine: Engine
  /** Name of the engine. */
  place: string
  records: Records
  installationId: string
  emit: (event: BerthEvent) => void
}

/** Workspaces on the engine that are not this Berth's: Perry's, and those of other Berths. Kept by the engine's events. */
export interface ForeignWorkspaces {
  /** Those that are known at this moment. */
  current(): Adoptable[]
  /** Those there are, once the list that is under way has been read. */
  list(): Promise<Adoptable[]>
  /** Replaces all that is known by what the engine listed. */
  replaceContainers(containers: ContainerSummary[]): Promise<void>
  applyEvent(event: ContainerEvent): void
  /** Looks again whether and how it is to be seen: one that is being adopted is not. */
  refresh(containerId: string): Promise<void>
}

export function createForeignWorkspaces({ engine, place, records, installationId, emit }: NeighboursOptions): ForeignWorkspaces {
  const known = new Map<string, Adoptable>()
  /** By container, the last look at it: an older one that answers late counts no more. */
  const looks = new Map<string, symbol>()
  let listing: Promise<unknown> = Promise.resolve()

  function set(containerId: string, adoptable: Adoptable | null): void {
    const before = known.get(containerId)
    if (adoptable === null) {
      if (known.delete(containerId)) emit({ type: 'adoptable-removed', containerId })
    } else if (JSON.stringify(before) !== JSON.stringify(adoptable)) {
      known.set(containerId, adoptable)
      emit({ type: 'adoptable', adoptable })
    }
  }

  async function refresh(containerId: string): Promise<void> {
    const look = Symbol(containerId)
    looks.set(containerId, look)
    try {
      const details = await engine.containers.inspect(containerId)
      if (looks.get(containerId) !== look) return
      const adoptable = details && describeNeighbour(details, { installationId, engine: place })
      set(containerId, adoptable && records.findByName(adoptable.name) === null ? adoptable : null)
    } catch (error) {
      // Known containers are forgotten with the connection: the next one lists them again.
      if (isBerthError(error, 'ENGINE_UNREACHABLE')) return
      log.warn({ err: error, containerId }, 'a container of another tool could not be inspected')
    } finally {
      if (looks.get(containerId) === look) looks.delete(containerId)
    }
  }

  const current = () => [...known.values()].toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))

  return {
    current,
    refresh,
    async list() {
      await listing
      return current()
    },
    async replaceContainers(listed) {
      const others = listed.filter(({ labels }) => labels[LABEL_OWNER] !== installationId).map(({ id }) => id)
      for (const id of [...known.keys()]) if (!others.includes(id)) set(id, null)
      listing = Promise.all(others.map(refresh))
      await listing
    },
    applyEvent({ action, containerId, attributes }) {
      if (attributes[LABEL_OWNER] === installationId) return
      if (action === 'destroy') {
        looks.delete(containerId)
        set(containerId, null)
      } else if (action !== 'oom') void refresh(containerId)
    },
  }
}

/** The container as a workspace that could be adopted; null when it is none, or this Berth's own. */
export function describeNeighbour(
  details: ContainerDetails,
  { installationId, engine }: { installationId: string; engine: string },
): Adoptable | null {
  const { labels, name: containerName } = details
  if (labels[LABEL_MANAGED] !== 'true' || labels[LABEL_OWNER] === installationId) return null
  const berth = recordFromContainer(details)
  // What another Berth is about to replace, or to replace it with.
  const ownName = labels['dev.berth.name']
  if (ownName !== undefined && isStandInName(containerName, ownName)) return null
  const name = berth?.name ?? labels[LABEL_MANAGED_NAME] ?? nameOfContainer(containerName)
  if (name === null) return null
  const volumes = { home: volumeAt(details, HOME_PATH), docker: volumeAt(details, DOCKER_PATH) }
  const adoptable = {
    name,
    engine,
    from: berth ? ('berth' as const) : ('perry' as const),
    containerId: details.id,
    containerName,
    status: details.running ? ('running' as const) : ('stopped' as const),
    image: berth?.image ?? details.image,
    volumes,
    sshPort: details.ports.find(({ containerPort, hostPort }) => containerPort === SSH_CONTAINER_PORT && hostPort > 0)?.hostPort ?? null,
    createdAt: details.createdAt.toISOString(),
  }
  return { ...adoptable, obstacle: obstacleOf(details, name, volumes, berth?.storage === 'btrfs') }
}

function nameOfContainer(name: string): string | null {
  return name.startsWith(CONTAINER_PREFIX) ? name.slice(CONTAINER_PREFIX.length) : null
}

function volumeAt({ mounts }: ContainerDetails, path: string): string | null {
  return mounts.find((mount) => mount.path === path)?.volume ?? null
}

/** What a container can have mounted besides its two volumes: things of the machine or temporary ones, which are nobody's data. */
const HARMLESS_MOUNTS = ['/sys', '/dev', '/proc', '/run', '/tmp', '/lib/modules', '/usr/lib/modules', '/etc/localtime', '/etc/timezone']

function isHarmless({ path, kind }: ContainerMount): boolean {
  return kind === 'tmpfs' || HARMLESS_MOUNTS.some((harmless) => path === harmless || path.startsWith(`${harmless}/`))
}

function obstacleOf(details: ContainerDetails, name: string, volumes: Adoptable['volumes'], isOnPool: boolean): string | null {
  const nameProblem = workspaceNameProblem(name)
  if (nameProblem !== null) return `Its name is not allowed in Berth. ${nameProblem}`
  if (volumes.home === null) return `Its home folder ${HOME_PATH} is not a volume.`
  if (volumes.docker === null) return `Its nested Docker data (${DOCKER_PATH}) is not on a volume.`
  if (isOnPool) return 'Its volumes are in the storage pool of another Berth, which this Berth cannot manage.'
  const others = details.mounts.filter((mount) => mount.path !== HOME_PATH && mount.path !== DOCKER_PATH && !isHarmless(mount))
  if (others.length > 0) return `It has mounts that Berth would not keep: ${others.map(({ path }) => path).join(', ')}.`
  if (['paused', 'restarting', 'removing', 'dead'].includes(details.state)) return `The engine reports its state as ${details.state}.`
  return null
}
