import type { ContainerSpec } from '../../../src/main/engine/containers'
import { type HelperSpec, type Helpers, LABEL_HELPER } from '../../../src/main/engine/helpers'
import type { World } from '../world/world'
import type { ConnectionModel } from './connection-model'
import type { EngineState } from './engine-state'
import { connectionLost, createProgramStreams } from './program-streams'
import { refusal } from './refusal'

/** Helper containers: made, attached to and started by one request each, as Berth does it. */
export function createSimulatedHelpers(world: World, state: EngineState, { call, onLost }: ConnectionModel): Helpers {
  const remove = (id: string) =>
    call('end the helper container', () => {
      const container = state.findOrNull(id)
      if (container) state.removeContainer(container, true)
    })

  const held = new Set<string>()
  /** As Berth does: once at once, then a few times more. */
  async function removeLeft(mark: string, delay = 1000): Promise<void> {
    try {
      const found = await call('look for a helper container', () =>
        [...state.containers.values()].filter(({ spec }) => spec.labels[LABEL_HELPER] === mark),
      )
      for (const { id } of found) await remove(id)
    } catch {
      if (delay <= 60_000) world.after(delay, () => void removeLeft(mark, delay * 2))
    }
  }

  return {
    isHeld: (labels) => held.has(labels[LABEL_HELPER] ?? ''),
    async start(given) {
      const mark = state.newId()
      const spec = { ...given, labels: { ...given.labels, [LABEL_HELPER]: mark } }
      held.add(mark)
      const release = () => held.delete(mark)
      const what = `run ${spec.command[0] ?? ''} in a helper container`
      const streams = createProgramStreams(world, { onLost }, what)
      const gone = Promise.withResolvers<number>()
      gone.promise.then(release, release)
      const container = await call(
        what,
        () => {
          // By mounts, which do not make what is missing.
          for (const { name } of spec.volumes) if (!state.volumes.has(name)) throw refusal(404, `get ${name}: no such volume`)
          return state.create(containerOf(spec), { spec, write: streams.write })
        },
        20,
      ).catch((error: unknown) => {
        release()
        void removeLeft(mark)
        throw error
      })
      const { id } = container
      const forget = onLost(() => gone.reject(connectionLost('wait for the helper container')))
      // Called at its end, and at its removal if it never ran.
      container.watchers.add(() => {
        if (state.containers.has(id)) return
        forget()
        streams.end()
        gone.resolve(container.exitCode)
      })
      try {
        await call(
          what,
          () => {
            state.start(state.find(id))
            if (container.program) streams.attach(container.program)
          },
          50,
        )
      } catch (error) {
        release()
        streams.cut()
        await removeLeft(mark)
        throw error
      }
      return {
        ...{ id, stdin: streams.stdin, stdout: streams.stdout, stderr: streams.stderr },
        exitCode: () => gone.promise.then((code) => call('wait for the helper container', () => code)),
        async kill() {
          await remove(id)
          await gone.promise
        },
      }
    },
  }
}

function containerOf({ image, labels, volumes, command }: HelperSpec): ContainerSpec {
  return {
    ...{ name: '', image, hostname: '', labels, environment: {}, volumes, ports: [], capabilities: [], securityOptions: [] },
    ...{ unmaskedSystemPaths: false, extraHosts: [], stopTimeout: 0, entrypoint: command },
    limits: { memoryBytes: null, cpus: null, processes: null },
  }
}
