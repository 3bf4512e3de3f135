import { z } from 'zod'
import type { Engine } from '../engine/engine'
import { parseSaid, watchProgram } from '../engine/watch-program'
import { log } from '../log'

/** Data from inside is not trusted: longer lines end the watch, and entries beyond these numbers are left out. */
const LONGEST_LINE = 512 * 1024
export const MOST_LISTENERS = 256
const portSchema = z.number().int().min(1).max(65_535)
const addressSchema = z.union([z.ipv4(), z.ipv6()])

export const PORT_WATCH = '/usr/local/lib/berth/port-watch'
/** Exit codes of the engine when it could not run the program. */
const NO_PROGRAM = new Set([126, 127])

/** As the watcher in the workspace says it: `port-watch/main.c` of the image. */
const sightingSchema = z.object({
  address: addressSchema,
  port: portSchema,
  process: z.string().max(64).optional(),
  proxyTo: z.object({ address: addressSchema, port: portSchema }).optional(),
  container: z.object({ id: z.string().regex(/^[0-9a-f]{64}$/), address: addressSchema.nullable() }).optional(),
  /** In its own network that does not belong to a container. */
  elsewhere: z.boolean().optional(),
})
export type Sighting = z.infer<typeof sightingSchema>

const reportSchema = z.object({ listeners: z.array(z.unknown()) })

/**
 * Runs a program in the container that reports what listens there, at once and after each change, until the signal ends it. Resolves when
 * it has ended; with false if the container's image does not have this program.
 */
export async function watchListeners(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  { signal, onReport }: { signal: AbortSignal; onReport(sightings: Sighting[]): void },
): Promise<boolean> {
  return watchProgram(engine, { containerId, command: [PORT_WATCH] }, signal, {
    longestLine: LONGEST_LINE,
    absent: NO_PROGRAM,
    onLine(line) {
      const report = parseReport(line)
      if (!report) return 'other'
      onReport(report)
      return 'taken'
    },
  })
}

/** null if it is not a report. Invalid entries are left out individually. */
export function parseReport(line: string): Sighting[] | null {
  const parsed = reportSchema.safeParse(parseSaid(line))
  if (!parsed.success) return null
  const sightings: Sighting[] = []
  for (const listener of parsed.data.listeners) {
    if (sightings.length === MOST_LISTENERS) break
    const sighting = sightingSchema.safeParse(listener)
    if (sighting.success) sightings.push(sighting.data)
  }
  const left = parsed.data.listeners.length - sightings.length
  if (left > 0) log.debug({ left }, 'a report of ports was too long; the rest was left out')
  return sightings
}
