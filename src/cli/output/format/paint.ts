import { styleText } from 'node:util'
import type { CliHost, OutputStream } from '../../context'

export type Colour = Parameters<typeof styleText>[0]
/** How lines are drawn on a stream. */
export interface Paint {
  (colour: Colour, text: string): string
  /** Cells of a line, where the stream is a terminal that knows; tables fit into it. */
  readonly columns?: number | undefined
}

/** https://no-color.org and its counterpart; otherwise colour where a person looks. */
export function wantsColour(stream: OutputStream, env: CliHost['env']): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return !['0', 'false'].includes(env.FORCE_COLOR)
  return stream.isTTY === true && env.TERM !== 'dumb'
}

/** Cells of a line of a terminal; undefined for what is none, or does not know. */
export function columnsOf({ isTTY, columns }: OutputStream): number | undefined {
  return isTTY === true && columns ? columns : undefined
}

export function paintFor(stream: OutputStream, env: CliHost['env']): Paint {
  const inColour = wantsColour(stream, env)
  const paint = (colour: Colour, text: string) => (inColour && text !== '' ? styleText(colour, text, { validateStream: false }) : text)
  return Object.assign(paint, { columns: columnsOf(stream) })
}
