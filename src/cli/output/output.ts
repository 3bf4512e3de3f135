import { once } from 'node:events'
import type { CliContext, OutputStream } from '../context'
import { terminalJson, terminalText } from './format/plain-text'

/*
 * What commands print goes through here, so that nothing that comes from a workspace, an engine or another tool is obeyed by the terminal.
 * `exec`, `shell` and `logs` into a file pass bytes on as they are.
 */

/** The one document that a command prints with --json. */
export function printJson(context: CliContext, value: unknown): void {
  context.stdout.write(`${terminalJson(JSON.stringify(value, null, 2))}\n`)
}

/** A document on a line of its own, for streams of them. */
export function jsonLine(value: unknown): string {
  return `${terminalJson(JSON.stringify(value))}\n`
}

/** Lines of the result; colours of Berth's own stay. */
export function printLines(context: CliContext, lines: readonly string[]): void {
  if (lines.length > 0) context.stdout.write(`${terminalText(lines.join('\n'))}\n`)
}

/** A remark beside the result, on stderr; --quiet does without. */
export function remark(context: CliContext, text: string): void {
  if (context.options.json) context.stderr.write(jsonLine({ notice: text }))
  else if (!context.options.quiet) writeText(context.stderr, `${text}\n`)
}

/** Text of Berth's own with parts from elsewhere, in lines. */
export function writeText(stream: OutputStream, text: string): void {
  stream.write(terminalText(text))
}

/** Writes, and waits while the reader is behind, so that a flood does not gather in memory. */
export async function writeAll(stream: CliContext['stdout'], text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}
