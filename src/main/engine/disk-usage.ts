import { Mutex } from 'async-mutex'
import { type EngineConnection, request } from './connection'
import { imageIdOf } from './podman'
import { presentContainers } from './present-containers'

/** What a container keeps from being removed. */
export interface InUse {
  volumes: Set<string>
  /** Ids of images. */
  images: Set<string>
}

/** What takes space on the engine, and what holds it. Calls throw ENGINE_UNREACHABLE, ENGINE_REFUSED, CANCELLED. */
export interface DiskUsage {
  /** Bytes of the own layer of each container that has the label, by its id: one request. */
  containerLayers(label: string, signal: AbortSignal): Promise<Map<string, number>>
  /** Everything that containers use, running or not, except for containers whose labels are in `ignored`. */
  inUse(ignored?: (labels: Record<string, string>) => boolean): Promise<InUse>
  /** Bytes of unused build cache. Engines before 23 walk all volumes for this, and refuse while another such request is running. */
  buildCacheBytes(signal: AbortSignal): Promise<number>
  /** Removes the build cache that nothing uses, and returns the bytes that were freed. */
  pruneBuildCache(): Promise<number>
}

interface RawUsage {
  BuildCache?: { InUse: boolean; Shared: boolean; Size: number }[] | null
}

export function createDiskUsage(connection: EngineConnection): DiskUsage {
  /** The page asks for the use and for what can be cleaned up at the same time. */
  const asking = new Mutex()

  return {
    containerLayers: (label, abortSignal) =>
      request(
        connection,
        'measure the containers',
        async (docker) => {
          const found = await docker.listContainers({ all: true, size: true, filters: { label: [label] }, abortSignal })
          // Its types leave out what `size` adds.
          return new Map(found.map((container: { Id: string; SizeRw?: number }) => [container.Id, container.SizeRw ?? 0]))
        },
        'long',
      ),
    inUse: (ignored = () => false) =>
      request(connection, 'list what is in use', async (docker) => {
        const found = (await presentContainers(docker, { all: true })).filter(({ Labels }) => !ignored(Labels))
        return {
          volumes: new Set(found.flatMap(({ Mounts }) => Mounts.flatMap(({ Name }) => (Name ? [Name] : [])))),
          images: new Set(found.map(({ ImageID }) => imageIdOf(ImageID))),
        }
      }),
    buildCacheBytes: (abortSignal) =>
      request(
        connection,
        'measure the build cache',
        async (docker) => {
          const usage = await asking.runExclusive(() => dialUsage(docker.modem, abortSignal))
          const unused = (usage.BuildCache ?? []).filter(({ InUse, Shared }) => !InUse && !Shared)
          return unused.reduce((sum, { Size }) => sum + Size, 0)
        },
        'long',
      ),
    pruneBuildCache: () =>
      request(
        connection,
        'remove the build cache',
        async (docker) => {
          const { SpaceReclaimed }: { SpaceReclaimed?: number } = await docker.pruneBuilder()
          return SpaceReclaimed ?? 0
        },
        'work',
      ),
  }
}

/** By hand, as dockerode cannot pass on which types are asked for; engines that do not know the question answer for all. */
function dialUsage(modem: { dial(options: object, callback: (error: unknown, data: unknown) => void): void }, abortSignal: AbortSignal) {
  return new Promise<RawUsage>((resolve, reject) => {
    const options = { path: '/system/df?type=build-cache', method: 'GET', abortSignal, statusCodes: { 200: true, 500: 'server error' } }
    modem.dial(options, (error, data) => {
      if (error) reject(error)
      // The modem hands on what the engine's JSON holds.
      else resolve(data as RawUsage)
    })
  })
}
