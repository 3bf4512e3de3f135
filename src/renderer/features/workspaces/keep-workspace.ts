import type { ErrorCode } from '../../../shared/error-definitions'
import { client } from '../../client'
import { problemOf } from '../../workspace-model/problems/present-problem'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import type { Kept } from '../../workspace-model/settings/use-typed-field'

/** These are about what was typed, or pass by themselves: they are said where it was typed. */
const AT_THE_FIELD: readonly ErrorCode[] = ['LIMIT_BELOW_USE', 'INPUT_INVALID', 'WORKSPACE_BUSY']

/** What is kept comes back with the events. */
export async function keepWorkspace(changes: Parameters<typeof client.workspaces.update>[0]): Promise<Kept> {
  try {
    await client.workspaces.update(changes)
    return { ok: true }
  } catch (error) {
    const problem = problemOf(error)
    if (problem !== null && AT_THE_FIELD.includes(problem.code)) {
      return { ok: false, problem: `Not kept: ${problem.message} ${problem.next} Enter tries again.` }
    }
    reportError(error, () => void keepWorkspace(changes))
    return { ok: false, problem: null }
  }
}
