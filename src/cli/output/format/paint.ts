import { styleText } from 'node:util'
import type { CliHost, OutputStream } from '../../context'

export type Colour = Parameters<typeof styleText>[0]
export type Paint = (colour: Colour, text: string) => string

/** https://no-color.org and its counterpart; otherwise colour where a person looks. */
export function wantsColour(stream: OutputStream, env: CliHost['env']): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

export function paintFor(stream: OutputStream, env: CliHost['env']): Paint {
  const inColour = wantsColour(stream, env)
  return (colour, text) => (inColour && text !== '' ? styleText(colour, text, { validateStream: false }) : text)
}
