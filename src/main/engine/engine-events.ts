import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { z } from 'zod'
import { log } from '../log'
import { linesOf } from './lines-of'
import { imageIdOf } from './podman'

/** What of a container's life the rest of Berth wants to hear of. `exec_*` is left out: it would flood. */
const WATCHED_ACTIONS = ['create', 'start', 'die', 'destroy', 'rename', 'pause', 'unpause', 'oom', 'update'] as const

/** Podman's words for what Docker calls otherwise, as it tells of them and as it asks to be asked for them. */
const PODMAN_ACTIONS: Record<string, string> = { died: 'die', remove: 'destroy' }
const actionSchema = z.string().transform((action) => PODMAN_ACTIONS[action] ?? action)

const actorSchema = z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish() })

const engineEventSchema = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('container'), Action: actionSchema.pipe(z.enum(WATCHED_ACTIONS)), Actor: actorSchema, timeNano: z.number() }),
  z.object({ Type: z.literal('volume'), Action: actionSchema.pipe(z.literal('destroy')), Actor: actorSchema }),
  // One whose name is taken from it may still be there.
  z.object({ Type: z.literal('image'), Action: z.enum(['delete', 'untag']), Actor: actorSchema }),
  // Only managers of a Swarm tell of them.
  z.object({ Type: z.literal('node'), Action: z.enum(['create', 'update', 'remove']), Actor: actorSchema }),
])

type EngineEvent = z.infer<typeof engineEventSchema>

/** Something happened to a container. `attributes` has its labels, its `name`, and `exitCode` for `die`. */
export interface ContainerEvent {
  action: (typeof WATCHED_ACTIONS)[number]
  containerId: string
  attributes: Record<string, string>
  /** Milliseconds since 1970, by the engine's clock. */
  time: number
}

/** Something is gone: a container without the label, a volume, an image or its name. */
export interface RemovalEvent {
  kind: 'container' | 'volume' | 'image'
  /** Of a volume, its name. */
  id: string
}

export interface EventListeners {
  onContainer(event: ContainerEvent): void
  onRemoval(event: RemovalEvent): void
  /** A node of its Swarm has come, gone or changed. */
  onNode(): void
}

/**
 * Reads the engine's events of containers with the label, and of removals, until the stream ends, fails or contains something else; then
 * `onLost` is called once, with the cause if there is one. Returns a function that ends it without that call. Throws errors of the engine.
 * The engine does not filter by label, since events of volumes have none.
 */
export async function openEvents(
  docker: Docker,
  { label, isManager }: { label: string; isManager: boolean },
  listeners: EventListeners,
  onLost: (cause: unknown) => void,
): Promise<() => void> {
  const stream = (await docker.getEvents({
    filters: {
      // Podman refuses what it does not know.
      type: ['container', 'volume', 'image', ...(isManager ? (['node'] as const) : [])],
      event: [...WATCHED_ACTIONS, ...Object.keys(PODMAN_ACTIONS), 'delete', 'untag'],
    },
  })) as Readable
  let stopped = false
  readEvents(stream, label, listeners).then(
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
export async function readEvents(stream: Readable, label: string, listeners: EventListeners): Promise<void> {
  const [labelName = '', labelValue] = label.split('=')
  for await (const line of linesOf(stream)) {
    if (line.trim() === '') continue
    const event = engineEventSchema.safeParse(JSON.parse(line))
    // Engines have kinds of events that Berth does not know.
    if (!event.success) continue
    try {
      tell(event.data)
    } catch (error) {
      // What one listener makes of one event must not end the stream for all.
      log.error({ err: error, event: event.data }, 'an event of the engine could not be handled')
    }
  }

  function tell(event: EngineEvent): void {
    const { ID: id, Attributes } = event.Actor
    const attributes = Attributes ?? {}
    if (attributes.exitCode === undefined && attributes.containerExitCode !== undefined) attributes.exitCode = attributes.containerExitCode
    // Podman has the name of a volume where it has all names, and ids of images without the kind of digest.
    if (event.Type === 'volume') return listeners.onRemoval({ kind: 'volume', id: id || (attributes.name ?? '') })
    if (event.Type === 'node') return listeners.onNode()
    if (event.Type === 'image') return listeners.onRemoval({ kind: 'image', id: imageIdOf(id) })
    const isWatched = labelValue === undefined ? labelName in attributes : attributes[labelName] === labelValue
    if (isWatched) listeners.onContainer({ action: event.Action, containerId: id, attributes, time: event.timeNano / 1e6 })
    else if (event.Action === 'destroy') listeners.onRemoval({ kind: 'container', id })
  }
}
