import { resolve } from 'node:path'
import { usageError } from '../../cli-error'
import { withScheme } from './given-engine'

export interface GivenReachOptions {
  /** Address of each node’s engine; false to have none. */
  rule?: string | false
  /** HOSTNAME=ADDRESS each. */
  node?: string[]
  /** A folder of this machine with ca.pem, cert.pem and key.pem; false to have none. */
  tls?: string | false
  stayOnDrain?: boolean
}

/** As the API takes it; `addresses` are those that were given, without an address where it is to be forgotten. */
export interface GivenReach {
  rule?: string | null
  tlsFolder?: string | null
  addresses?: Record<string, string>
  movesOnDrain?: boolean
}

/** Where the engines of a Swarm’s nodes are said to be. Throws a usage error for what is no address. */
export function givenReach({ rule, node = [], tls, stayOnDrain }: GivenReachOptions): GivenReach {
  return {
    ...(rule === undefined ? {} : { rule: rule === false ? null : reachAddress(rule) }),
    ...(tls === undefined ? {} : { tlsFolder: tls === false ? null : resolve(tls) }),
    ...(node.length === 0 ? {} : { addresses: Object.fromEntries(node.map(pair)) }),
    ...(stayOnDrain === undefined ? {} : { movesOnDrain: !stayOnDrain }),
  }
}

function pair(text: string): [hostname: string, address: string] {
  const at = text.indexOf('=')
  if (at < 1) throw usageError(`“${text}” does not say which node has which address.`, 'Give --node HOSTNAME=ADDRESS.')
  const address = text.slice(at + 1)
  return [text.slice(0, at), address === '' ? '' : reachAddress(address)]
}

function reachAddress(address: string): string {
  return address.startsWith('context:') ? address : withScheme(address)
}
