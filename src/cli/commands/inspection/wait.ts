import type { Workspace } from '../../../shared/workspace'
import { CliError, problemError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { EXIT } from '../../exit-codes'
import { toFailure } from '../../failure'
import { applyEvent, readFeed, untilInterrupted } from '../../feed'
import { printJson, printLines, remark } from '../../output/output'
import { printWorkspace } from '../../output/print-workspace'
import { WAITED_STATES, type WaitedState } from './waited-states'

export interface WaitOptions {
  for: WaitedState
  /** Seconds; left out, as long as it takes. */
  timeout?: number
}

/**
 * Returns 0 once the workspace is as asked for, and EXIT.timedOut when that takes too long. Throws when it is deleted first, or has a problem that keeps
 * it from getting there.
 */
export async function waitFor(context: CliContext, reference: string, { for: state, timeout }: WaitOptions): Promise<number> {
  return withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.get({ workspace: reference }).catch(async (error: unknown) => {
      if (state === 'deleted' && (await toFailure(error)).code === 'WORKSPACE_NOT_FOUND') return null
      throw error
    })
    if (workspace === null) return tellDeleted(context, reference)
    const timedOut = AbortSignal.timeout(timeout === undefined ? LONGEST_MILLISECONDS : timeout * 1000)
    let reached: Workspace | null | undefined
    const follow = async (signal: AbortSignal) => {
      const workspaces = new Map<string, Workspace>()
      for await (const event of readFeed(client, AbortSignal.any([signal, timedOut]))) {
        applyEvent(workspaces, event)
        const now = workspaces.get(workspace.id) ?? null
        if (now !== null && !WAITED_STATES[state](now)) {
          if (state !== 'deleted' && now.status === 'error' && now.operationId === null && now.problem !== null)
            throw problemError(now.problem)
          continue
        }
        if (now === null && state !== 'deleted') throw gone(workspace.name, state)
        reached = now
        return
      }
    }
    try {
      const code = await untilInterrupted(context, follow)
      if (code !== EXIT.ok) return code
    } catch (error) {
      if (!timedOut.aborted || error instanceof CliError) throw error
      remark(context, `${workspace.name} is not ${state} after ${timeout} s.`)
      return EXIT.timedOut
    }
    if (!reached) return tellDeleted(context, workspace.name)
    printWorkspace(context, reached, `${reached.name} is ${state}`)
    return EXIT.ok
  })
}

/** The longest that a timer of Node's takes. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1

function tellDeleted(context: CliContext, name: string): number {
  if (context.options.json) printJson(context, { deleted: name })
  else printLines(context, [context.options.quiet ? name : `${name} is deleted`])
  return EXIT.ok
}

function gone(name: string, state: WaitedState): CliError {
  return new CliError('WORKSPACE_NOT_FOUND', `${name} was deleted before it was ${state}.`, {
    next: '“berth list” shows what there is.',
    data: { workspace: name },
  })
}
