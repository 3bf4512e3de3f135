import { z } from 'zod'
import { nestedEngineSchema } from '../../../shared/nested-engine'
import type { Engine } from '../../engine/engine'
import { hostKeySchema } from '../../engine/host-keys'
import { parseSaid, watchProgram } from '../../engine/watch-program'
import { STATE_WATCH } from '../../provisioning/runtime-files'

/** What the entrypoint of a workspace notes; `waiting` are names of nested containers and programs that have not ended yet. */
const stateSchema = z.discriminatedUnion('state', [
  /** What was handed over to `state-watch` is in place. Comes before all others. */
  z.object({ state: z.literal('taken') }),
  z.object({ state: z.literal('starting') }),
  /** With its ssh host keys, “type key”, and how its nested engine fares; entrypoints of older Berths leave these out. */
  z.object({
    state: z.literal('ready'),
    hostKeys: z.array(hostKeySchema).max(20).optional(),
    // Changes made inside do not stop a workspace from being ready.
    nestedEngine: nestedEngineSchema.optional().catch(undefined),
  }),
  z.object({ state: z.literal('stopping'), waiting: z.array(z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/)).max(20) }),
])
export type WorkspaceState = z.infer<typeof stateSchema>

const LONGEST_LINE = 8192
/** Far more than one run has; a file that somebody inside fills is not read to its end. */
const MOST_LINES = 5000
/** Exit codes: `state-watch` found no notes; the engine could not run it, as it is not there. */
const NO_NOTES = new Set([3, 126, 127])

/**
 * What the workspace has noted since its container started, and each note as it comes, over a channel that its programs do not share.
 * With `handOver` (`handOverInput`) the workspace is given that first; one that an older Berth has started says all but “taken”.
 * Ends when `onState` returns true, the signal is aborted, or the watch ends. Returns whether the workspace keeps such notes: those with an older
 * entrypoint do not. Throws ENGINE_REFUSED when the container does not run.
 */
export async function watchState(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  signal: AbortSignal,
  onState: (state: WorkspaceState) => boolean,
  handOver?: Buffer,
): Promise<boolean> {
  let lines = 0
  const command = handOver ? [STATE_WATCH, 'take'] : [STATE_WATCH]
  return watchProgram(engine, { containerId, command, cwd: '/' }, signal, {
    input: handOver,
    longestLine: LONGEST_LINE,
    absent: NO_NOTES,
    onLine(line) {
      lines += 1
      if (lines > MOST_LINES) return 'enough'
      const state = stateSchema.safeParse(parseSaid(line)).data
      if (!state) return 'other'
      return onState(state) ? 'enough' : 'taken'
    },
  })
}
