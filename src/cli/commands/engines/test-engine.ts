import { formatBytes } from '../../../shared/byte-size'
import type { EngineState } from '../../../shared/contract/engines'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { EXIT } from '../../exit-codes'
import { type ConnectedEngine, engineProduct, engineReasons, engineSystem } from '../../output/format/engine-lines'
import { paintFor } from '../../output/format/paint'
import { oneLine } from '../../output/format/plain-text'
import { formatTable } from '../../output/format/table'
import { printJson, printLines } from '../../output/output'
import { type GivenEngineOptions, givenEngine, isAddress } from './given-engine'

/** Of an engine that is used, Berth connects to it again; any other is only tried. Returns 1 when it does not answer. */
export async function testEngine(context: CliContext, target: string | undefined, options: GivenEngineOptions): Promise<number> {
  const ask = question(target, options)
  return withConnection(context, async ({ client }) => {
    const state = 'engine' in ask ? (await client.engines.reconnect({ engine: ask.engine })).state : await client.engines.test(ask)
    const answers = state.status === 'connected'
    if (context.options.json) printJson(context, state)
    else if (context.options.quiet) printLines(context, answers ? [engineProduct(state)] : [])
    else printLines(context, stateLines(context, target ?? `context ${options.context}`, state))
    return answers ? EXIT.ok : EXIT.failure
  })
}

/** Has Berth accept that key, and no other, from then on. */
export async function trustHost(context: CliContext, address: string, fingerprint: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    await client.engines.trust({ address, fingerprint })
    if (context.options.json) printJson(context, { address, fingerprint })
    else printLines(context, [`${oneLine(address)} is trusted with the key ${oneLine(fingerprint)}`])
  })
}

function question(target: string | undefined, options: GivenEngineOptions) {
  if (target === undefined || isAddress(target) || options.context !== undefined) return givenEngine(target, options)
  if (options.tls !== undefined) throw usageError('--tls goes with an address.', 'Berth knows the TLS files of an engine that it uses.')
  return { engine: target }
}

function stateLines(context: CliContext, target: string, state: EngineState): string[] {
  const paint = paintFor(context.stdout, context.env)
  if (state.status === 'connected') {
    const table = formatTable(facts(state), (text, _row, column) => (column === 0 ? paint('dim', text) : text))
    return [`${oneLine(target)} answers`, ...table]
  }
  const reasons = engineReasons(state)
  return [
    `${oneLine(target)} does not answer`,
    ...(reasons.length > 0 ? reasons : ['no answer came in time']).map((reason) => `  ${reason}`),
    ...(state.status === 'unreachable' && state.problem ? [oneLine(state.problem.next)] : []),
  ]
}

function facts(state: ConnectedEngine): string[][] {
  return [
    ['  Product', engineProduct(state)],
    ['  API', oneLine(state.apiVersion)],
    ['  System', engineSystem(state)],
    ['  Processors', String(state.cpus)],
    ['  Memory', formatBytes(state.memoryBytes)],
    ['  Address', oneLine(state.endpoint)],
  ]
}
