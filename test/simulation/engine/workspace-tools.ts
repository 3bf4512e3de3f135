import type { World } from '../world/world'
import type { Content } from './content'
import { devcontainerTools } from './devcontainer-tools'
import type { EngineState } from './engine-state'
import type { Program, ProgramProcess } from './programs'
import type { SimulatedContainer } from './simulated-container'

const HOME = '/home/workspace'
/** Of `engine/tracked-exec.ts`: a few lines of shell that say which process they are, then become the command behind these arguments. */
const LAUNCHER_MARK = 'getent passwd'
const LAUNCHER_ARGUMENTS = 7

/** Told when a program in a workspace writes to its home. */
export type OnHomeWritten = (container: SimulatedContainer, content: Content) => void

/** What Berth runs in workspaces: its watchers, and commands of git and the shell. */
export function workspaceTools(world: World, onHomeWritten: OnHomeWritten) {
  /** Contents of home volumes with a repository in them, and all that came of these. */
  const withRepo = new Set<Content>()

  return (state: EngineState, container: SimulatedContainer) => {
    const home = () => state.volumes.get(container.spec.volumes.find(({ path }) => path === HOME)?.name ?? '')
    const hasRepo = () => {
      for (let content = home()?.content ?? null; content !== null; content = state.originOf(content))
        if (withRepo.has(content)) return true
      return false
    }

    /** By the content that it came with: two of three repositories have one. */
    const hasConfig = () => {
      for (let content = home()?.content ?? null; content !== null; content = state.originOf(content))
        if (withRepo.has(content)) return content % 3 !== 0
      return false
    }
    const devcontainer = devcontainerTools(world, state, container, hasConfig)

    function watchState(process: ProgramProcess, takes: boolean): Program {
      const { startedAt } = container
      const received: Buffer[] = []
      let isReady = false
      let isWatching = false
      const look = () => {
        if (isReady || !container.log.some(({ time, text }) => text === 'berth: ready' && startedAt !== null && time >= startedAt)) return
        isReady = true
        process.write('stdout', '{"state":"ready"}\n')
      }
      const watch = () => {
        isWatching = true
        process.write('stdout', '{"state":"starting"}\n')
        container.watchers.add(look)
        look()
      }
      if (!takes) watch()
      return {
        onInput(bytes) {
          if (isWatching) return
          received.push(bytes)
          const environment = readHandOver(Buffer.concat(received))
          if (environment === null) return
          container.handedOver = environment
          process.write('stdout', '{"state":"taken"}\n')
          watch()
        },
        onInputEnd() {
          container.watchers.delete(look)
          process.exit(0)
        },
      }
    }

    function watchPorts(process: ProgramProcess): Program {
      process.write('stdout', '{"listeners":[]}\n')
      return { onInputEnd: () => process.exit(0) }
    }

    /** Its exit code. */
    function outcomeOf(command: readonly string[]): number {
      const volume = home()
      if (command[0] === 'test') return hasRepo() ? 0 : 1
      if (command[0] === 'git' && command[1] === 'clone') return world.random.chance(0.8) ? 0 : 128
      if (command[0] === 'mv' && volume) {
        volume.content = state.newContent(volume.content)
        withRepo.add(volume.content)
        onHomeWritten(container, volume.content)
      }
      return 0
    }

    /** A script of the user's, run as by `provisioning/run-script.ts`: its last words begin with what the command says. */
    function playScript(process: ProgramProcess, end: string): Program {
      process.after(300 + world.random.next() * 3000, () => {
        process.write('stdout', world.random.chance(0.7) ? `done\n${end} 0 \n` : `no\n${end} 7 3\n`)
        process.exit(0)
      })
      return {}
    }

    function launch(process: ProgramProcess, command: readonly string[]): Program {
      process.write('stdout', `17 1234 ${command[0]}\n`)
      const end = command.find((argument) => argument.startsWith('berth-end-'))
      if (end !== undefined) return playScript(process, end)
      // Takes what is written to a log.
      if (command[2]?.includes('exec cat')) return { onInputEnd: () => process.exit(0) }
      const ofDevcontainer = devcontainer(process, command)
      if (ofDevcontainer) return ofDevcontainer
      const milliseconds = command[0] === 'git' ? 500 + world.random.next() * 3000 : world.random.next() * 30
      process.after(milliseconds, () => {
        if (command[0] === '/bin/sh' && command[2]?.startsWith('cat /etc/berth/ssh')) process.write('stdout', hostKeyOf(container))
        process.exit(outcomeOf(command))
      })
      return {}
    }

    return (command: readonly string[], process: ProgramProcess): Program | null => {
      const [program = '', action, script = ''] = command
      if (program.endsWith('/state-watch')) return watchState(process, action === 'take')
      if (program.endsWith('/port-watch')) return watchPorts(process)
      if (program === 'sh' && script.includes(LAUNCHER_MARK)) return launch(process, command.slice(LAUNCHER_ARGUMENTS))
      // What signals the processes of a command that is to end.
      if (program === 'sh') return launch(process, ['kill'])
      return null
    }
  }
}

/** The variables in what is handed over (`provisioning/handed-over.ts`); null while it is not all there. */
function readHandOver(input: Buffer): Record<string, string> | null {
  const end = input.indexOf('\n')
  if (end === -1) return null
  const [credential = 0, environment = 0] = input.toString('utf8', 0, end).split(' ').map(Number)
  const from = end + 1 + credential
  if (input.length < from + environment) return null
  const entries = input
    .toString('utf8', from, from + environment)
    .split('\0')
    .slice(1, -1)
  return Object.fromEntries(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]))
}

/** The workspace's own: the entrypoint makes them for its id. */
function hostKeyOf({ spec }: SimulatedContainer): string {
  return `ssh-ed25519 ${Buffer.from(`host key of ${spec.environment.BERTH_WORKSPACE_ID ?? 'nobody'}`).toString('base64')} berth\n`
}
