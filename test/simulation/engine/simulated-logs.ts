import type { Containers } from '../../../src/main/engine/containers'
import type { World } from '../world/world'
import type { ConnectionModel } from './connection-model'
import type { EngineState } from './engine-state'
import { connectionLost } from './program-streams'
import { isRunning, type SimulatedContainer } from './simulated-container'

/** Lines are cut to the tail first, then to the times, as the engine does it. */
export function simulatedLogs(world: World, state: EngineState, { call, onLost }: ConnectionModel): Containers['logs'] {
  const process = world.process()

  function nextLine(container: SimulatedContainer, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        container.watchers.delete(wake)
        signal.removeEventListener('abort', wake)
        forget()
      }
      const wake = () => {
        end()
        // A process that was killed hears nothing more.
        if (world.process() === process) resolve()
      }
      const forget = onLost(() => {
        end()
        reject(connectionLost('read the log'))
      })
      container.watchers.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  return async function* logs(id, { follow, tail, since, until, signal }) {
    const container = await call('read the log', () => state.find(id))
    const [from, to] = [millisecondsOf(since) ?? 0, millisecondsOf(until) ?? Number.POSITIVE_INFINITY]
    let position = tail === 'all' ? 0 : Math.max(0, container.log.length - tail)
    while (!signal.aborted) {
      const line = container.log[position]
      if (line) {
        position += 1
        const time = line.time.getTime()
        if (time > to) return
        if (time >= from) yield { time: line.time.toISOString(), stream: line.stream, text: line.text }
      } else if (!follow || !isRunning(container)) return
      else await nextLine(container, signal)
    }
  }
}

function millisecondsOf(time: Date | string | undefined): number | null {
  if (time === undefined) return null
  return typeof time === 'string' ? Number(time) * 1000 : time.getTime()
}
