import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import type Docker from 'dockerode'
import { nanoid } from 'nanoid'
import { BerthError } from '../../shared/errors'
import { log } from '../log'
import { type EngineConnection, request } from './connection'
import { HELPER_IDLE_MS } from './deadlines'
import { demultiplex } from './demultiplex'
import { nullIfMissing } from './engine-errors'
import { removeAndWait } from './remove-container'

/** A container that does one piece of work and goes: no network, no capability that is not named, a root folder nobody writes to. */
export interface HelperSpec {
  image: string
  labels: Record<string, string>
  /** Program and arguments, run without a shell. */
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
  /** Whether somebody of this process holds the helper container with these labels; else it was left, by a lost connection or a former process. */
  isHeld(labels: Record<string, string>): boolean
}

const WAITING = 'wait for the helper container'
/** Podman looks again and again whether it has ended; the interval is its own option, which dockerode’s types do not have. */
const TO_END = { condition: 'not-running', interval: '50ms' } as Docker.ContainerWaitOptions
/** The exit code of a container that was killed. */
const KILLED = 137

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000

/** Tells the helpers of this process from those that were left. */
export const LABEL_HELPER = 'dev.berth.helper'

export function createHelpers(connection: EngineConnection): Helpers {
  const held = new Set<string>()
  return {
    isHeld: (labels) => held.has(labels[LABEL_HELPER] ?? ''),
    async start(given) {
      const mark = nanoid()
      const spec = { ...given, labels: { ...given.labels, [LABEL_HELPER]: mark } }
      const what = `run ${spec.command[0] ?? ''} in a helper container`
      held.add(mark)
      const id = await request(
        connection,
        what,
        async (docker) => (await docker.createContainer(createOptions(spec, removesItself(connection)))).id,
        'work',
      ).catch((error: unknown) => {
        held.delete(mark)
        // It may have been created although the answer was lost: then it holds the volumes.
        void removeLeft(connection, mark)
        throw error
      })
      try {
        const helper = await attachAndStart(connection, id, what)
        const release = () => held.delete(mark)
        helper.exitCode().then(release, release)
        return helper
      } catch (error) {
        held.delete(mark)
        await removeLeft(connection, mark)
        throw error
      }
    },
  }
}

/** All of it belongs into the address: dockerode would send it as the body as well, which Podman takes for the helper's input. */
const ATTACH = { _query: { stream: true, stdin: true, stdout: true, stderr: true }, _body: {}, hijack: true, stdin: true }

/** Attached and waited for before it starts, so that nothing of it is missed. */
async function attachAndStart(connection: EngineConnection, id: string, what: string): Promise<Helper> {
  const socket = (await request(connection, what, (docker) => docker.getContainer(id).attach(ATTACH))) as unknown as Socket
  const removal = removesItself(connection) ? whenRemoved(connection, id) : null
  removal?.catch(() => undefined)
  const outputs = demultiplex(socket)
  socket.on('error', (error) => {
    outputs.stdout.destroy(error)
    outputs.stderr.destroy(error)
  })
  socket.setTimeout(HELPER_IDLE_MS, () => socket.destroy(helperStuck(what)))
  try {
    await request(connection, what, (docker) => docker.getContainer(id).start(), 'work')
  } catch (error) {
    socket.destroy()
    throw error
  }
  const exit = removal ?? removeWhenEnded(connection, id)
  // When an engine is lost or stops answering, its streams do not end; readers must not wait forever.
  exit.catch((error: Error) => socket.destroy(error))
  return {
    id,
    ...outputs,
    stdin: socket,
    exitCode: () => exit,
    async kill() {
      try {
        await remove(connection, id)
        await exit
      } finally {
        // Whoever reads it must not go on waiting where it could not be ended.
        socket.destroy()
      }
    },
  }
}

/** Podman forgets the exit code of a container that it removes by itself. */
const removesItself = (connection: EngineConnection) => connection.capabilities().product !== 'podman'

/** Resolves with the exit code, when the engine has removed it. */
async function whenRemoved(connection: EngineConnection, id: string): Promise<number> {
  const { StatusCode: code, Error: failure } = await request(
    connection,
    WAITING,
    async (docker): Promise<{ StatusCode: number; Error?: object | null }> => docker.getContainer(id).wait({ condition: 'removed' }),
    'long',
  )
  // The wait ends, too, when the engine could not remove it.
  if (failure) await remove(connection, id)
  return code
}

/** The same, for an engine that leaves it where it is. It has been started. */
async function removeWhenEnded(connection: EngineConnection, id: string): Promise<number> {
  const code = await request(
    connection,
    WAITING,
    async (docker) => {
      const ended: { StatusCode: number } | null = await nullIfMissing(docker.getContainer(id).wait(TO_END))
      return ended?.StatusCode ?? KILLED
    },
    'long',
  )
  await remove(connection, id)
  return code
}

/** Tries once and, if that fails, a few more times in the background. After that, the next connection removes it. */
async function removeLeft(connection: EngineConnection, mark: string, delay = FIRST_RETRY_MS): Promise<void> {
  try {
    const found = await request(connection, 'look for a helper container', (docker) =>
      docker.listContainers({ all: true, filters: { label: [`${LABEL_HELPER}=${mark}`] } }),
    )
    for (const { Id: id } of found) await remove(connection, id)
  } catch (error) {
    log.warn({ err: error, mark }, 'a helper container that failed to start could not be removed')
    if (delay <= LONGEST_RETRY_MS) setTimeout(() => void removeLeft(connection, mark, delay * 2), delay).unref()
  }
}

/** Resolves when it is gone. Throws ENGINE_REFUSED when it stays, with the engine's reason. */
function remove(connection: EngineConnection, id: string): Promise<void> {
  return request(connection, 'remove the helper container', (docker) => removeAndWait(docker.getContainer(id)), 'work')
}

function helperStuck(what: string): BerthError<'TIMED_OUT'> {
  const seconds = HELPER_IDLE_MS / 1000
  return new BerthError('TIMED_OUT', `Could not ${what}: it made no progress for ${seconds / 60} minutes and was stopped.`, {
    what,
    seconds,
    next: 'Check the disk of the engine’s machine, then try again.',
  })
}

function createOptions(spec: HelperSpec, removesItself: boolean): Docker.ContainerCreateOptions {
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
    // As the first process of a container it would not hear TERM, and an engine that ends waits for it.
    StopSignal: 'SIGKILL',
    HostConfig: {
      AutoRemove: removesItself,
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
