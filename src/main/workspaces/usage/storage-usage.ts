import type { StorageUsage, WorkspaceUsage } from '../../../shared/contract/storage'
import { BerthError, isBerthError } from '../../../shared/errors'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { Images } from '../../images/images'
import { createSharedWork } from '../../images/shared-work'
import { log } from '../../log'
import type { WorkspaceRecord } from '../../settings/records'
import { engineDisk } from '../../storage/archive/archive-volume'
import { LABEL_OWNER } from '../../storage/drivers/storage-context'
import type { VolumeUse } from '../../storage/drivers/storage-driver'
import type { Storage } from '../../storage/storage'
import type { LifecycleServices } from '../base/lifecycle-services'
import { volumeTarContext } from '../base/volume-tar'
import { LABEL_BERTH_IMAGE, LAYER_REPOSITORIES, layerOwner } from '../base/workspace-resources'
import { bytesAbove, bytesTogether } from './layer-bytes'
import { storageWarnings, totalBytes, workspaceUsage, workspaceWarning } from './usage-arithmetic'

/** Older engines walk all their volumes to answer for the build cache; nobody waits longer for that figure. */
const BUILD_CACHE_TIMEOUT_MS = 10_000

/** What workspaces take, without what the engine has besides. */
export type MeasuredStorage = Pick<StorageUsage, 'workspaces' | 'pool' | 'totalBytes' | 'totalLimitBytes'> & {
  volumes: Map<string, VolumeUse>
}

/** The layer is not among it: it does not count for a workspace's own limit. */
export interface MeasuredWorkspaceVolumes {
  usage: WorkspaceUsage
  volumes: Map<string, VolumeUse>
}

/** What everything takes on disk. */
export interface StorageUsages {
  /** Measures now; those who ask while it is being measured share the answer. Throws ENGINE_UNREACHABLE, CANCELLED. */
  measure(signal: AbortSignal): Promise<StorageUsage>
  /** All workspaces and each of their volumes, for the limit of all. */
  measureWorkspaces(signal: AbortSignal): Promise<MeasuredStorage>
  /** The volumes of one workspace and its snapshots, for its limit. */
  measureOne(record: WorkspaceRecord, signal: AbortSignal): Promise<MeasuredWorkspaceVolumes>
  /** What the last measurement warned of for the workspace, in words. */
  warningOf(workspaceId: string): string | null
}

type Services = Pick<LifecycleServices, 'engine' | 'ready' | 'installationId' | 'records' | 'registry' | 'settings' | 'now'> & {
  storage: Pick<Storage, 'driver' | 'pool'>
  images: Pick<Images, 'resolve' | 'ensure' | 'renew' | 'nameOf' | 'isAsBuilt'>
}

export function createStorageUsages(services: Services): StorageUsages {
  const { engine, records, registry, settings } = services
  const work = createSharedWork<StorageUsage>('measuring the storage')
  /** By workspace. */
  const warnings = new Map<string, string>()

  async function measureNow(signal: AbortSignal): Promise<StorageUsage> {
    await services.ready()
    const [{ volumes: _, ...measured }, imagesBytes, buildCacheBytes, disk] = await Promise.all([
      measureWorkspacesNow(signal),
      orNull('the images', measureImages(signal)),
      orNull('the build cache', measureBuildCache(signal)),
      orNull('the disk', measureDisk(signal)),
    ])
    const found = storageWarnings({ ...measured, disk })
    return { measuredAt: services.now().toISOString(), ...measured, imagesBytes, buildCacheBytes, disk, warnings: found }
  }

  async function measureWorkspacesNow(signal: AbortSignal): Promise<MeasuredStorage> {
    const [volumes, layers, pool] = await Promise.all([
      measureVolumes([...records.list(), ...records.snapshots.list()], signal),
      measureLayers(signal),
      orNull('the pool', services.storage.pool()),
    ])
    const workspaces = records.list().map((record) => {
      const snapshots = records.snapshots.list(record.id)
      return workspaceUsage({ record, snapshots, layerBytes: layers?.get(record.id) ?? null }, volumes)
    })
    return {
      workspaces,
      volumes,
      pool: pool && { sizeBytes: pool.sizeBytes, usedBytes: pool.usedBytes, freeBytes: pool.freeBytes },
      totalBytes: totalBytes(workspaces, pool),
      totalLimitBytes: settings().totalDiskBytes,
    }
  }

  /** By name. One driver that cannot tell leaves its volumes out. */
  async function measureVolumes(
    kept: Pick<WorkspaceRecord, 'storage' | 'volumes'>[],
    signal: AbortSignal,
  ): Promise<Map<string, VolumeUse>> {
    const measured = await Promise.all(
      (['plain', 'btrfs'] satisfies StorageDriverName[]).map(async (driver) => {
        const names = kept.filter(({ storage }) => storage === driver).flatMap(({ volumes: { home, docker } }) => [home, docker])
        return names.length === 0 ? null : orNull('the volumes', services.storage.driver(driver).measure(names, signal))
      }),
    )
    return new Map(measured.flatMap((uses) => [...(uses ?? [])]))
  }

  /** By workspace: what its container has written, and the images that keep that of it and of its snapshots. */
  async function measureLayers(signal: AbortSignal): Promise<Map<string, number> | null> {
    return orNull(
      'the layers',
      Promise.all([
        engine.diskUsage.containerLayers(`${LABEL_OWNER}=${services.installationId}`, signal),
        engine.images.list({ repository: LAYER_REPOSITORIES }, signal),
        inspectBases(signal),
      ]).then(async ([written, listed, bases]) => {
        const bytes = new Map<string, number>()
        const add = (workspaceId: string, more: number) => bytes.set(workspaceId, (bytes.get(workspaceId) ?? 0) + more)
        for (const { id } of records.list()) add(id, written.get(registry.containerOf(id)?.containerId ?? '') ?? 0)
        for (const { id, references } of listed) {
          const owners = new Set(references.flatMap((reference) => layerOwner(reference) ?? []))
          const known = [...owners].map((owner) => records.get(owner)?.id ?? records.snapshots.get(owner)?.workspaceId)
          const workspaceId = known.find((owner) => owner !== undefined)
          const image = workspaceId === undefined ? null : await engine.images.inspect(id)
          if (workspaceId !== undefined && image) add(workspaceId, bytesAbove(image, bases))
        }
        return bytes
      }),
    )
  }

  /** What layers are made from: Berth's images, and those that workspaces asked for. */
  async function inspectBases(signal: AbortSignal) {
    const listed = await engine.images.list({ label: LABEL_BERTH_IMAGE }, signal)
    const own = listed.filter(({ references }) => !references.some((reference) => layerOwner(reference) !== null)).map(({ id }) => id)
    const asked = records.list().flatMap(({ image }) => image ?? [])
    const found = await Promise.all([...new Set([...own, ...asked])].map((reference) => engine.images.inspect(reference)))
    return found.filter((image) => image !== null)
  }

  async function measureImages(signal: AbortSignal): Promise<number> {
    return bytesTogether(await inspectBases(signal))
  }

  function measureBuildCache(signal: AbortSignal): Promise<number> {
    return engine.diskUsage
      .buildCacheBytes(AbortSignal.any([signal, AbortSignal.timeout(BUILD_CACHE_TIMEOUT_MS)]))
      .catch((error: unknown) => {
        // Its own time is over, nobody has cancelled the whole.
        if (isBerthError(error, 'CANCELLED') && !signal.aborted) throw tookTooLong(error)
        throw error
      })
  }

  /** Not worth getting an image for. */
  async function measureDisk(signal: AbortSignal): Promise<StorageUsage['disk']> {
    const { source } = await services.images.resolve(null, signal)
    if (source !== 'local') return null
    return engineDisk(await volumeTarContext(services, 'storage-usage', signal), signal)
  }

  function remember({ workspaces }: Pick<StorageUsage, 'workspaces'>): void {
    for (const usage of workspaces) rememberOne(usage)
  }

  function rememberOne(usage: WorkspaceUsage): void {
    const { workspaceId } = usage
    const [warning] = workspaceWarning(usage)
    if (warnings.get(workspaceId) === warning?.message) return
    if (warning) warnings.set(workspaceId, warning.message)
    else warnings.delete(workspaceId)
    registry.publish(workspaceId)
  }

  return {
    warningOf: (workspaceId) => warnings.get(workspaceId) ?? null,
    async measureOne(record, signal) {
      const snapshots = records.snapshots.list(record.id)
      const volumes = await measureVolumes([record, ...snapshots], signal)
      const usage = workspaceUsage({ record, snapshots, layerBytes: null }, volumes)
      rememberOne(usage)
      return { usage, volumes }
    },
    async measureWorkspaces(signal) {
      const measured = await measureWorkspacesNow(signal)
      remember(measured)
      return measured
    },
    measure: (signal) =>
      work.run('measure', { signal, onProgress: () => undefined }, async (shared) => {
        const usage = await measureNow(shared.signal)
        remember(usage)
        return usage
      }),
  }
}

/** A figure that the engine refuses to give must not keep the others from being shown. */
async function orNull<Value>(what: string, measuring: Promise<Value>): Promise<Value | null> {
  try {
    return await measuring
  } catch (error) {
    if (!isBerthError(error, 'ENGINE_REFUSED') && !isBerthError(error, 'TIMED_OUT')) throw error
    log.warn({ err: error, what }, 'could not be measured')
    return null
  }
}

function tookTooLong(cause: unknown): BerthError<'TIMED_OUT'> {
  const seconds = BUILD_CACHE_TIMEOUT_MS / 1000
  const what = 'measuring the build cache'
  return new BerthError(
    'TIMED_OUT',
    `The engine did not measure the build cache within ${seconds} s.`,
    { what, seconds, next: 'Try again.' },
    { cause },
  )
}
