import { proposeName } from '../../shared/workspace-name'
import { list, useStore } from './store'

/** A free name for a copy of the workspace of that name. */
export function freeNameFor(name: string): string {
  return proposeCopyName(name, new Set(list(useStore.getState().workspaces).map((workspace) => workspace.name)))
}

/**
 * `api-2` for a copy of `api`, `api-3` for a copy of `api-2`. A number at the end belongs to the name unless it counts copies:
 * where there is no `node`, a copy of `node-20` is `node-20-2`.
 */
export function proposeCopyName(name: string, taken: ReadonlySet<string>): string {
  const stem = name.replace(/-\d+$/, '')
  return proposeName(taken.has(stem) ? stem : name, (candidate) => taken.has(candidate))
}
