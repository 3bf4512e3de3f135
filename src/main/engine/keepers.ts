import { type EngineConnection, request } from './connection'

/** A container that does nothing but run: the engine's clean-up spares its image and its volumes. */
export interface KeeperSpec {
  name: string
  image: string
  labels: Record<string, string>
  /** The engine would create one that is missing: it then carries `labels` and nothing else. */
  volumes: string[]
}

export interface Keepers {
  /** Creates and starts it; returns its id. What could not be started is removed. Throws ENGINE_REFUSED when the image has no `sleep`. */
  start(spec: KeeperSpec): Promise<string>
}

/** Measured: half a megabyte for `sleep` and the kernel’s share of it. */
const MEMORY_BYTES = 16 * 1024 * 1024

export function createKeepers(connection: EngineConnection): Keepers {
  return {
    start: (spec) =>
      request(
        connection,
        `keep ${spec.volumes.join(', ') || spec.image}`,
        async (docker) => {
          const container = await docker.createContainer({
            name: spec.name,
            Image: spec.image,
            Entrypoint: ['sleep', 'infinity'],
            Cmd: [],
            User: '65534:65534',
            WorkingDir: '/',
            Labels: spec.labels,
            // As the first process of a container it would not hear TERM.
            StopSignal: 'SIGKILL',
            Healthcheck: { Test: ['NONE'] },
            HostConfig: {
              NetworkMode: 'none',
              ReadonlyRootfs: true,
              CapDrop: ['ALL'],
              SecurityOpt: ['no-new-privileges'],
              Memory: MEMORY_BYTES,
              PidsLimit: 4,
              // After a restart of the engine or the machine it protects before Berth is there.
              RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
              LogConfig: { Type: 'none', Config: {} },
              Mounts: spec.volumes.map((volume, index) => ({
                Type: 'volume',
                Source: volume,
                Target: `/kept/${index}`,
                ReadOnly: true,
                VolumeOptions: { NoCopy: true, Labels: spec.labels, DriverConfig: { Name: '', Options: {} } },
              })),
            },
          })
          try {
            await container.start()
          } catch (error) {
            await container.remove({ force: true })
            throw error
          }
          return container.id
        },
        'work',
      ),
  }
}
