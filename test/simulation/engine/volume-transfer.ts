import type { VolumeMode } from '../../../src/main/storage/between-engines/volume-scripts'
import type { World } from '../world/world'
import type { EngineState } from './engine-state'
import type { Program, ProgramProcess } from './programs'
import type { SimulatedContainer } from './simulated-container'
import type { SimulatedVolume } from './volume-store'

const VOLUME = '/volume'
/** `sh -c SCRIPT sh MODE`; the source's goes on with the arguments of its rsync. */
const MODE = 4
/** Of rsync: the other side has gone, or its disk is full. */
const CLOSED = 12
const FULL = 11
const MIXED = 'mixed'

/** When the last pass into a volume began, by the source's clock, in seconds. */
const passes = new WeakMap<SimulatedVolume, string>()

/**
 * The two helpers that bring a volume from one engine to another (`storage/between-engines/volume-scripts.ts`), with all that Berth hears and says; null
 * for any other command. What the two rsyncs say to each other is one line here: what is in the source.
 */
export function volumeTransfer(world: World, state: EngineState, { spec }: SimulatedContainer) {
  const name = spec.volumes.find(({ path }) => path === VOLUME)?.name ?? ''
  const later = (process: ProgramProcess, milliseconds: number, run: () => void) =>
    process.after(milliseconds * (0.5 + world.random.next()), run)

  /** The lines of its input, each to the function that the one before has returned. */
  function byLines(first: LineTaker): Required<Pick<Program, 'onInput'>> {
    let unfinished = ''
    let take = first
    return {
      onInput(bytes) {
        const lines = `${unfinished}${bytes}`.split('\n')
        unfinished = lines.pop() ?? ''
        for (const line of lines) take = take(line) ?? take
      },
    }
  }

  function source(process: ProgramProcess, volume: SimulatedVolume): Program {
    const end: LineTaker = (line) => {
      if (line === 'whole') later(process, 20, () => process.exit(0))
    }
    const begin: LineTaker = () => {
      later(process, 50, () => {
        const before = volume.content
        process.write('stdout', '0\nrsync\n--server\n\n')
        process.write('stderr', '500 50% 1.00MB/s\r')
        // It is read file by file.
        later(process, 200, () => process.write('stdout', `${volume.content === before ? before : MIXED}\n`))
      })
      return end
    }
    later(process, 30, () => process.write('stdout', `1000 ${Math.floor(world.clock() / 1000)} -\n`))
    const onInputEnd = () => {
      process.write('stderr', 'rsync: connection unexpectedly closed\n')
      later(process, 20, () => process.exit(CLOSED))
    }
    return { ...byLines(begin), onInputEnd }
  }

  function target(process: ProgramProcess, volume: SimulatedVolume, mode: VolumeMode): Program {
    const since = passes.get(volume) ?? '-'
    let began = ''
    let content = 0
    const end: LineTaker = (word) => {
      if (word !== 'done') return
      later(process, 20, () => {
        if (mode === 'pass') passes.set(volume, began)
        else {
          passes.delete(volume)
          volume.content = content
        }
        process.exit(0)
      })
    }
    const receive: LineTaker = (said) => {
      later(process, 100, () => {
        if (state.isFull) {
          process.write('stderr', 'rsync: write failed on "/volume/file": No space left on device (28)\n')
          return process.exit(FULL)
        }
        content = said === MIXED ? state.newContent() : Number(said)
        // With the folder that the final pass removes.
        volume.content = state.newContent(content)
        process.write('stdout', 'whole\n')
      })
      return end
    }
    const options: LineTaker = (line) => (line === '' ? receive : undefined)
    const changed: LineTaker = () => options
    const begin: LineTaker = (time) => {
      // What is there of a copy under way is nobody's content.
      volume.content = state.newContent()
      began = time
      if (!passes.has(volume)) passes.set(volume, time)
      return changed
    }
    later(process, 30, () => process.write('stdout', `0 ${since} -\n`))
    return { ...byLines(begin), onInputEnd: () => later(process, 20, () => process.exit(1)) }
  }

  return (command: readonly string[], process: ProgramProcess): Program | null => {
    const volume = state.volumes.get(name)
    const mode = command[MODE]
    if (command[0] !== 'sh' || !volume || (mode !== 'pass' && mode !== 'final')) return null
    return command.length > MODE + 1 ? source(process, volume) : target(process, volume, mode)
  }
}

/** Returns who takes the next line, if it is another. */
type LineTaker = (line: string) => LineTaker | undefined
