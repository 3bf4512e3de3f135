import { useCallback, useEffect, useState } from 'react'
import type { FoundEngine } from '../../../shared/contract/engines'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { ForeignText } from '../../ui/foreign-text'
import { Skeleton } from '../../ui/skeleton'
import { Truncated } from '../../ui/truncated'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'

const SOURCES: Record<FoundEngine['source'], string> = {
  context: 'Docker context',
  environment: 'DOCKER_HOST',
  socket: 'socket',
  podman: 'Podman connection',
}

type Search = { status: 'loading' } | { status: 'known'; found: FoundEngine[] } | { status: 'failed'; presentation: Presentation }

interface FoundEnginesProps {
  isBusy: boolean
  onUse(found: FoundEngine): void
}

/** Engines that are there already, each to be used with one click. */
export function FoundEngines({ isBusy, onUse }: FoundEnginesProps) {
  const [search, again] = useSearch()
  return (
    <section aria-labelledby="found-engines" aria-busy={search.status === 'loading'}>
      <h3 id="found-engines" className="border-line border-b pb-1 font-semibold">
        Found on this machine
      </h3>
      {search.status === 'loading' && <Skeleton className="my-2 h-8" />}
      {search.status === 'failed' && <ProblemPanel className="mt-2" presentation={search.presentation} onRetry={again} />}
      {search.status === 'known' && search.found.length === 0 && <p className="py-1.5 text-ink-muted">No other engine.</p>}
      {search.status === 'known' && search.found.length > 0 && (
        <ul className="flex flex-col">
          {search.found.map((found) => (
            <FoundRow key={`${found.source} ${found.name} ${found.address}`} found={found} isBusy={isBusy} onUse={onUse} />
          ))}
        </ul>
      )}
    </section>
  )
}

function FoundRow({ found, isBusy, onUse }: FoundEnginesProps & { found: FoundEngine }) {
  const { name, source, address, description, problem, usedAs } = found
  const words = [SOURCES[source], description].filter(Boolean).join(' · ')
  return (
    <li className="flex min-h-11 items-center gap-3 border-line py-1 not-last:border-b">
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <Truncated text={name} className="font-medium" />
          <Truncated text={words} className="shrink-[4] text-ink-muted text-sm" />
        </div>
        <Truncated text={address ?? ''} className="font-mono text-ink-muted text-sm" />
        {problem !== null && (
          <p className="break-words text-sm text-warn">
            <ForeignText text={problem} />
          </p>
        )}
      </div>
      {usedAs !== null ? (
        <span className="max-w-32 shrink-0 truncate text-ink-muted text-sm">used as {usedAs}</span>
      ) : (
        <Button size="small" disabled={isBusy || problem !== null} aria-label={`Use ${name}`} onClick={() => onUse(found)}>
          Use
        </Button>
      )}
    </li>
  )
}

function useSearch(): [Search, again: () => void] {
  const [search, setSearch] = useState<Search>({ status: 'loading' })
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    const controller = new AbortController()
    setSearch({ status: 'loading' })
    client.engines.found(undefined, { signal: controller.signal }).then(
      (found) => controller.signal.aborted || setSearch({ status: 'known', found }),
      (error: unknown) => controller.signal.aborted || setSearch({ status: 'failed', presentation: presentError(error) }),
    )
    return () => controller.abort()
  }, [attempt])

  return [search, useCallback(() => setAttempt((count) => count + 1), [])]
}
