import { join } from 'node:path'
import { z } from 'zod'
import { storageDriverSchema } from '../../shared/storage-driver-name'
import type { DamagedFiles } from './damaged-files'
import { LOCAL_PLACE, withItem } from './records'
import { createStateQueue } from './state-queue'
import { readStoredFile, writeStoredFile } from './stored-file'

/** Where an engine answers: a Docker context of that name, or an address with the folder of its TLS files. */
const addressSchema = z.union([
  z.object({ context: z.string() }),
  z.object({ url: z.string(), tlsFolder: z.string().optional().describe('ca.pem, cert.pem and key.pem') }),
])

/** An engine that the user has chosen to use. */
const engineEntrySchema = z.object({
  /** The place that records name. */
  id: z.string(),
  name: z.string(),
  /** null for the local one, which is found on this machine or set by `engineEndpoint`. */
  address: addressSchema.nullable(),
  /** What new workspaces are made on there; null leaves it to the setting `newWorkspaceStorage`. */
  newWorkspaceStorage: storageDriverSchema.nullable().default(null),
  /** Which node of a Swarm it was when it last answered; null for none. */
  swarmNodeId: z.string().nullable().default(null),
})
export type EngineEntry = z.infer<typeof engineEntrySchema>

/** A Swarm that the user has chosen to use: it gives workspaces their nodes. */
const swarmEntrySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The engine that was named as its manager; others of the same Swarm serve as well. */
  manager: z.string(),
  /** As its managers have it. */
  swarmId: z.string(),
  /** Address of its nodes' engines, with `{hostname}`, `{address}` or `{id}`; null for none. */
  rule: z.string().nullable(),
  tlsFolder: z.string().nullable(),
  /** Addresses of single nodes, by hostname or id. */
  nodes: z.record(z.string(), z.string()),
  /** Whether workspaces leave a drained node automatically. */
  movesOnDrain: z.boolean(),
})
export type SwarmEntry = z.infer<typeof swarmEntrySchema>

const fileSchema = z.object({ version: z.literal(1), engines: z.array(engineEntrySchema), swarms: z.array(swarmEntrySchema).default([]) })

const LOCAL: EngineEntry = { id: LOCAL_PLACE, name: LOCAL_PLACE, address: null, newWorkspaceStorage: null, swarmNodeId: null }

/** The engines that are used, the local one first, and the Swarms: `engines.json` of BERTH_HOME. */
export interface EngineList {
  list(): EngineEntry[]
  add(entry: EngineEntry): Promise<void>
  remove(id: string): Promise<void>
  patch(id: string, change: Partial<Pick<EngineEntry, 'newWorkspaceStorage' | 'swarmNodeId'>>): Promise<void>
  swarms: {
    list(): SwarmEntry[]
    /** In the place of the one with its id, or behind the others. */
    put(entry: SwarmEntry): Promise<void>
    remove(id: string): Promise<void>
  }
}

/** The engine or Swarm that somebody means: by its name, else by its id. */
export function byReference<Item extends { id: string; name: string }>(all: readonly Item[], reference: string): Item | undefined {
  return all.find(({ name }) => name === reference) ?? all.find(({ id }) => id === reference)
}

/** Opens that file. One that is damaged is set aside and reported; then the last good version counts, or the local engine alone. */
export function openEngineList(home: string, damagedFiles: DamagedFiles): EngineList {
  const file = join(home, 'engines.json')
  const stored = readStoredFile(file, fileSchema, damagedFiles)
  const others = stored?.engines.filter(({ id }) => id !== LOCAL_PLACE) ?? []
  const local = stored?.engines.find(({ id }) => id === LOCAL_PLACE) ?? LOCAL
  const { get, change } = createStateQueue({ engines: [local, ...others], swarms: stored?.swarms ?? [] }, (state) =>
    writeStoredFile(file, { version: 1, ...state }),
  )
  const changeEngines = (next: (all: EngineEntry[]) => EngineEntry[]) => change((state) => ({ ...state, engines: next(state.engines) }))
  const changeSwarms = (next: (all: SwarmEntry[]) => SwarmEntry[]) => change((state) => ({ ...state, swarms: next(state.swarms) }))
  return {
    list: () => get().engines,
    add: (entry) => changeEngines((all) => [...all, entry]),
    remove: (id) => changeEngines((all) => all.filter((entry) => entry.id !== id)),
    patch: (id, fields) => changeEngines((all) => all.map((entry) => (entry.id === id ? { ...entry, ...fields } : entry))),
    swarms: {
      list: () => get().swarms,
      put: (entry) => changeSwarms((all) => withItem(all, entry)),
      remove: (id) => changeSwarms((all) => all.filter((entry) => entry.id !== id)),
    },
  }
}
