import type { Engine } from '../../engine/engine'
import { log } from '../../log'
import { HURRIED_STOP_SECONDS, STOP_TIMEOUT_SECONDS } from './workspace-resources'
import { watchState } from './workspace-state'

/** Most stops have ended by then, and need no exec that says what they wait for. */
const WATCH_AFTER_MS = 700
/** What is hurried has been asked to end already. */
const HURRIED_GRACE_MS = 1000

export interface StopOptions {
  /** Ask, and kill after two seconds what has not ended. */
  now?: boolean | undefined
  /** What it waits for, in words: “Waiting for postgres…”. */
  onWaiting: (text: string) => void
}

/** Stopping the containers of workspaces: the only way in which Berth does it. */
export interface ContainerStops {
  /**
   * Asks everything inside to end, nested containers too, each for as long as its stop timeout says, and resolves when the container has
   * stopped; at once if it was not running. `workspaceId` is whose operation it belongs to.
   */
  stop(container: { containerId: string; workspaceId: string }, options: StopOptions): Promise<void>
  /** Has a stop that is under way kill soon what it waits for. Returns the workspace whose operation it is; null when there is none. */
  hurry(containerId: string): string | null
}

export function createContainerStops(engine: Pick<Engine, 'containers' | 'exec'>): ContainerStops {
  const underWay = new Map<string, { workspaceId: string; hurry: () => void }>()

  async function killSoon(containerId: string, ended: AbortSignal): Promise<void> {
    await pause(HURRIED_GRACE_MS, ended)
    if (!ended.aborted) await engine.containers.kill(containerId)
  }

  /** Until the stop has ended. It has before it could be asked, mostly; nothing depends on it, and a busy engine is asked again. */
  async function tellOfWaiting(containerId: string, ended: AbortSignal, onWaiting: StopOptions['onWaiting']): Promise<void> {
    for (let delay = WATCH_AFTER_MS; ; delay *= 2) {
      await pause(delay, ended)
      if (ended.aborted) return
      try {
        await watchState(engine, containerId, ended, (state) => {
          if (state.state === 'stopping' && state.waiting.length > 0 && !ended.aborted) onWaiting(`Waiting for ${inWords(state.waiting)}…`)
          return false
        })
        return
      } catch (error) {
        log.debug({ err: error, containerId }, 'a stop could not be watched')
      }
    }
  }

  return {
    async stop({ containerId, workspaceId }, { now = false, onWaiting }) {
      const ended = new AbortController()
      const { signal } = ended
      let isHurried = now
      const hurry = () => {
        if (isHurried) return
        isHurried = true
        killSoon(containerId, signal).catch((error: unknown) => log.warn({ err: error, containerId }, 'a stop could not be sped up'))
      }
      underWay.set(containerId, { workspaceId, hurry })
      void tellOfWaiting(containerId, signal, onWaiting)
      try {
        await engine.containers.stop(containerId, now ? HURRIED_STOP_SECONDS : STOP_TIMEOUT_SECONDS)
      } finally {
        ended.abort()
        underWay.delete(containerId)
      }
    },
    hurry(containerId) {
      const stop = underWay.get(containerId)
      stop?.hurry()
      return stop?.workspaceId ?? null
    },
  }
}

function inWords(names: string[]): string {
  const [first = '', second] = names
  if (names.length > 2) return `${first}, ${second} and ${names.length - 2} more`
  return names.length === 2 ? `${first} and ${second}` : first
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
