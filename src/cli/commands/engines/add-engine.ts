import type { BerthClient } from '../../../shared/contract/contract'
import type { EngineView, FoundEngine } from '../../../shared/contract/engines'
import { CliError, usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { engineProduct } from '../../output/format/engine-lines'
import { oneLine } from '../../output/format/plain-text'
import { printJson, printLines, remark } from '../../output/output'
import { type GivenEngine, type GivenEngineOptions, givenEngine } from './given-engine'

export interface AddEngineOptions extends GivenEngineOptions {
  /** New workspaces are made on it from then on. */
  use?: boolean
}

/** Berth connects first: an engine that does not answer is not added. */
export async function addEngine(context: CliContext, name: string, address: string | undefined, options: AddEngineOptions): Promise<void> {
  const given = givenEngine(address, options)
  await withConnection(context, async ({ client }) => {
    const added = await client.engines.add({ name, ...given })
    const engine = options.use ? await client.engines.use({ engine: added.id }) : added
    printEngine(context, engine, [addedSentence(engine), ...(options.use ? [useSentence(engine)] : [])])
  })
}

/** Makes it the engine for new workspaces. One that is not used yet, but was found under that name, is added first. */
export async function useEngine(context: CliContext, reference: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const id = (await isUsed(client, reference)) ? reference : await foundEngine(context, client, reference)
    const engine = await client.engines.use({ engine: id })
    printEngine(context, engine, [useSentence(engine)])
  })
}

async function isUsed(client: BerthClient, reference: string): Promise<boolean> {
  return (await client.engines.list()).some(({ id, name }) => name === reference || id === reference)
}

/** Name or id to use it by, once it is added. What is not found either is left for Berth to refuse. */
async function foundEngine(context: CliContext, client: BerthClient, name: string): Promise<string> {
  const found = (await client.engines.found()).filter((each) => each.name === name)
  const [engine] = found
  if (engine === undefined) return name
  if (new Set(found.map(({ address }) => address)).size > 1) {
    throw usageError(
      `${found.length} engines that were found are named “${name}”.`,
      `Add the one you mean by its address: berth engine add ${name} ADDRESS --use. See “berth engine found”.`,
    )
  }
  if (engine.usedAs !== null) {
    remark(context, oneLine(`${name} is the engine that Berth uses as ${engine.usedAs}.`))
    return engine.usedAs
  }
  if (engine.problem !== null) throw unusable(engine, engine.problem)
  const added = await client.engines.add({ name, ...whereFound(engine) })
  remark(context, addedSentence(added))
  return added.id
}

/** A context is followed when Docker changes it. */
function whereFound({ address, context, tlsFolder }: FoundEngine): GivenEngine | { context: string } {
  if (context !== null) return { context }
  return { address: address ?? '', ...(tlsFolder === null ? {} : { tlsFolder }) }
}

function unusable({ name, address }: FoundEngine, problem: string): CliError {
  return new CliError('ENGINE_UNREACHABLE', oneLine(`${name} cannot be used as it is: ${problem}`), {
    next: 'Put that right, or add another with “berth engine add”.',
    data: { endpoint: address, tried: [] },
  })
}

function addedSentence({ name, state }: EngineView): string {
  return `${name} is added${state.status === 'connected' ? `: ${engineProduct(state)} at ${state.endpoint}` : ''}`
}

function useSentence({ name }: EngineView): string {
  return `New workspaces are made on ${name}`
}

function printEngine(context: CliContext, engine: EngineView, sentences: readonly string[]): void {
  if (context.options.json) printJson(context, engine)
  else printLines(context, context.options.quiet ? [engine.name] : sentences.map(oneLine))
}
