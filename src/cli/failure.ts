import { CliError } from './cli-error'
import type { CliContext } from './context'
import { EXIT } from './exit-codes'
import { paintFor } from './output/format/paint'
import { oneLine } from './output/format/plain-text'
import { jsonLine, writeText } from './output/output'

/** Any error, as it is told to a person or a script. */
export interface Failure {
  code: string
  message: string
  next: string | null
  data: Readonly<Record<string, unknown>>
  exitCode: number
}

export async function toFailure(error: unknown): Promise<Failure> {
  if (error instanceof CliError) {
    const { code, message, next, data, exitCode } = error
    return { code, message, next, data, exitCode }
  }
  // Loaded here only: a command that needs no Berth does without.
  const { ORPCError } = await import('@orpc/client')
  if (error instanceof ORPCError) {
    const data: Record<string, unknown> = isRecord(error.data) ? error.data : {}
    const { next, ...rest } = data
    return { code: error.code, message: error.message, next: typeof next === 'string' ? next : null, data: rest, exitCode: EXIT.failure }
  }
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    next: 'This is a fault in the berth command. Run it again with --verbose to see where.',
    data: {},
    exitCode: EXIT.failure,
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Lines of data that help a person: what was tried, the end of a log. */
function details(data: Failure['data']): string[] {
  const lines: string[] = []
  for (const key of ['log', 'issues', 'tried']) {
    const value = data[key]
    if (!Array.isArray(value)) continue
    for (const item of value.slice(-20)) {
      if (typeof item === 'string') lines.push(item)
      else if (isRecord(item))
        lines.push(
          Object.values(item)
            .filter((part) => part !== '')
            .join(': '),
        )
    }
  }
  return lines.map(oneLine)
}

/** On stderr: for a script one line of JSON; for a person what failed, what is known of it, and what to do next. */
export function reportFailure(context: Pick<CliContext, 'stderr' | 'env' | 'options'>, failure: Failure): void {
  const { code, message, next, data } = failure
  if (context.options.json) {
    context.stderr.write(jsonLine({ error: { code, message, next, data } }))
    return
  }
  const paint = paintFor(context.stderr, context.env)
  const lines = [`${paint('red', 'error:')} ${oneLine(message)}`]
  lines.push(...details(data).map((line) => paint('dim', `  ${line}`)))
  if (next !== null) lines.push(oneLine(next))
  writeText(context.stderr, `${lines.join('\n')}\n`)
}
