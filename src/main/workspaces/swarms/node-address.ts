import { engineNameSchema } from '../../../shared/contract/engines'
import { nodeAddress } from '../../../shared/swarm-address'
import type { SwarmNode } from '../../engine/swarm'
import type { SwarmEntry } from '../../settings/engine-list'
import type { GivenEngine } from '../places/engines'

type NamedNode = Pick<SwarmNode, 'id' | 'hostname' | 'address'>

const CONTEXT = 'context:'

/** Where the engine of a node is said to be; null for nowhere. */
export function givenEngineOf(
  { nodes, rule, tlsFolder }: Pick<SwarmEntry, 'nodes' | 'rule' | 'tlsFolder'>,
  node: NamedNode,
): GivenEngine | null {
  const address = nodeAddress(node, { rule, addresses: nodes })
  if (address === null) return null
  if (address.startsWith(CONTEXT)) return { context: address.slice(CONTEXT.length) }
  return { address, ...(tlsFolder === null ? {} : { tlsFolder }) }
}

/** In words. */
export function givenText({ address, context }: GivenEngine): string {
  return address ?? `context ${context}`
}

/** What the engine of a node is called: after the Swarm and its hostname. */
export function nodeEngineName(swarm: string, { id, hostname }: Pick<SwarmNode, 'id' | 'hostname'>, taken: readonly string[]): string {
  const [host = ''] = hostname.split('.')
  const name = `${swarm}.${host}`.slice(0, LONGEST_NAME)
  if (!taken.includes(name) && engineNameSchema.safeParse(name).success) return name
  // Two nodes with one hostname, an engine of the user, or a hostname that is not a valid name.
  return `${swarm.slice(0, LONGEST_NAME - 9)}.${id.slice(0, 8)}`
}

/** Of an engine. */
const LONGEST_NAME = 40
