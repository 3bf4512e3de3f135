import { once } from 'node:events'
import type { CliContext } from '../context'

/** The one document that a command prints with --json. */
export function printJson(context: CliContext, value: unknown): void {
  context.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

export function printLines(context: CliContext, lines: readonly string[]): void {
  if (lines.length > 0) context.stdout.write(`${lines.join('\n')}\n`)
}

/** A remark beside the result, on stderr; --quiet does without. */
export function remark(context: CliContext, text: string): void {
  if (context.options.json) context.stderr.write(`${JSON.stringify({ notice: text })}\n`)
  else if (!context.options.quiet) context.stderr.write(`${text}\n`)
}

/** Writes, and waits while the reader is behind, so that a flood does not gather in memory. */
export async function writeAll(stream: CliContext['stdout'], text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}
