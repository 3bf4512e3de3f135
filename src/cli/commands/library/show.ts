import type { EntryProblem, LibraryEntry } from '../../../shared/contract/library'
import type { EntryKind } from '../../../shared/library/entry-kinds'
import { nearestName } from '../../../shared/nearest-name'
import { CliError, usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { paintFor } from '../../output/format/paint'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'

export interface EntryOptions {
  kind?: EntryKind
}

export function listEntries(context: CliContext, { kind }: EntryOptions): Promise<void> {
  return withConnection(context, async ({ client }) => {
    const index = await client.library.index()
    const entries = index.entries.filter((entry) => kind === undefined || entry.kind === kind)
    if (context.options.json) return printJson(context, { ...index, entries })
    for (const problem of index.problems) remark(context, problem)
    if (context.options.quiet)
      return printLines(
        context,
        entries.map(({ id }) => id),
      )
    if (!index.exists)
      return printLines(context, ['There is no library yet. “berth library init” makes one, “berth library clone” brings one.'])
    if (entries.length === 0) return printLines(context, [`There is nothing of that in ${index.folder} yet.`])
    const paint = paintFor(context.stdout, context.env)
    const rows = entries.map((entry) => [entry.kind, entry.id, entry.problems.length === 0 ? (entry.description ?? '') : brief(entry)])
    printLines(
      context,
      formatTable([['KIND', 'NAME', 'ABOUT'], ...rows], (text, row) => (row === 0 ? paint('dim', text) : text), { columns: paint.columns }),
    )
  })
}

const brief = ({ problems: [first, ...more] }: LibraryEntry) =>
  `! ${first === undefined ? '' : problemLine(first)}${more.length === 0 ? '' : ` (and ${more.length} more)`}`

/** “line 4, limits.cpus: Too small” */
function problemLine({ message, path, line }: EntryProblem): string {
  const place = [line === null ? null : `line ${line}`, path].filter((part) => part !== null).join(', ')
  return place === '' ? message : `${place}: ${message}`
}

export function showEntry(context: CliContext, id: string, { kind: given }: EntryOptions): Promise<void> {
  return withConnection(context, async ({ client }) => {
    const kind = given ?? kindOf((await client.library.index()).entries, id)
    const { entry, files, main } = await client.library.show({ kind, id })
    if (context.options.json) return printJson(context, { entry, files, main })
    printLines(context, [
      ...formatTable([
        ['Kind', entry.kind],
        ['Name', entry.name],
        ...(entry.description === null ? [] : [['About', entry.description]]),
        ...files.map(({ path }, index) => [index === 0 ? 'Files' : '', path]),
        ...entry.problems.map((problem, index) => [index === 0 ? 'Problems' : '', problemLine(problem)]),
      ]),
      ...(main === null ? [] : ['', main.text.trimEnd()]),
    ])
  })
}

function kindOf(entries: readonly LibraryEntry[], id: string): EntryKind {
  const [only, ...others] = entries.filter((entry) => entry.id === id)
  if (only === undefined) {
    const nearest = nearestName(
      id,
      entries.map((entry) => entry.id),
    )
    const meant = nearest === null ? '' : ` Did you mean “${nearest}”?`
    throw new CliError('LIBRARY_ENTRY_NOT_FOUND', `The library has nothing of the name “${id}”.${meant}`, {
      next: '“berth library list” lists all entries.',
    })
  }
  if (others.length === 0) return only.kind
  const kinds = [only, ...others].map(({ kind }) => kind)
  throw usageError(`There are a ${kinds.join(' and a ')} “${id}”.`, `Add --kind ${kinds.join(' or --kind ')}.`)
}

export function printPath(context: CliContext): Promise<void> {
  return withConnection(context, async ({ client }) => {
    const { folder } = await client.library.index()
    if (context.options.json) printJson(context, { folder })
    else printLines(context, [folder])
  })
}
