import type { EngineView } from '../../../shared/contract/engines'
import { useHasSeveralEngines } from '../../store/store'
import { type Presentation, presentProblem } from '../problems/present-problem'
import { ProblemPanel } from '../problems/problem-panel'
import { doesNotAnswer, isQuiet } from './describe-engine'

interface EngineBannerProps {
  engine: EngineView | undefined
  /** On its own screen, which has the buttons. */
  isAmongEngines?: boolean
}

/** Above what is still known of what is on an engine while that is away; nothing while it answers. */
export function EngineBanner({ engine, isAmongEngines = false }: EngineBannerProps) {
  const isOneOfSeveral = useHasSeveralEngines()
  if (!engine || !doesNotAnswer(engine.state)) return null
  const tried = engine.state.status === 'unreachable' ? engine.state.tried : []
  const silence = isQuiet(engine.state)
    ? 'It is connected but not responding. It may be hung or very busy.'
    : 'No engine found on this machine.'
  const presentation = presentProblem({
    code: 'ENGINE_UNREACHABLE',
    message: tried.map(({ endpoint, reason }) => `${endpoint}: ${reason}`).join('\n') || silence,
    next: 'Information here may be out of date until it responds.',
    data: { tried },
  })
  const shown = isAmongEngines
    ? { ...withoutSteps(presentation), title: `The engine ${engine.name} is not responding` }
    : isOneOfSeveral
      ? ofOne(engine.name, presentation)
      : { ...presentation, title: 'No Docker engine is responding' }
  return <ProblemPanel presentation={shown} tone="warning" />
}

function withoutSteps(presentation: Presentation): Presentation {
  return { ...presentation, next: '', actions: presentation.actions.filter(({ kind }) => kind === 'copy-details') }
}

/** The others answer, or have a banner of their own. */
function ofOne(name: string, presentation: Presentation): Presentation {
  const actions = presentation.actions.map((step) => (step.kind === 'show-engines' ? { ...step, engine: name } : step))
  return { ...presentation, title: `The engine ${name} is not responding`, actions }
}
