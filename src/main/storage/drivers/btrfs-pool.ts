import { Mutex } from 'async-mutex'
import { formatBytes } from '../../../shared/byte-size'
import { BerthError, isBerthError } from '../../../shared/errors'
import type { VolumeSummary } from '../../engine/volumes'
import { log } from '../../log'
import { createHeldNames } from './held-names'
import { createPoolManager, type PoolManager } from './pool-manager'
import { LABEL_OWNER, LABEL_ROLE, ROLE_POOL, type StorageContext } from './storage-context'

/** Below this btrfs has no room to work. */
const SMALLEST_POOL_BYTES = 512 * 1024 * 1024

export interface PoolInfo {
  sizeBytes: number
  usedBytes: number
  freeBytes: number
  /** What the pool takes on the engine's disk now. */
  diskBytes: number
  volumes: number
}

/** The pool of this Berth: a file system in a file on a volume of the engine. Whether there is one is told by that volume. */
export interface Pool {
  manager: PoolManager
  exists(): Promise<boolean>
  /** Makes it and attaches it. What a try that was cut off has left is used. Throws DISK_FULL when it would not fit. */
  enable(sizeBytes: number): Promise<void>
  grow(sizeBytes: number): Promise<void>
  /** Connects file, loop device and mount, where they are not (after a start of the engine or the machine). Nothing without a pool. */
  attach(): Promise<void>
  /** Throws when there is no pool. */
  assertExists(): Promise<void>
  /** Throws ENGINE_REFUSED when something is on it, whether or not the engine has a volume of it, or is being made on it. */
  disable(): Promise<void>
  info(): Promise<PoolInfo | null>
  /** null when this engine can have a pool; else why it cannot. */
  obstacle(): Promise<string | null>
  /** Removes what killed processes left: subvolumes without a volume, volumes without a subvolume. Those of records stay, with their volumes. */
  sweep(): Promise<void>
  /** Names of the subvolumes; none without a pool. */
  subvolumes(): Promise<string[]>
  /** Those of records that the engine has no volume of any more get theirs again. */
  restoreVolumes(): Promise<void>
  volumeOptions(name: string): Record<string, string>
  /** Whether it is a volume of this pool. */
  isOwn(volume: VolumeSummary): boolean
  /** While `work` runs, `sweep` leaves those subvolumes alone, and the pool stays. Throws ENGINE_REFUSED while the pool is being removed. */
  making<Value>(names: string[], work: () => Promise<Value>): Promise<Value>
  assertNotAborted(signal: AbortSignal): void
  /** Runs `work`; that it fails is logged only, as what came before it matters more. */
  cleanUp(work: () => Promise<unknown>): Promise<void>
}

export function createPool(context: StorageContext): Pool {
  const { volumes } = context.engine
  const poolVolume = `berth-pool-${context.installationId}`
  const device = `/dev/berth-${context.installationId}`
  const manager = createPoolManager(context, poolVolume)
  const beingMade = createHeldNames()
  /** One at a time makes the pool's volume, or removes it. */
  const ofPoolVolume = new Mutex()
  let isBeingRemoved = false

  const exists = async () => (await volumes.inspect(poolVolume)) !== null && (await manager.ask('exists'))[0] === 'yes'
  const isOwn = (volume: VolumeSummary) => volume.options.type === 'btrfs' && volume.options.device === device
  const ownVolumes = async () => (await volumes.list(`${LABEL_OWNER}=${context.installationId}`)).filter(isOwn)

  const attach = async () => {
    await manager.ask('attach')
  }

  async function makePoolVolume(): Promise<void> {
    if (await volumes.inspect(poolVolume)) return
    await volumes.create(poolVolume, { [LABEL_OWNER]: context.installationId, [LABEL_ROLE]: ROLE_POOL })
  }

  async function assertRoom(bytes: number): Promise<void> {
    const [room = '0'] = await manager.ask('room')
    if (Number(room) >= bytes) return
    throw new BerthError(
      'DISK_FULL',
      `The pool needs ${formatBytes(bytes)}, but the engine’s disk has only ${formatBytes(Number(room))} free.`,
      {
        where: 'the engine’s disk',
        next: 'Choose a smaller pool, or free space on the engine’s disk.',
      },
    )
  }

  /** The engine's volume, which is only a name for the data, was removed (`docker volume prune`). False if no record has it. */
  async function restoreVolume(name: string): Promise<boolean> {
    const labels = context.recordedVolume(name)
    if (labels) await volumes.create(name, labels, pool.volumeOptions(name))
    return labels !== null
  }

  const pool: Pool = {
    manager,
    exists,
    isOwn,
    attach: async () => {
      if (await exists()) await attach()
    },
    async assertExists() {
      if (!(await exists())) throw noPool()
    },
    enable: (sizeBytes) =>
      ofPoolVolume.runExclusive(async () => {
        if (await exists()) return attach()
        await makePoolVolume()
        try {
          await assertRoom(Math.max(sizeBytes, SMALLEST_POOL_BYTES))
          await manager.ask('format', String(Math.max(sizeBytes, SMALLEST_POOL_BYTES)))
          await attach()
        } catch (error) {
          await pool.cleanUp(removePool)
          throw error
        }
      }),
    async grow(sizeBytes) {
      await pool.assertExists()
      const { sizeBytes: before, diskBytes } = await readInfo()
      if (sizeBytes < before) throw refused('a pool can only be enlarged')
      await assertRoom(sizeBytes - diskBytes)
      await manager.ask('grow', String(sizeBytes))
    },
    disable: () =>
      ofPoolVolume.runExclusive(async () => {
        // Nothing is begun on it from here on.
        isBeingRemoved = true
        try {
          // Others can have removed the engine's volume of what is there (`docker volume prune`).
          const onIt = new Set([...beingMade.all(), ...(await ownVolumes()).map(subvolumeOf), ...(await pool.subvolumes())])
          if (onIt.size > 0) throw refused(`${onIt.size} volumes are on it: ${[...onIt].join(', ')}`, MAKE_IT_EMPTY)
          if (await volumes.inspect(poolVolume)) await removePool()
        } finally {
          isBeingRemoved = false
        }
      }),
    async info() {
      if (!(await exists())) return null
      await attach()
      return { ...(await readInfo()), volumes: (await ownVolumes()).length }
    },
    obstacle: () =>
      ofPoolVolume.runExclusive(async () => {
        const isNew = (await volumes.inspect(poolVolume)) === null
        try {
          await makePoolVolume()
          await manager.ask('probe')
          return null
        } catch (error) {
          if (!isBerthError(error, 'ENGINE_REFUSED')) throw error
          return `This engine does not support a btrfs pool: ${error.data.reason}.`
        } finally {
          if (isNew) {
            await pool.cleanUp(async () => {
              await manager.close()
              await volumes.remove(poolVolume)
            })
          }
        }
      }),
    async sweep() {
      if (!(await exists())) return
      await attach()
      // Subvolumes first: one that is made while the volumes are listed is not in this list.
      const subvolumes = new Set(await manager.ask('list'))
      const all = await ownVolumes()
      const mounted = new Set(all.map((volume) => subvolumeOf(volume)))
      for (const name of subvolumes) {
        if (mounted.has(name) || beingMade.has(name)) continue
        if (!(await restoreVolume(name))) await manager.ask('delete', name)
      }
      for (const volume of all) {
        const isRecorded = context.recordedVolume(volume.name) !== null
        if (!subvolumes.has(subvolumeOf(volume)) && !beingMade.has(volume.name) && !isRecorded) await volumes.remove(volume.name)
      }
    },
    subvolumes: async () => ((await exists()) ? manager.ask('list') : []),
    async restoreVolumes() {
      const there = new Set((await ownVolumes()).map(({ name }) => name))
      for (const name of await pool.subvolumes()) if (!there.has(name) && !beingMade.has(name)) await restoreVolume(name)
    },
    volumeOptions: (name) => ({ type: 'btrfs', device, o: `${SUBVOLUME_OPTION}${name}` }),
    async making(names, work) {
      if (isBeingRemoved) throw noPool()
      return beingMade.during(names, work)
    },
    assertNotAborted(signal) {
      if (!signal.aborted) return
      throw new BerthError('CANCELLED', 'The copy was cancelled.', { what: 'the copy', next: 'Start it again if you still need it.' })
    },
    async cleanUp(work) {
      try {
        await work()
      } catch (error) {
        if (!isBerthError(error)) throw error
        log.warn({ err: error }, 'the leftovers of a failed change of the pool could not be removed')
      }
    },
  }
  return pool

  async function removePool(): Promise<void> {
    await manager.ask('detach')
    await manager.close()
    await volumes.remove(poolVolume)
  }

  async function readInfo() {
    const [line = ''] = await manager.ask('info')
    const [sizeBytes = 0, usedBytes = 0, freeBytes = 0, diskBytes = 0] = line.split(' ').map(Number)
    return { sizeBytes, usedBytes, freeBytes, diskBytes }
  }
}

const SUBVOLUME_OPTION = 'discard=async,subvol=volumes/'

function subvolumeOf(volume: VolumeSummary): string {
  return (volume.options.o ?? '').slice(SUBVOLUME_OPTION.length)
}

function noPool(): BerthError<'ENGINE_REFUSED'> {
  return new BerthError('ENGINE_REFUSED', 'This engine has no storage pool.', {
    engineStatus: 0,
    reason: 'there is no storage pool',
    next: 'Create one first, in Settings → Storage or with “berth storage enable”.',
  })
}

const MAKE_IT_EMPTY =
  'Move its workspaces to plain volumes and delete their snapshots there. Unused volumes are removed when Berth starts again.'

function refused(reason: string, next = 'Check the pool in Settings → Storage.'): BerthError<'ENGINE_REFUSED'> {
  return new BerthError('ENGINE_REFUSED', `The storage pool failed: ${reason}.`, { engineStatus: 0, reason, next })
}
