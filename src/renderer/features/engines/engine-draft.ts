import { engineAddressSchema, engineNameSchema, type FoundEngine } from '../../../shared/contract/engines'
import { hostPathSchema } from '../../../shared/host-path'
import type { client } from '../../client'

/** What a person has typed into Add engine, as typed. */
export interface EngineDraft {
  name: string
  kind: 'address' | 'context'
  address: string
  /** Counts for addresses that `takesTls` only; empty for none. */
  tlsFolder: string
  /** Name of a Docker context. */
  context: string
}

/** Why a field cannot be taken, in words; null where it can. */
export type EngineDraftProblems = Record<'name' | 'address' | 'tlsFolder' | 'context', string | null>

export type GivenEngine = Parameters<typeof client.engines.test>[0]

export const emptyEngineDraft: EngineDraft = { name: '', kind: 'address', address: '', tlsFolder: '', context: '' }

/** Over TCP both sides show certificates; the other ways need none. */
export function takesTls(address: string): boolean {
  return /^(tcp|https):\/\//.test(address.trim())
}

/** `isTaken` knows the names of the engines that are used. */
export function engineDraftProblems(draft: EngineDraft, isTaken: (name: string) => boolean): EngineDraftProblems {
  const name = draft.name.trim()
  const isAddress = draft.kind === 'address'
  const tlsFolder = draft.tlsFolder.trim()
  return {
    name: nameProblem(name) ?? (isTaken(name) ? 'An engine with this name already exists.' : null),
    address: isAddress ? issueOf(engineAddressSchema.safeParse(draft.address.trim())) : null,
    tlsFolder: isAddress && takesTls(draft.address) && tlsFolder !== '' ? issueOf(hostPathSchema.safeParse(tlsFolder)) : null,
    context: !isAddress && draft.context.trim() === '' ? 'Enter the name of a context.' : null,
  }
}

function nameProblem(name: string): string | null {
  return name === '' ? 'Enter a name.' : issueOf(engineNameSchema.safeParse(name))
}

function issueOf({ error }: { error?: { issues: readonly { message: string }[] } | undefined }): string | null {
  return error?.issues[0]?.message ?? null
}

/** Where the engine is, as Berth takes it. */
export function givenEngine({ kind, address, tlsFolder, context }: EngineDraft): GivenEngine {
  if (kind === 'context') return { context: context.trim() }
  const folder = tlsFolder.trim()
  return { address: address.trim(), ...(takesTls(address) && folder !== '' ? { tlsFolder: folder } : {}) }
}

/** A name that is free, like what the engine is called where it is: the host of an address, or the context. */
export function proposedEngineName({ kind, address, context }: EngineDraft, isTaken: (name: string) => boolean): string {
  const base = asName(kind === 'context' ? context : hostOf(address.trim()))
  if (base === '') return ''
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base.slice(0, 36)}-${number}`
    if (!isTaken(name)) return name
  }
}

/** Of a socket the name of its file: “docker” of unix:///run/docker.sock. Empty while there is none. */
function hostOf(address: string): string {
  const [, scheme, rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(address) ?? []
  if (scheme === 'unix' || scheme === 'npipe') return (rest.split(/[/\\]/).at(-1) ?? '').replace(/\.sock$/, '')
  const [authority = ''] = rest.split('/')
  return authority.replace(/^.*@/, '').replace(/:\d*$/, '')
}

function asName(text: string): string {
  return text
    .replace(/[^a-z0-9._-]+/gi, '-')
    .replace(/^[^a-z0-9]+/i, '')
    .slice(0, 40)
}

/** One that was found, under a name that is free. */
export function draftOfFound({ name, address, context, tlsFolder }: FoundEngine, isTaken: (name: string) => boolean): EngineDraft {
  const draft: EngineDraft = {
    name: '',
    kind: context === null ? 'address' : 'context',
    address: address ?? '',
    tlsFolder: tlsFolder ?? '',
    context: context ?? '',
  }
  const called = proposedEngineName({ ...draft, kind: 'context', context: name }, isTaken)
  return { ...draft, name: called === '' ? proposedEngineName(draft, isTaken) : called }
}
