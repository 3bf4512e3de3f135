import { z } from 'zod'
import type { Engine } from '../engine/engine'
import { linesOf } from '../engine/lines-of'
import { log } from '../log'

const WATCHER = '/usr/local/lib/berth/port-watch'

/** As the watcher in the workspace says it: `port-watch/main.c` of the image. */
const sightingSchema = z.object({
  address: z.string(),
  port: z.number().int(),
  process: z.string().optional(),
  proxyTo: z.object({ address: z.string(), port: z.number().int() }).optional(),
  container: z.object({ id: z.string(), address: z.string().nullable() }).optional(),
  /** In a network of its own that is no container's. */
  elsewhere: z.boolean().optional(),
})
export type Sighting = z.infer<typeof sightingSchema>

const reportSchema = z.object({ listeners: z.array(sightingSchema) })

/**
 * Has a program in the container say what listens there, at once and after each change, until the signal ends it. Resolves when
 * it has ended; with false when the container's image has no such program.
 */
export async function watchListeners(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  { signal, onReport }: { signal: AbortSignal; onReport(sightings: Sighting[]): void },
): Promise<boolean> {
  const stream = await engine.exec.start({ containerId, command: [WATCHER], user: 'root', tty: false, stdin: true })
  // The program ends with its input.
  const end = () => stream.destroy()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  stream.stderr.resume()
  let reported = false
  try {
    for await (const line of linesOf(stream.stdout)) {
      const report = parse(line)
      if (!report) continue
      reported = true
      onReport(report)
    }
  } catch (error) {
    if (!signal.aborted) log.debug({ err: error, containerId }, 'the watcher of ports was cut off')
  } finally {
    signal.removeEventListener('abort', end)
    stream.destroy()
  }
  return reported
}

/** null for what is no report: the engine says on the same stream that a program could not be started. */
function parse(line: string): Sighting[] | null {
  if (!line.startsWith('{')) return null
  const parsed = reportSchema.safeParse(JSON.parse(line))
  return parsed.success ? parsed.data.listeners : null
}
