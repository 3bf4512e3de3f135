import { formatBytes } from '../../../shared/byte-size'
import type { LogSourceName } from '../../../shared/contract/logs'
import type { LogEntry } from '../../../shared/contract/workspaces'
import { type Connection, withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { EXIT } from '../../exit-codes'
import { terminalText } from '../../output/format/plain-text'
import { formatTable } from '../../output/format/table'
import { jsonLine, printJson, printLines, remark, writeAll } from '../../output/output'

const USUAL_LINES = 1000
/** As many as the contract takes. */
const MOST_LINES = 1_000_000

export interface LogsOptions {
  follow?: boolean
  /** Lines from the end; when left out as many as make sense with what else is asked for. */
  tail?: number
  timestamps?: boolean
  /** RFC 3339. */
  since?: string
  until?: string
  grep?: RegExp
  source?: LogSourceName
  sources?: boolean
}

/** With --json an array of entries; followed, an entry a line as it comes, since an array that never ends is no document. */
export async function showLogs(context: CliContext, name: string, options: LogsOptions): Promise<number> {
  const interrupted = new AbortController()
  return withConnection(context, async (connection) => {
    if (options.sources) return listSources(context, connection, name)
    const restore = context.onSignal('SIGINT', () => interrupted.abort())
    try {
      await printLog(context, connection, name, options, interrupted.signal)
    } catch (error) {
      if (!interrupted.signal.aborted) throw error
    } finally {
      restore()
    }
    return interrupted.signal.aborted ? EXIT.interrupted : EXIT.ok
  })
}

async function printLog(
  context: CliContext,
  { client }: Connection,
  workspace: string,
  { follow = false, timestamps = false, since, until, grep, ...options }: LogsOptions,
  signal: AbortSignal,
): Promise<void> {
  const isNarrowed = since !== undefined || until !== undefined || grep !== undefined
  const tail = options.tail ?? (isNarrowed ? MOST_LINES : USUAL_LINES)
  const collected: LogEntry[] = []
  const source = options.source ?? ((await client.workspaces.get({ workspace })).host === null ? 'container' : 'build')
  const input = { workspace, follow, tail, source, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }
  for await (const { entries, missed } of await client.workspaces.logs(input, { signal })) {
    if (missed > 0) remark(context, `${missed} lines were left out: they came faster than they could be read.`)
    const wanted = grep === undefined ? entries : entries.filter(({ text }) => grep.test(text))
    if (context.options.json && !follow) collected.push(...wanted)
    else await writeEntries(context, wanted, timestamps)
  }
  if (context.options.json && !follow) printJson(context, collected)
}

async function listSources(context: CliContext, { client }: Connection, workspace: string): Promise<number> {
  const sources = await client.logs.sources({ workspace })
  if (context.options.json) printJson(context, sources)
  else if (context.options.quiet)
    printLines(
      context,
      sources.map(({ source }) => source),
    )
  else printLines(context, formatTable(sources.map(({ source, bytes }) => [source, bytes === null ? '' : formatBytes(bytes)])))
  return EXIT.ok
}

async function writeEntries(context: CliContext, entries: readonly LogEntry[], timestamps: boolean): Promise<void> {
  if (context.options.json) return writeAll(context.stdout, entries.map(jsonLine).join(''))
  // Runs of one stream are written at once, in the order they came.
  let start = 0
  while (start < entries.length) {
    const stream = entries[start]?.stream
    let end = start
    let text = ''
    for (; entries[end]?.stream === stream && end < entries.length; end++) text += logLine(entries[end], timestamps)
    const target = stream === 'stderr' ? context.stderr : context.stdout
    // A file or a pipe gets every byte; a terminal would obey what programs inside have written.
    await writeAll(target, target.isTTY ? terminalText(text) : text)
    start = end
  }
}

function logLine(entry: LogEntry | undefined, timestamps: boolean): string {
  if (entry === undefined) return ''
  const stamp = timestamps && entry.time !== null ? `${entry.time} ` : ''
  return `${stamp}${entry.text.endsWith('\n') ? entry.text : `${entry.text}\n`}`
}
