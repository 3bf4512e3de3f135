import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { z } from 'zod'
import { log } from '../log'
import { linesOf } from './lines-of'

/** What of a container's life the rest of Berth wants to hear of. `exec_*` is left out: it would flood. */
const WATCHED_ACTIONS = ['create', 'start', 'die', 'destroy', 'rename', 'pause', 'unpause', 'oom', 'update'] as const

const engineEventSchema = z.object({
  Type: z.literal('container'),
  Action: z.enum(WATCHED_ACTIONS),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
  timeNano: z.number(),
})

/** Something happened to a container. `attributes` has its labels, its `name`, and `exitCode` for `die`. */
export interface ContainerEvent {
  action: (typeof WATCHED_ACTIONS)[number]
  containerId: string
  attributes: Record<string, string>
  /** Milliseconds since 1970, by the engine's clock. */
  time: number
}

/**
 * Reads the engine's events of containers with the label until the stream ends, fails or says what is no event; `onLost` is called once then,
 * with the cause if there is one. Returns what ends it without that call. Throws what the engine throws.
 */
export async function openEvents(
  docker: Docker,
  label: string,
  onEvent: (event: ContainerEvent) => void,
  onLost: (cause: unknown) => void,
): Promise<() => void> {
  const stream = (await docker.getEvents({
    filters: { type: ['container'], label: [label], event: [...WATCHED_ACTIONS] },
  })) as Readable
  let stopped = false
  readEvents(stream, onEvent).then(
    () => {
      if (!stopped) onLost(null)
    },
    (error: unknown) => {
      if (!stopped) onLost(error)
    },
  )
  return () => {
    stopped = true
    stream.destroy()
  }
}

/** Resolves at the end of the stream. Throws what it failed with, or a SyntaxError for a line that is cut off or no JSON. */
export async function readEvents(stream: Readable, onEvent: (event: ContainerEvent) => void): Promise<void> {
  for await (const line of linesOf(stream)) {
    if (line.trim() === '') continue
    const event = engineEventSchema.safeParse(JSON.parse(line))
    // Engines have kinds of events that Berth does not know.
    if (!event.success) continue
    const { Action, Actor, timeNano } = event.data
    try {
      onEvent({ action: Action, containerId: Actor.ID, attributes: Actor.Attributes, time: timeNano / 1e6 })
    } catch (error) {
      // What one listener makes of one event must not end the stream for all.
      log.error({ err: error, action: Action, containerId: Actor.ID }, 'an event of the engine could not be handled')
    }
  }
}
