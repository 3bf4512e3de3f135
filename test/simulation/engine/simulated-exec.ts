import type { Exec } from '../../../src/main/engine/exec'
import type { World } from '../world/world'
import type { ConnectionModel } from './connection-model'
import type { EngineState } from './engine-state'
import { createProgramStreams } from './program-streams'

/** Commands in containers. One that there is no program for ends with 127, and says so on its output as the runtime does. */
export function createSimulatedExec(world: World, state: EngineState, { call, onLost }: ConnectionModel): Exec {
  return {
    async start({ containerId, command, stdin }) {
      const streams = createProgramStreams(world, { onLost }, null)
      const ended = Promise.withResolvers<number>()
      const end = (code: number) => {
        ended.resolve(code)
        streams.end()
      }
      await call(`run ${command[0] ?? ''}`, () => {
        const program = state.exec(state.find(containerId), command, { write: streams.write, onExit: end })
        if (program) return streams.attach(program, stdin)
        streams.write('stdout', `OCI runtime exec failed: exec: "${command[0]}": executable file not found in $PATH: unknown\r\n`)
        end(127)
      })
      return {
        ...{ id: state.newId(), stdout: streams.stdout, stderr: streams.stderr, stdin: stdin ? streams.stdin : null },
        resize: () => call('resize the terminal', () => undefined),
        // Asked when the output is over, which is at its end or with the connection.
        exitCode: async () => {
          await streams.over
          return call('read the exit code', () => ended.promise)
        },
        destroy: streams.cut,
      }
    },
  }
}
