import type { HostMachine } from '../../../src/main/host/host-machine'
import { BerthError } from '../../../src/shared/errors'
import type { EngineState } from '../engine/engine-state'
import { createProgramStreams } from '../engine/program-streams'
import { startProgram } from '../engine/programs'
import type { SimulatedContainer } from '../engine/simulated-container'
import { workspaceTools } from '../engine/workspace-tools'
import type { FileStore } from '../world/file-store'
import type { World } from '../world/world'

/** This machine, for host workspaces: its folders are in the file store, and its programs those of a workspace. They go on when Berth is killed. */
export function createSimulatedHost(world: World, files: FileStore, engine: EngineState): HostMachine {
  const nowhere = { spec: { volumes: [], environment: {}, labels: {} }, log: [], watchers: new Set(), startedAt: null }
  const tools = workspaceTools(world, () => undefined)(engine, nowhere as unknown as SimulatedContainer)
  const unsupported = () => Promise.reject(new Error('the simulated machine has no such call'))
  return {
    exec: {
      async start({ command, stdin }) {
        await world.pause(1, 20)
        const process = world.process()
        // A Berth that was killed hears of nothing any more.
        const toBerth = (tell: () => void) => void (world.process() === process && tell())
        const streams = createProgramStreams(world, { onLost: () => () => undefined }, null)
        const ended = Promise.withResolvers<number>()
        const onExit = (code: number) =>
          toBerth(() => {
            ended.resolve(code)
            streams.end()
          })
        const write: typeof streams.write = (stream, text) => toBerth(() => streams.write(stream, text))
        const program = startProgram(world, tools, command, { isPaused: () => false, write, onExit })
        if (program) streams.attach(program, stdin)
        else onExit(127)
        return {
          ...{ id: command[0] ?? '', stdout: streams.stdout, stderr: streams.stderr, stdin: stdin ? streams.stdin : null },
          resize: () => world.pause(0, 1),
          exitCode: () => ended.promise,
          destroy: streams.cut,
        }
      },
    },
    containers: {
      fileSize: unsupported,
      fileStatus: unsupported,
      readFile: unsupported,
      readArchive: unsupported,
      writeArchive: unsupported,
    },
    listenersIn: unsupported,
    processesIn: unsupported,
    // What runs in them is not simulated.
    withProcesses: async () => new Set<string>(),
    async copyFolder(source, target, { signal }) {
      for (const name of files.listNow(source)) {
        await world.pause(20, 600)
        if (signal.aborted) throw new BerthError('CANCELLED', 'The copy was cancelled.', { what: 'the copy', next: '' })
        try {
          await files.write(`${target}/${name}`, await files.read(`${source}/${name}`))
        } catch (error) {
          // Gone meanwhile, as its whole folder may be.
          const reason = error instanceof Error ? error.message : String(error)
          throw new BerthError('HOST_FOLDER_UNUSABLE', reason, { folder: source, reason, next: '' })
        }
      }
    },
  }
}
