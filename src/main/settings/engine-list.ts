import { join } from 'node:path'
import { z } from 'zod'
import { storageDriverSchema } from '../../shared/storage-driver-name'
import type { DamagedFiles } from './damaged-files'
import { LOCAL_PLACE } from './records'
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
})
export type EngineEntry = z.infer<typeof engineEntrySchema>

const fileSchema = z.object({ version: z.literal(1), engines: z.array(engineEntrySchema) })

const LOCAL: EngineEntry = { id: LOCAL_PLACE, name: LOCAL_PLACE, address: null, newWorkspaceStorage: null }

/** The engines that are used, the local one first: `engines.json` of BERTH_HOME. */
export interface EngineList {
  list(): EngineEntry[]
  add(entry: EngineEntry): Promise<void>
  remove(id: string): Promise<void>
  patch(id: string, change: Partial<Pick<EngineEntry, 'newWorkspaceStorage'>>): Promise<void>
}

/** Opens that file. One that is damaged is set aside and reported; then the last good version counts, or the local engine alone. */
export function openEngineList(home: string, damagedFiles: DamagedFiles): EngineList {
  const file = join(home, 'engines.json')
  const stored = readStoredFile(file, fileSchema, damagedFiles)
  const others = stored?.engines.filter(({ id }) => id !== LOCAL_PLACE) ?? []
  const local = stored?.engines.find(({ id }) => id === LOCAL_PLACE) ?? LOCAL
  const { get, change } = createStateQueue([local, ...others], (engines) => writeStoredFile(file, { version: 1, engines }))
  return {
    list: get,
    add: (entry) => change((engines) => [...engines, entry]),
    remove: (id) => change((engines) => engines.filter((entry) => entry.id !== id)),
    patch: (id, fields) => change((engines) => engines.map((entry) => (entry.id === id ? { ...entry, ...fields } : entry))),
  }
}
