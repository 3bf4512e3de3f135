import { ChevronDown, ChevronUp } from 'lucide-react'
import { useRef, useState } from 'react'
import type { StatsSample } from '../../../shared/contract/stats'
import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { Later, laterCode } from '../../ui/later'
import { Skeleton } from '../../ui/skeleton'
import { FIGURES, type Figure, plotHeight } from './figures'
import { useIsInSight, useStats } from './use-stats'

const figurePlot = laterCode(() => import('./figure-plot').then((module) => module.FigurePlot))

/** What a running workspace uses at this moment and in the last minutes; nothing is asked for while nobody sees it. */
export function StatsPanel({ workspace }: { workspace: Workspace }) {
  const place = useRef<HTMLElement>(null)
  const [isLarge, setIsLarge] = useState(false)
  const samples = useStats(workspace, useIsInSight(place))
  return (
    <section ref={place} aria-label="Live figures">
      <div className="mb-1 flex items-center justify-between border-line border-b pb-1">
        <h2 className="font-semibold">Live figures</h2>
        <Button
          size="small"
          variant="ghost"
          icon={isLarge ? ChevronUp : ChevronDown}
          aria-expanded={isLarge}
          onClick={() => setIsLarge(!isLarge)}
        >
          {isLarge ? 'Smaller' : 'Larger'}
        </Button>
      </div>
      <div className={isLarge ? 'grid @3xl:grid-cols-2 grid-cols-1 gap-x-8 gap-y-3' : 'grid @3xl:grid-cols-4 grid-cols-2 gap-x-6 gap-y-2'}>
        {FIGURES.map((figure) => (
          <FigureCard key={figure.id} figure={figure} samples={samples} isLarge={isLarge} />
        ))}
      </div>
    </section>
  )
}

function FigureCard({ figure, samples, isLarge }: { figure: Figure; samples: StatsSample[]; isLarge: boolean }) {
  const latest = samples.at(-1)
  return (
    <figure className="min-w-0 py-1">
      <figcaption className="flex items-baseline justify-between gap-2 whitespace-nowrap">
        <span className="text-ink-muted">{figure.title}</span>
        {latest === undefined ? (
          <Skeleton className="h-3 w-14" />
        ) : (
          <span className="truncate text-sm tabular-nums">{figure.summary(latest)}</span>
        )}
      </figcaption>
      <Later code={figurePlot} props={{ figure, samples, isLarge }} placeholder={<div style={{ height: plotHeight(isLarge) }} />} />
    </figure>
  )
}
