import type { LibraryStatus } from '../../../shared/contract/library'
import { ACTION_COMMANDS, LIBRARY_ACTIONS } from '../../../shared/library/git-states'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { parseWhole } from '../../options/arguments'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'

export interface PullOptions {
  merge?: boolean
  takeRemote?: boolean
}

export function showStatus(context: CliContext): Promise<void> {
  return withConnection(context, async ({ client }) => printStatus(context, await client.library.status()))
}

export function changeLibrary(context: CliContext, change: 'init' | 'push' | 'abort' | 'continue'): Promise<void> {
  return withConnection(context, async ({ client }) => printStatus(context, await client.library[change]()))
}

export function cloneLibrary(context: CliContext, url: string): Promise<void> {
  return withConnection(context, async ({ client }) => printStatus(context, await client.library.clone({ url })))
}

export function commitLibrary(context: CliContext, message: string): Promise<void> {
  return withConnection(context, async ({ client }) => printStatus(context, await client.library.commit({ message })))
}

/** A merge that ends with conflicts is no success: 1. */
export function pullLibrary(context: CliContext, { merge, takeRemote }: PullOptions): Promise<number> {
  const how = merge ? 'merge' : takeRemote ? 'take-remote' : 'fast-forward'
  return withConnection(context, async ({ client }) => {
    const { keptAs, ...status } = await client.library.pull({ how })
    if (keptAs !== null && !context.options.json) remark(context, `The commits that were here are kept as the branch ${keptAs}.`)
    if (context.options.json) printJson(context, { ...status, keptAs })
    else printStatus(context, status)
    return status.states.includes('conflicting') ? 1 : 0
  })
}

export function diffLibrary(context: CliContext, file: string | undefined): Promise<void> {
  return withConnection(context, async ({ client }) => {
    const files = file === undefined ? (await client.library.status()).changes.map(({ path }) => path) : [file]
    const diffs = []
    for (const path of files) diffs.push(await client.library.diff({ path }))
    if (context.options.json) return printJson(context, diffs)
    printLines(
      context,
      diffs.flatMap(({ path, patch, committed, current }) => {
        if (patch !== '') return patch.trimEnd().split('\n')
        return committed === null && current !== null
          ? [
              `new file ${path}`,
              ...current
                .trimEnd()
                .split('\n')
                .map((line) => `+${line}`),
            ]
          : []
      }),
    )
  })
}

export function showLog(context: CliContext, options: { limit: string }): Promise<void> {
  const limit = parseWhole(options.limit)
  return withConnection(context, async ({ client }) => {
    const commits = await client.library.log({ limit })
    if (context.options.json) return printJson(context, commits)
    if (commits.length === 0) return printLines(context, ['There are no commits yet.'])
    printLines(context, formatTable(commits.map(({ id, at, author, subject }) => [id.slice(0, 8), at.slice(0, 10), author, subject])))
  })
}

function printStatus(context: CliContext, status: LibraryStatus): void {
  if (context.options.json) return printJson(context, status)
  const { folder, states, detail, branch, remote, changes, changeCount, conflicts, actions } = status
  if (context.options.quiet) return printLines(context, [states.join(' ')])
  const left = changeCount - changes.length
  printLines(context, [
    ...formatTable([
      ['Library', folder],
      ['State', states.join(', ')],
      ...(branch === null ? [] : [['Branch', branch]]),
      ...(remote === null ? [] : [['Remote', remote]]),
    ]),
    detail,
    ...(conflicts.length > 0
      ? conflicts.map((path) => `  conflict  ${path}`)
      : changes.map(({ path, change }) => `  ${change.padEnd(8)}  ${path}`)),
    ...(left > 0 ? [`  and ${left} more`] : []),
    ...actions.map((action) => `${LIBRARY_ACTIONS[action]}: berth library ${ACTION_COMMANDS[action]}`),
  ])
}
