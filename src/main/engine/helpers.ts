import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import type Docker from 'dockerode'
import { type EngineConnection, request } from './connection'
import { demultiplex } from './demultiplex'
import { ignoreStatus } from './engine-errors'

/** A container that does one piece of work and goes: no network, no capability that is not named, a root folder nobody writes to. */
export interface HelperSpec {
  image: string
  labels: Record<string, string>
  /** Program and arguments; no shell in between. */
  command: string[]
  capabilities: string[]
  volumes: { name: string; path: string; readOnly: boolean }[]
  /** The host's /dev, for those devices only (as for `--device-cgroup-rule`). Mounting needs the engine's confinement off, too. */
  devices?: { rules: string[] } | undefined
}

/** A helper that runs. It ends with its program, or with the connection, as its program is expected to end with its input. */
export interface Helper {
  id: string
  stdin: Writable
  stdout: Readable
  stderr: Readable
  /** Resolves when it has ended and is gone, so that its volumes are free. */
  exitCode(): Promise<number>
  /** Ends it at once, whatever it does, and resolves when it is gone; it having ended is fine. */
  kill(): Promise<void>
}

export interface Helpers {
  /** Throws ENGINE_REFUSED when the engine cannot run it, DISK_FULL, ENGINE_UNREACHABLE. The volumes must exist. */
  start(spec: HelperSpec): Promise<Helper>
}

export function createHelpers(connection: EngineConnection): Helpers {
  return {
    start: (spec) => request(connection, `run ${spec.command[0] ?? ''} in a helper container`, (docker) => start(docker, connection, spec)),
  }
}

async function start(docker: Docker, connection: EngineConnection, spec: HelperSpec): Promise<Helper> {
  const container = await docker.createContainer(createOptions(spec))
  // 409: it is being removed already, as it has ended.
  const remove = () => ignoreStatus(404, ignoreStatus(409, container.remove({ force: true })))
  try {
    // Attached and waited for before it starts, so that nothing of it is missed.
    const socket = (await container.attach({
      stream: true,
      hijack: true,
      stdin: true,
      stdout: true,
      stderr: true,
    })) as unknown as Socket
    const exit: Promise<{ StatusCode: number }> = container.wait({ condition: 'removed' })
    // Whoever wants to know asks for it below; until then a failure is nobody's.
    exit.catch(() => undefined)
    const outputs = demultiplex(socket)
    socket.on('error', (error) => {
      outputs.stdout.destroy(error)
    })
    await container.start()
    return {
      id: container.id,
      ...outputs,
      stdin: socket,
      exitCode: () => request(connection, 'wait for the helper container', async () => (await exit).StatusCode),
      kill: () =>
        request(connection, 'end the helper container', async () => {
          await remove()
          await exit
        }),
    }
  } catch (error) {
    await remove()
    throw error
  }
}

function createOptions(spec: HelperSpec): Docker.ContainerCreateOptions {
  return {
    Image: spec.image,
    Entrypoint: spec.command,
    Cmd: [],
    User: 'root',
    WorkingDir: '/',
    Labels: spec.labels,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: spec.capabilities,
      Mounts: spec.volumes.map((volume) => ({
        Type: 'volume',
        Source: volume.name,
        Target: volume.path,
        ReadOnly: volume.readOnly,
        VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: '', Options: {} } },
      })),
      LogConfig: { Type: 'none', Config: {} },
      ...(spec.devices
        ? {
            Binds: ['/dev:/dev'],
            DeviceCgroupRules: spec.devices.rules,
            SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
            Tmpfs: { '/run': '', '/tmp': '' },
          }
        : {}),
    },
  }
}
