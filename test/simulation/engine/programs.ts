import type { World } from '../world/world'

/** What a program in a simulated container sees of the world, until it ends. */
export interface ProgramProcess {
  /** Runs it later, unless the program has ended by then. While its container is paused it waits. */
  after(milliseconds: number, run: () => void): void
  /** Without a line end of its own. */
  write(stream: 'stdout' | 'stderr', text: string | Buffer): void
  exit(code: number): void
}

/** How a program takes what comes from outside. Without `onTerm` it ends with 143, as under an init. */
export interface Program {
  onTerm?: () => void
  onInput?: (bytes: Buffer) => void
  onInputEnd?: () => void
}

/** Starts the program of that command; null when the container has no such program. */
export type Programs = (command: readonly string[], process: ProgramProcess) => Program | null

export interface RunningProgram extends Program {
  /** Its file. */
  readonly command: string
  readonly hasEnded: boolean
  /** Ends it from outside. */
  kill(code: number): void
}

interface ProgramHost {
  isPaused(): boolean
  write(stream: 'stdout' | 'stderr', text: string | Buffer): void
  onExit(code: number): void
}

const PAUSED_MS = 20

/** Programs are the engine's: they go on when Berth is killed. Returns null when there is no such program. */
export function startProgram(world: World, programs: Programs, command: readonly string[], host: ProgramHost): RunningProgram | null {
  let hasEnded = false
  const exit = (code: number) => {
    if (hasEnded) return
    hasEnded = true
    host.onExit(code)
  }
  const process: ProgramProcess = {
    after(milliseconds, run) {
      const go = () => {
        if (hasEnded) return
        if (host.isPaused()) world.after(PAUSED_MS, go, 'outside')
        else run()
      }
      world.after(milliseconds, go, 'outside')
    },
    write: (stream, text) => void (hasEnded || host.write(stream, text)),
    // Never before it has begun.
    exit: (code) => void world.after(0, () => exit(code), 'outside'),
  }
  const program = programs(command, process)
  return (
    program && {
      ...program,
      command: command[0] ?? '',
      onTerm: program.onTerm ?? (() => exit(143)),
      get hasEnded() {
        return hasEnded
      },
      kill: exit,
    }
  )
}
