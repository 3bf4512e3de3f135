import { ProblemPanel } from '../problems/problem-panel'
import { OperationCard } from './operation-card'
import type { ShownOperation } from './use-shown-operation'

/** How what was begun in a dialog goes, or what it failed with, scrolled to where the window is low. */
export function ShownOperationCard({ shown, tone = 'error' }: { shown: ShownOperation; tone?: 'error' | 'warning' }) {
  const { failure, running } = shown
  if (failure === null && running === null) return null
  return (
    <div key={failure === null ? 'running' : 'failed'} ref={scrollTo}>
      {failure !== null && <ProblemPanel presentation={failure.presentation} tone={tone} />}
      {running !== null && <OperationCard operation={running} heading="h3" />}
    </div>
  )
}

function scrollTo(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
