import type { World } from '../world/world'
import type { EngineState, SimulatedContainer } from './engine-state'
import type { Program, ProgramProcess, Programs } from './programs'

/** How the next starts of workspaces go. */
export interface EntrypointChances {
  readyAfterMs(): number
  fails(): boolean
}

/** What Berth's image has inside, as far as a simulation needs it: its entrypoint, and the programs of helpers and keepers. */
export function berthPrograms(world: World, { readyAfterMs, fails }: EntrypointChances) {
  return (state: EngineState, container: SimulatedContainer): Programs => {
    const volumeAt = (path: string) => state.volumes.get(container.spec.volumes.find((mount) => mount.path === path)?.name ?? '')
    const later = (process: ProgramProcess, milliseconds: number, run: () => void) =>
      process.after(milliseconds + world.random.next() * 100, run)

    function entrypoint(process: ProgramProcess): Program {
      const failure = fails() ? 1 : null
      process.after(readyAfterMs(), () => {
        if (state.isFull) return process.exit(28)
        if (failure !== null) return process.exit(failure)
        process.write('stdout', 'berth: ready\n')
      })
      return { onTerm: () => process.after(20 + world.random.next() * 80, () => process.exit(0)) }
    }

    function stat(process: ProgramProcess): Program {
      later(process, 5, () => {
        process.write('stdout', state.isFull ? '0 1000000 4096\n' : '500000 1000000 4096\n')
        process.exit(0)
      })
      return {}
    }

    function measure(process: ProgramProcess): Program {
      later(process, 50, () => {
        for (const _ of container.spec.volumes) process.write('stdout', 'measured 1000 -\n')
        process.write('stdout', 'done\n')
        process.exit(0)
      })
      return endingWithInput(process)
    }

    function copy(process: ProgramProcess, isLive: boolean): Program {
      const pairs = container.spec.volumes.flatMap(({ path }) => (path.startsWith('/from/') ? [path.slice('/from/'.length)] : []))
      let onInput: () => void = () => undefined
      const full = () => {
        if (!state.isFull) return false
        process.write('stdout', 'failed no-space /to/0\n')
        process.exit(1)
        return true
      }
      const finish = () => {
        if (full()) return
        for (const index of pairs) {
          const to = volumeAt(`/to/${index}`)
          if (to) to.content = volumeAt(`/from/${index}`)?.content ?? to.content
        }
        process.write('stdout', 'done\n')
        process.exit(0)
      }
      later(process, 100, () => {
        if (full()) return
        // What is there of a copy under way is nobody's content.
        for (const index of pairs) {
          const to = volumeAt(`/to/${index}`)
          if (to) to.content = state.newContent()
        }
        process.write('stdout', 'progress 1 2\n')
        if (!isLive) return later(process, 200, finish)
        onInput = () => later(process, 50, finish)
        process.write('stdout', 'ready\n')
      })
      return { ...endingWithInput(process), onInput: () => onInput() }
    }

    return (command, process) => {
      const [program, action] = command
      if (program === undefined || program.endsWith('entrypoint')) return entrypoint(process)
      // A keeper's.
      if (program === 'sleep') return {}
      if (program === 'stat') return stat(process)
      if (action === 'measure') return measure(process)
      if (action === 'copy') return copy(process, command.includes('--live'))
      return null
    }
  }

  function endingWithInput(process: ProgramProcess): Program {
    return { onInputEnd: () => process.after(world.random.next() * 50, () => process.exit(1)) }
  }
}
