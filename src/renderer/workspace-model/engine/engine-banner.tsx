import type { EngineState } from '../../../shared/contract/engines'
import { presentProblem } from '../problems/present-problem'
import { ProblemPanel } from '../problems/problem-panel'

/** Above what is still known of the workspaces while the engine is away. */
export function EngineBanner({ engine }: { engine: Extract<EngineState, { status: 'unreachable' }> }) {
  const presentation = presentProblem({
    code: 'ENGINE_UNREACHABLE',
    message: engine.tried.map(({ endpoint, reason }) => `${endpoint}: ${reason}`).join('\n') || 'No engine was found on this machine.',
    next: 'What is shown here may be out of date until it answers.',
    data: { tried: engine.tried },
  })
  return <ProblemPanel presentation={presentation} tone="warning" />
}
