import { defaultFilter } from 'cmdk'

/** As many as fit a screen with some scrolling; nobody reads on. */
const SHOWN = 60

/** Letters scattered over a long name match almost anything; next to a real match that is only noise. */
const LEAST_SHARE_OF_BEST = 0.05

interface Rankable {
  title: string
  workspace?: { name: string; label: string | null }
}

/**
 * The actions that `query` is likely to mean, likeliest first; equal ones stay in their order. The words may come in either order:
 * “stop api” and “api stop”.
 */
export function rankActions<Action extends Rankable>(actions: readonly Action[], query: string): Action[] {
  const sought = query.trim()
  if (sought === '') return actions.slice(0, SHOWN)
  const scored = actions.map((action) => ({ action, score: score(action, sought) }))
  const best = scored.reduce((highest, { score }) => Math.max(highest, score), 0)
  return scored
    .filter(({ score }) => score > 0 && score >= best * LEAST_SHARE_OF_BEST)
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN)
    .map(({ action }) => action)
}

function score({ title, workspace }: Rankable, query: string): number {
  if (workspace === undefined) return defaultFilter(title, query)
  const label = workspace.label ?? ''
  return Math.max(defaultFilter(`${workspace.name} ${title} ${label}`, query), defaultFilter(`${title} ${workspace.name} ${label}`, query))
}
