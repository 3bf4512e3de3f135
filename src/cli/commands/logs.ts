import type { LogEntry } from '../../shared/contract/workspaces'
import { withConnection } from '../connection'
import type { CliContext } from '../context'
import { printJson, remark, writeAll } from '../output'

export interface LogsOptions {
  follow?: boolean
  /** Lines from the end. */
  tail: number
  timestamps?: boolean
}

/** With --json an array of entries; followed, an entry a line as it comes, since an array that never ends is no document. */
export async function showLogs(
  context: CliContext,
  name: string,
  { follow = false, tail, timestamps = false }: LogsOptions,
): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const collected: LogEntry[] = []
    for await (const { entries, missed } of await client.workspaces.logs({ workspace: name, follow, tail })) {
      if (missed > 0) remark(context, `${missed} lines were left out: they came faster than they could be read.`)
      if (context.options.json && !follow) collected.push(...entries)
      else await writeEntries(context, entries, timestamps)
    }
    if (context.options.json && !follow) printJson(context, collected)
  })
}

async function writeEntries(context: CliContext, entries: readonly LogEntry[], timestamps: boolean): Promise<void> {
  if (context.options.json) return writeAll(context.stdout, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  // Runs of one stream are written at once, in the order they came.
  let start = 0
  while (start < entries.length) {
    const stream = entries[start]?.stream
    let end = start
    let text = ''
    for (; entries[end]?.stream === stream && end < entries.length; end++) text += logLine(entries[end], timestamps)
    await writeAll(stream === 'stderr' ? context.stderr : context.stdout, text)
    start = end
  }
}

function logLine(entry: LogEntry | undefined, timestamps: boolean): string {
  if (entry === undefined) return ''
  const stamp = timestamps && entry.time !== null ? `${entry.time} ` : ''
  return `${stamp}${entry.text.endsWith('\n') ? entry.text : `${entry.text}\n`}`
}
