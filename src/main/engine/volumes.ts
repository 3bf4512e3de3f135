import { type EngineConnection, request } from './connection'
import { ignoreStatus, nullIfMissing } from './engine-errors'

export interface VolumeSummary {
  name: string
  labels: Record<string, string>
  createdAt: Date | null
  /** How the engine's local driver mounts it; empty for a folder of the engine's own. */
  options: Record<string, string>
}

/** Volumes of the engine. Every call throws ENGINE_UNREACHABLE, ENGINE_REFUSED or DISK_FULL when it cannot be done. */
export interface Volumes {
  /** All that have the label (“key” or “key=value”): one request. */
  list(label: string): Promise<VolumeSummary[]>
  inspect(name: string): Promise<VolumeSummary | null>
  /** Creates it, or returns the one of that name if there is one: the caller checks whose it is by its labels. */
  create(name: string, labels: Record<string, string>, options?: Record<string, string>): Promise<VolumeSummary>
  /** It being gone already is fine. */
  remove(name: string): Promise<void>
  /** Bytes each volume takes on disk, by name. The engine measures by walking them: this can take long. */
  sizes(signal: AbortSignal): Promise<Map<string, number>>
}

interface RawVolume {
  Name: string
  Labels: Record<string, string> | null
  CreatedAt?: string
  Options?: Record<string, string> | null
}

interface DiskUsage {
  Volumes: { Name: string; UsageData?: { Size: number } | null }[] | null
}

export function createVolumes(connection: EngineConnection): Volumes {
  return {
    list: (label) =>
      request(connection, 'list the volumes', async (docker) => {
        const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [label] } })
        return volumes.map(toSummary)
      }),
    inspect: (name) =>
      request(connection, `read volume ${name}`, async (docker) => {
        const volume = await nullIfMissing(docker.getVolume(name).inspect())
        return volume && toSummary(volume)
      }),
    create: (name, labels, options = {}) =>
      request(connection, `create volume ${name}`, async (docker) => {
        await docker.createVolume({ Name: name, Labels: labels, DriverOpts: options })
        return toSummary(await docker.getVolume(name).inspect())
      }),
    remove: (name) => request(connection, `remove volume ${name}`, (docker) => ignoreStatus(404, docker.getVolume(name).remove()), 'work'),
    sizes: (signal) =>
      request(
        connection,
        'measure the volumes',
        async (docker) => {
          // Its types leave out that it takes options.
          const usage: DiskUsage = await (docker as unknown as { df(options: { abortSignal: AbortSignal }): Promise<DiskUsage> }).df({
            abortSignal: signal,
          })
          const measured = (usage.Volumes ?? []).filter((volume) => (volume.UsageData?.Size ?? -1) >= 0)
          return new Map(measured.map((volume) => [volume.Name, volume.UsageData?.Size ?? 0]))
        },
        'long',
      ),
  }
}

function toSummary(volume: RawVolume): VolumeSummary {
  return {
    name: volume.Name,
    labels: volume.Labels ?? {},
    createdAt: volume.CreatedAt ? new Date(volume.CreatedAt) : null,
    options: volume.Options ?? {},
  }
}
