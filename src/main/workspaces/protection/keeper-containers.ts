import { Mutex } from 'async-mutex'
import { isBerthError } from '../../../shared/errors'
import type { ContainerSummary } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import { log } from '../../log'
import { createHeldNames } from '../../storage/drivers/held-names'
import {
  LABEL_KEEPS,
  LABEL_KEPT_IMAGE,
  LABEL_KEPT_VOLUMES,
  LABEL_OWNER,
  LABEL_ROLE,
  ROLE_KEEPER,
} from '../../storage/drivers/storage-context'
import type { PlannedKeeper } from './keeper-plan'

/** A keeper that is on the engine. */
export interface Keeper extends PlannedKeeper {
  id: string
  running: boolean
}

/** The keepers on the engine, and the removal of what they hold. */
export interface KeeperContainers {
  /** Replaces all that is known by what the engine listed. */
  replaceContainers(listed: ContainerSummary[]): void
  /** Removes the volume, and the keeper that it was made for, if the engine made it empty when a keeper was created. */
  removeStandIn(volume: string): Promise<void>
  /** Whether it is a keeper that is to be there. */
  isKeeper(containerId: string): boolean
  /**
   * Brings the engine in line with the plan, one keeper at a time; those that `isLeft` names are left alone. Returns which keepers the engine
   * refused. Throws ENGINE_UNREACHABLE, and the signal's reason.
   */
  apply(plan: PlannedKeeper[], options: { isLeft: (keeps: string) => boolean; signal: AbortSignal }): Promise<PlannedKeeper[]>
  /** Whether one that runs was made for that image. */
  holds(keeps: string, image: string): boolean
  /** Gives the image of such a keeper its name again; nothing if there is none. */
  nameAgain(keeps: string, image: string): Promise<void>
  /** Failures are logged. */
  removeThose(isSurplus: (keeper: PlannedKeeper) => boolean): Promise<void>
  /** An engine that lets go of what keepers hold before it is removed. */
  releasing(engine: Engine): Engine
}

export function createKeeperContainers(engine: Engine, installationId: string): KeeperContainers {
  const mutex = new Mutex()
  const removed = createHeldNames()
  let known: Keeper[] = []

  async function remove(keeper: Keeper): Promise<void> {
    // Before the engine reports it, which would otherwise look like someone else's change.
    known = known.filter(({ id }) => id !== keeper.id)
    try {
      await engine.containers.remove(keeper.id)
    } catch (error) {
      known.push(keeper)
      throw error
    }
  }

  /** Nothing is kept that is being removed: it would come back, or could not go. */
  const isFree = ({ image, volumes }: Pick<PlannedKeeper, 'image' | 'volumes'>) => ![image, ...volumes].some(removed.has)

  async function start(planned: PlannedKeeper): Promise<void> {
    const { name, keeps, image, volumes } = planned
    for (const left of known.filter((keeper) => keeper.name === name)) await remove(left)
    if (!isFree(planned)) return
    const labels = {
      ...{ [LABEL_OWNER]: installationId, [LABEL_ROLE]: ROLE_KEEPER },
      ...{ [LABEL_KEEPS]: keeps, [LABEL_KEPT_IMAGE]: image, [LABEL_KEPT_VOLUMES]: volumes.join(',') },
    }
    const id = await engine.keepers.start({ name, image, labels, volumes })
    known.push({ id, name, keeps, image, volumes, running: true })
    for (const volume of volumes) await removeStandIn(volume)
  }

  /** A volume that was removed since it was listed was created empty: it must not be taken for what it was. */
  async function removeStandIn(volume: string): Promise<void> {
    const found = await engine.volumes.inspect(volume)
    if (found?.labels[LABEL_ROLE] !== ROLE_KEEPER) return
    for (const keeper of known.filter(({ volumes }) => volumes.includes(volume))) await remove(keeper)
    await engine.volumes.remove(volume)
  }

  async function release(isHolder: (keeper: Keeper) => boolean): Promise<void> {
    await mutex.runExclusive(async () => {
      for (const keeper of known.filter(isHolder)) await remove(keeper)
    })
  }

  /** Another Berth keeps the volumes of a workspace that was adopted from it. Returns whether there was such a keeper. */
  async function releaseByOthers(volume: string): Promise<boolean> {
    const keepers = await engine.containers.list(`${LABEL_ROLE}=${ROLE_KEEPER}`)
    const holders = keepers.filter(({ labels }) => labels[LABEL_KEPT_VOLUMES]?.split(',').includes(volume))
    for (const { id } of holders) await engine.containers.remove(id)
    return holders.length > 0
  }

  const holder = (keeps: string, image: string) => known.find((one) => one.keeps === keeps && one.image === image && one.running)

  const withoutImage = (reference: string, work: () => Promise<void>) =>
    removed.during([reference], async () => {
      await release(({ image }) => image === reference)
      await work()
    })

  return {
    replaceContainers(listed) {
      known = listed
        .filter(({ labels }) => labels[LABEL_ROLE] === ROLE_KEEPER && labels[LABEL_OWNER] === installationId)
        .map(({ id, name, state, labels }) => ({
          ...{ id, name, running: state === 'running', keeps: labels[LABEL_KEEPS] ?? '', image: labels[LABEL_KEPT_IMAGE] ?? '' },
          volumes: labels[LABEL_KEPT_VOLUMES]?.split(',').filter((volume) => volume !== '') ?? [],
        }))
    },
    isKeeper: (containerId) => known.some(({ id }) => id === containerId),
    async apply(plan, { isLeft, signal }) {
      const isThere = (name: string) => known.some((keeper) => keeper.name === name && keeper.running)
      const refused: PlannedKeeper[] = []
      // What is new comes first, so that nothing is without a keeper in between.
      for (const planned of plan) {
        try {
          await mutex.runExclusive(async () => {
            signal.throwIfAborted()
            if (!isThere(planned.name)) await start(planned)
          })
        } catch (error) {
          if (!isBerthError(error, 'ENGINE_REFUSED') && !isBerthError(error, 'DISK_FULL')) throw error
          log.warn({ err: error, keeper: planned.name }, 'a keeper could not be started')
          refused.push(planned)
        }
      }
      const surplus = known.filter(({ name, keeps }) => !isLeft(keeps) && !plan.some((planned) => planned.name === name))
      for (const keeper of surplus) await mutex.runExclusive(() => remove(keeper))
      return refused
    },
    removeStandIn: (volume) => mutex.runExclusive(() => removeStandIn(volume)),
    holds: (keeps, image) => holder(keeps, image) !== undefined,
    async nameAgain(keeps, image) {
      const keeper = holder(keeps, image)
      const details = keeper && (await engine.containers.inspect(keeper.id))
      if (details && !removed.has(image)) await engine.images.tag(details.imageId, image)
    },
    async removeThose(isSurplus) {
      try {
        await release(isSurplus)
      } catch (error) {
        log.warn({ err: error }, 'keepers that are no longer needed could not be removed')
      }
    },
    releasing: (held) => ({
      ...held,
      volumes: {
        ...held.volumes,
        remove: (name) =>
          removed.during([name], async () => {
            await release(({ volumes }) => volumes.includes(name))
            try {
              await held.volumes.remove(name)
            } catch (error) {
              if (!isBerthError(error, 'ENGINE_REFUSED') || !(await releaseByOthers(name))) throw error
              await held.volumes.remove(name)
            }
          }),
      },
      images: {
        ...held.images,
        remove: (reference) => withoutImage(reference, () => held.images.remove(reference)),
        removeUnnamed: (id) => withoutImage(id, () => held.images.removeUnnamed(id)),
      },
    }),
  }
}
