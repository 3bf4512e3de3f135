import { z } from 'zod'
import { formatBytes } from '../../../shared/byte-size'
import type { CleanupItem } from '../../../shared/contract/storage'
import { isBerthError } from '../../../shared/errors'
import type { Operation } from '../../../shared/operation'
import { hasEnded } from '../../../shared/operation-state'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import { type Images, PUBLISHED_REPOSITORY } from '../../images/images'
import { log } from '../../log'
import { firstVersion } from '../../operations/first-version'
import type { OperationDefinition, StepContext } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import { LOCAL_PLACE } from '../../settings/records'
import { LABEL_OWNER, LABEL_ROLE, ROLE_KEEPER } from '../../storage/drivers/storage-context'
import type { Storage } from '../../storage/storage'
import type { LifecycleServices } from '../base/lifecycle-services'
import { LABEL_BERTH_IMAGE, LAYER_REPOSITORIES } from '../base/workspace-resources'
import { type CleanupCandidate, cleanupCandidates } from './cleanup-candidates'
import { bytesAbove } from './layer-bytes'
import { sum } from './usage-arithmetic'

const cleanupInputSchema = z.object({ place: z.string().default(LOCAL_PLACE), ids: z.array(z.string()) })
export type CleanupInput = z.infer<typeof cleanupInputSchema>

/** What of this Berth's nobody needs on one engine, and its removal. */
export interface CleanupWork {
  /** Measures it, too. Throws ENGINE_UNREACHABLE, CANCELLED. */
  preview(signal: AbortSignal): Promise<CleanupItem[]>
  /** Removes what of these is still not needed when it is its turn. */
  removeAll(context: StepContext<CleanupInput>): Promise<void>
}

export interface Cleanup {
  /** Removes what of these is still not needed there when it is its turn. */
  begin(place: string, ids: string[]): Promise<{ operation: Operation }>
  definitions(): OperationDefinition<never>[]
}

/** The operation. `at` throws PLACE_UNKNOWN. */
export function createCleanup(
  at: (place: string) => { cleanup: Pick<CleanupWork, 'removeAll'>; ready: () => Promise<void> },
  operations: Pick<Operations, 'begin'>,
): Cleanup {
  const removeAll = (context: StepContext<CleanupInput>) => at(context.input.place).cleanup.removeAll(context)
  const definition: OperationDefinition<CleanupInput> = {
    kind: 'storage.cleanup',
    version: 2,
    input: cleanupInputSchema,
    older: [firstVersion('storage.cleanup')],
    // There is no undo: removed data is gone, and after a crash the rest is removed.
    commitStep: 'remove',
    cancellable: true,
    placesOf: ({ place }) => [place],
    steps: [{ name: 'remove', title: 'Remove unused data', run: removeAll, followUp: true }],
  }
  return {
    definitions: () => [definition] as unknown as OperationDefinition<never>[],
    async begin(place, ids) {
      await at(place).ready()
      return { operation: await operations.begin(definition, { workspaceId: null, workspaceName: null }, () => ({ place, ids })) }
    },
  }
}

type Services = Pick<LifecycleServices, 'engine' | 'ready' | 'installationId' | 'records' | 'now'> & {
  storage: Pick<Storage, 'driver' | 'driverOf'>
  images: Pick<Images, 'resolve'>
}

const BUILD_CACHE = 'build-cache'

export function createCleanupWork(services: Services, operations: Pick<Operations, 'list'>): CleanupWork {
  const { engine, records, storage, installationId } = services

  async function candidates(): Promise<CleanupCandidate[]> {
    const [volumes, layers, images, inUse, wantedImages] = await Promise.all([
      engine.volumes.list(`${LABEL_OWNER}=${installationId}`),
      engine.images.list({ repository: LAYER_REPOSITORIES }),
      engine.images.list({ label: LABEL_BERTH_IMAGE }),
      // A keeper holds what Berth wants to keep: it must not decide that.
      engine.diskUsage.inUse((labels) => labels[LABEL_ROLE] === ROLE_KEEPER && labels[LABEL_OWNER] === installationId),
      findWantedImages(),
    ])
    // Read last, so that it includes everything that has been recorded in the meantime.
    return cleanupCandidates({
      ...{ installationId, volumes, layers, images, inUse, wantedImages, now: services.now() },
      ...{
        records: records.list(),
        snapshots: records.snapshots.list(),
        operations: operations.list().filter((operation) => !hasEnded(operation)),
      },
      publishedRepository: PUBLISHED_REPOSITORY,
    })
  }

  async function findWantedImages(): Promise<Set<string>> {
    const own = await services.images.resolve(null)
    const asked = await Promise.all(records.list().flatMap(({ image }) => (image === null ? [] : [engine.images.inspect(image)])))
    return new Set([own.imageId, ...asked.map((image) => image?.id)].filter((id) => id != null))
  }

  /** By the candidate's id; null where it could not be measured. */
  async function measure(found: CleanupCandidate[], signal: AbortSignal): Promise<Map<string, number | null>> {
    const volumes = await measureVolumes(
      found.flatMap((candidate) => (candidate.kind === 'volume' || candidate.kind === 'snapshot' ? candidate.volumes : [])),
      signal,
    )
    const listed = await engine.images.list({ label: LABEL_BERTH_IMAGE }, signal)
    const bases = (await Promise.all(listed.map(({ id }) => engine.images.inspect(id)))).filter((image) => image !== null)
    const ofImage = async (reference: string) => {
      const image = await engine.images.inspect(reference)
      return image && bytesAbove(image, bases)
    }
    const ofVolume = (name: string) => volumes.get(name) ?? null
    const sizes = found.map(async (candidate): Promise<[string, number | null]> => {
      switch (candidate.kind) {
        case 'volume':
          return [candidate.id, sum(candidate.volumes.map(ofVolume))]
        case 'snapshot':
          return [candidate.id, sum([...candidate.volumes.map(ofVolume), ...(await Promise.all(candidate.references.map(ofImage)))])]
        case 'layer':
          return [candidate.id, sum(await Promise.all(candidate.references.map(ofImage)))]
        case 'image':
          return [candidate.id, await ofImage(candidate.imageId)]
        default:
          return candidate satisfies never
      }
    })
    return new Map(await Promise.all(sizes))
  }

  /** What the removal of each volume frees. */
  async function measureVolumes(names: string[], signal: AbortSignal): Promise<Map<string, number>> {
    const drivers = await Promise.all(names.map((name) => storage.driverOf(name)))
    const measured = await Promise.all(
      (['plain', 'btrfs'] satisfies StorageDriverName[]).map(async (driver) => {
        const own = names.filter((_, index) => drivers[index] === driver)
        if (own.length === 0) return []
        const uses = await orNull(storage.driver(driver).measure(own, signal))
        return [...(uses ?? [])].map(([name, { bytes, exclusiveBytes }]) => [name, exclusiveBytes ?? bytes] as const)
      }),
    )
    return new Map(measured.flat())
  }

  async function remove(candidate: CleanupCandidate): Promise<void> {
    switch (candidate.kind) {
      case 'volume':
      case 'snapshot':
        for (const name of candidate.volumes) {
          const driver = await storage.driverOf(name)
          if (driver) await storage.driver(driver).remove(name)
        }
        if (candidate.kind === 'snapshot') for (const reference of candidate.references) await engine.images.remove(reference)
        return
      case 'layer':
        for (const reference of candidate.references) await engine.images.remove(reference)
        return
      case 'image':
        for (const reference of candidate.references) await engine.images.remove(reference)
        return engine.images.removeUnnamed(candidate.imageId)
      default:
        return candidate satisfies never
    }
  }

  /** Each is checked again when it is its turn: it may be in use now. */
  async function removeAll({ input, signal, progress, detail, notice }: StepContext<CleanupInput>): Promise<void> {
    const sizes = await measure(
      (await candidates()).filter(({ id }) => input.ids.includes(id)),
      signal,
    )
    let freed = 0
    const left: string[] = []
    for (const [index, id] of input.ids.entries()) {
      signal.throwIfAborted()
      progress({ done: index, total: input.ids.length, unit: 'steps' })
      if (id === BUILD_CACHE) {
        detail('Build cache')
        freed += await engine.diskUsage.pruneBuildCache()
        continue
      }
      const candidate = (await candidates()).find((found) => found.id === id)
      detail(candidate?.title ?? id)
      if (candidate && (await tryTo(() => remove(candidate)))) freed += sizes.get(id) ?? 0
      else left.push(id)
    }
    notice(`Freed ${formatBytes(freed)}.`)
    if (left.length > 0) notice(`Left where it is, as it is gone, in use or needed now: ${left.join(', ')}.`.slice(0, 1000))
  }

  return {
    removeAll,
    async preview(signal) {
      await services.ready()
      const [found, cache] = await Promise.all([candidates(), orNull(engine.diskUsage.buildCacheBytes(signal))])
      const sizes = await measure(found, signal)
      const items = found.map(({ id, kind, title, detail }) => ({ id, kind, title, detail, bytes: sizes.get(id) ?? null }))
      return cache === 0 ? items : [...items, buildCacheItem(cache)]
    },
  }
}

function buildCacheItem(bytes: number | null): CleanupItem {
  const detail = 'For all builds on this engine, not only Berth’s. The next build takes longer.'
  return { id: BUILD_CACHE, kind: 'build-cache', title: 'Build cache', detail, bytes }
}

/** One that the engine will not give up must not keep the others from going. */
async function tryTo(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!isBerthError(error, 'ENGINE_REFUSED')) throw error
    log.warn({ err: error }, 'something could not be cleaned up')
    return false
  }
}

async function orNull<Value>(measuring: Promise<Value>): Promise<Value | null> {
  try {
    return await measuring
  } catch (error) {
    if (!isBerthError(error, 'ENGINE_REFUSED')) throw error
    log.warn({ err: error }, 'something could not be measured')
    return null
  }
}
