import type { SwarmView } from '../../../shared/contract/swarms'
import { lacksSentence } from '../../../shared/swarm-remarks'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { oneLine } from '../../output/format/plain-text'
import { reachLines, swarmSummary, swarmWarnings } from '../../output/format/swarm-lines'
import { printJson, printLines, remark } from '../../output/output'
import { type GivenReachOptions, givenReach } from './given-reach'

/** `engine` is a manager; left out, the engine for new workspaces has to be one. */
export async function addSwarm(context: CliContext, name: string, engine: string | undefined, options: GivenReachOptions): Promise<void> {
  const reach = givenReach(options)
  await withConnection(context, async ({ client }) => {
    const swarm = await client.swarms.add({ name, ...(engine === undefined ? {} : { engine }), ...reach })
    printSwarm(context, swarm, `${swarm.name} is added: ${swarmSummary(swarm)}`)
    const lacks = lacksSentence(swarm)
    if (lacks !== null && !context.options.json) remark(context, oneLine(lacks))
  })
}

/** Addresses of nodes that are not named stay; an empty one is forgotten. */
export async function setSwarm(context: CliContext, reference: string, options: GivenReachOptions): Promise<void> {
  const { addresses: given, ...reach } = givenReach(options)
  if (given === undefined && Object.keys(reach).length === 0) {
    throw usageError('Nothing to change.', `Give an option, such as “berth swarm set ${reference} --rule ssh://me@{hostname}”.`)
  }
  await withConnection(context, async ({ client }) => {
    const addresses = given === undefined ? {} : { addresses: merged((await client.swarms.get({ swarm: reference })).addresses, given) }
    const swarm = await client.swarms.update({ swarm: reference, ...reach, ...addresses })
    printSwarm(context, swarm, `${swarm.name} has changed: ${swarmSummary(swarm)}`)
  })
}

function merged(before: Readonly<Record<string, string>>, given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, address]) => address !== ''))
}

/** Remarks tell which of its nodes get no workspaces. With --json the document has all of that. */
function printSwarm(context: CliContext, swarm: SwarmView, sentence: string): void {
  if (context.options.json) return printJson(context, swarm)
  printLines(context, [context.options.quiet ? swarm.name : oneLine(sentence)])
  for (const line of [...swarmWarnings(swarm), ...swarm.nodes.flatMap((node) => reachLines(swarm, node))]) remark(context, line)
}
