import type { SwarmNodeView, SwarmView } from './contract/swarms'

type Named = Pick<SwarmNodeView, 'id' | 'hostname' | 'address'>

/** Where the engine of a node is reached: its own address, otherwise the rule. Null without either. */
export function nodeAddress(node: Named, { rule, addresses }: Pick<SwarmView, 'rule' | 'addresses'>): string | null {
  const given = addresses[node.hostname] ?? addresses[node.id] ?? rule
  return given === null ? null : fillAddress(given, node)
}

/** The address with what stands for a node’s in braces filled in. */
export function fillAddress(address: string, { id, hostname, address: at }: Named): string {
  const values: Record<string, string> = { hostname, address: at, id }
  return address.replaceAll(/\{(hostname|address|id)\}/g, (_, name: string) => values[name] ?? '')
}
