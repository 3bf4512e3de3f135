import { engineAddressSchema, engineNameSchema } from '../../../shared/contract/engines'
import type { SwarmView } from '../../../shared/contract/swarms'
import { hostPathSchema } from '../../../shared/host-path'
import { fillAddress } from '../../../shared/swarm-address'
import type { client } from '../../client'
import { takesTls } from './engine-draft'

/** What a person has typed into Use a Swarm, as typed. */
export interface SwarmDraft {
  name: string
  /** Name of the engine that is a manager of it. */
  engine: string
  rule: string
  /** Counts where an address takes TLS; empty for none. */
  tlsFolder: string
  addresses: readonly NodeAddress[]
  movesOnDrain: boolean
}

/** Where the engine of one node is, whatever the rule says; an empty one does not count. */
export interface NodeAddress {
  /** Its hostname or id. */
  node: string
  address: string
}

/** Why a field cannot be taken, in words; null where it can. `addresses` are in their order. */
export interface SwarmDraftProblems {
  name: string | null
  engine: string | null
  rule: string | null
  tlsFolder: string | null
  addresses: readonly (string | null)[]
}

export type GivenReach = Omit<Parameters<typeof client.swarms.update>[0], 'swarm'>

/** For one that is not used yet. */
export function newSwarmDraft(engine: string, isTaken: (name: string) => boolean): SwarmDraft {
  return { name: freeName(isTaken), engine, rule: '', tlsFolder: '', addresses: [], movesOnDrain: true }
}

/** As it is now: each node has a place for an address of its own, and so has each address of a node that is not there. */
export function draftOfSwarm({ name, manager, rule, tlsFolder, addresses, movesOnDrain, nodes }: SwarmView): SwarmDraft {
  const others = Object.keys(addresses).filter((given) => !nodes.some(({ id, hostname }) => id === given || hostname === given))
  return {
    ...{ name, engine: manager ?? '', rule: rule ?? '', tlsFolder: tlsFolder ?? '', movesOnDrain },
    addresses: [
      ...nodes.map(({ id, hostname }) => ({
        node: addresses[id] === undefined ? hostname : id,
        address: addresses[hostname] ?? addresses[id] ?? '',
      })),
      ...others.map((node) => ({ node, address: addresses[node] ?? '' })),
    ],
  }
}

/** `isTaken` knows the names of the engines and Swarms that are used. */
export function swarmDraftProblems(draft: SwarmDraft, isTaken: (name: string) => boolean): SwarmDraftProblems {
  const name = draft.name.trim()
  const tlsFolder = draft.tlsFolder.trim()
  return {
    name:
      name === ''
        ? 'Enter a name.'
        : (issueOf(engineNameSchema.safeParse(name)) ?? (isTaken(name) ? 'Berth uses this name already.' : null)),
    engine: draft.engine === '' ? 'Choose an engine that is a manager of it.' : null,
    rule: ruleProblem(draft.rule.trim()),
    tlsFolder: usesTls(draft) && tlsFolder !== '' ? issueOf(hostPathSchema.safeParse(tlsFolder)) : null,
    addresses: draft.addresses.map((given, index) => addressProblem(given, draft.addresses.slice(0, index))),
  }
}

/** Whether one of its addresses is one where both sides show certificates. */
export function usesTls({ rule, addresses }: Pick<SwarmDraft, 'rule' | 'addresses'>): boolean {
  return takesTls(rule) || addresses.some(({ address }) => takesTls(address))
}

/** As Berth takes it. */
export function givenReach({ rule, tlsFolder, addresses, movesOnDrain }: SwarmDraft): Required<GivenReach> {
  const folder = tlsFolder.trim()
  const given = addresses.filter(({ address }) => address.trim() !== '')
  return {
    rule: rule.trim() === '' ? null : rule.trim(),
    tlsFolder: usesTls({ rule, addresses }) && folder !== '' ? folder : null,
    addresses: Object.fromEntries(given.map(({ node, address }) => [node.trim(), address.trim()])),
    movesOnDrain,
  }
}

/** Where the rule says that the engine of a node is; null where it says nothing that can be one. */
export function ruleAddress(rule: string, node: { id: string; hostname: string; address: string }): string | null {
  const typed = rule.trim()
  return typed === '' || ruleProblem(typed) !== null ? null : fillAddress(typed, node)
}

/** So that there is something to see before the nodes are known. */
export const EXAMPLE_NODE = { id: 'v4bq0zdiq0xl', hostname: 'worker-1', address: '10.0.0.5' }

function ruleProblem(rule: string): string | null {
  if (rule === '') return null
  const names = /\{(hostname|address|id)\}/.test(rule)
  return wrongAddress(rule) ?? (names ? null : 'Use {hostname}, {address} or {id}, because each node has its own engine.')
}

function addressProblem({ node, address }: NodeAddress, before: readonly NodeAddress[]): string | null {
  const [name, typed] = [node.trim(), address.trim()]
  if (typed === '') return name === '' || before.every((other) => other.node.trim() !== name) ? null : 'This node is already listed above.'
  if (name === '') return 'Enter the node’s hostname.'
  if (before.some((other) => other.node.trim() === name)) return 'This node is already listed above.'
  return wrongAddress(typed)
}

function wrongAddress(address: string): string | null {
  if (/^context:./.test(address)) return null
  return engineAddressSchema.safeParse(address).success ? null : 'Enter an address such as ssh://me@host, tcp://host:2376 or context:NAME.'
}

function freeName(isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'swarm' : `swarm-${number}`
    if (!isTaken(name)) return name
  }
}

function issueOf({ error }: { error?: { issues: readonly { message: string }[] } | undefined }): string | null {
  return error?.issues[0]?.message ?? null
}
