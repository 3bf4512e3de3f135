import type { World } from '../world/world'
import type { EngineState } from './engine-state'
import type { Program, ProgramProcess, Programs } from './programs'
import type { SimulatedContainer } from './simulated-container'
import { askPool } from './simulated-pool'
import { volumeTransfer } from './volume-transfer'
import { type OnHomeWritten, workspaceTools } from './workspace-tools'

/** How the next starts of workspaces go. */
export interface EntrypointChances {
  readyAfterMs(): number
  fails(): boolean
  onHomeWritten?: OnHomeWritten
}

/** What Berth's image has inside, as far as a simulation needs it: its entrypoint, and the programs of helpers and keepers. */
export function berthPrograms(world: World, { readyAfterMs, fails, onHomeWritten = () => undefined }: EntrypointChances) {
  const toolsOf = workspaceTools(world, onHomeWritten)
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
      const copyContent = (index: string) => {
        const to = volumeAt(`/to/${index}`)
        if (to) to.content = volumeAt(`/from/${index}`)?.content ?? to.content
      }
      const finish = (left: string[]) => {
        if (full()) return
        for (const index of left) copyContent(index)
        process.write('stdout', 'done\n')
        process.exit(0)
      }
      // One volume after the other: what stands still is the same at the end as at the beginning.
      const copyOne = (at: number) =>
        later(process, 100, () => {
          const index = pairs[at]
          if (index === undefined) return finish([])
          copyContent(index)
          copyOne(at + 1)
        })
      later(process, 100, () => {
        if (full()) return
        // What is there of a copy under way is nobody's content.
        for (const index of pairs) {
          const to = volumeAt(`/to/${index}`)
          if (to) to.content = state.newContent()
        }
        process.write('stdout', 'progress 1 2\n')
        if (!isLive) return copyOne(0)
        onInput = () => later(process, 50, () => finish(pairs))
        process.write('stdout', 'ready\n')
      })
      return { ...endingWithInput(process), onInput: () => onInput() }
    }

    /** A request a line, one after the other. */
    function servePool(process: ProgramProcess): Program {
      const requests: string[] = []
      const next = () => {
        const [request] = requests
        if (request === undefined) return
        later(process, 5, () => {
          for (const line of askPool(state.pool, request, state.isFull)) process.write('stdout', `${line}\n`)
          requests.shift()
          next()
        })
      }
      return {
        ...endingWithInput(process),
        onInput(bytes) {
          const isIdle = requests.length === 0
          requests.push(
            ...bytes
              .toString()
              .split('\n')
              .filter((line) => line !== ''),
          )
          if (isIdle) next()
        },
      }
    }

    const transfer = volumeTransfer(world, state, container)
    const tools = toolsOf(state, container)
    return (command, process) => {
      const [program, action] = command
      if (program === undefined || program.endsWith('entrypoint')) return entrypoint(process)
      // A keeper's.
      if (program === 'sleep') return {}
      if (program === 'stat') return stat(process)
      if (action === 'measure') return measure(process)
      if (action === 'copy') return copy(process, command.includes('--live'))
      if (program.endsWith('volume-pool')) return servePool(process)
      return transfer(command, process) ?? tools(command, process)
    }
  }

  function endingWithInput(process: ProgramProcess): Program {
    return { onInputEnd: () => process.after(world.random.next() * 50, () => process.exit(1)) }
  }
}
