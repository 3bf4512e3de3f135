import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { BerthError, problemSchema } from '../../shared/errors'
import { limitsSchema, NO_LIMITS } from '../../shared/limits'
import { storageDriverSchema } from '../../shared/storage-driver-name'
import { environmentSchema, portSchema, timestampSchema } from '../../shared/workspace'
import { writeJsonFile } from './atomic-file'

const VERSION = 2

/** The place of workspaces on the engine that Berth finds or is set to. */
export const LOCAL_PLACE = 'local'

/** What the engine cannot hold of a workspace, and what must be known of it while it has no container. */
export const workspaceRecordSchema = z.object({
  id: z.string(),
  /** Where it lives: `base/places.ts`. */
  place: z.string().default(LOCAL_PLACE),
  name: z.string(),
  label: z.string().nullable(),
  /** As it was asked for; null for Berth's own image. */
  image: z.string().nullable(),
  repo: z.string().nullable(),
  repoState: z.enum(['none', 'pending', 'cloned', 'failed']),
  env: environmentSchema,
  sshPort: portSchema.nullable(),
  /** Names of its volumes: by its name at first, others after a rename or a restore. */
  volumes: z.object({ home: z.string(), docker: z.string() }),
  /** Volumes that are its own though their labels do not say so: labels of a volume cannot be changed once another tool has made it. */
  adoptedVolumes: z.array(z.string()).default([]),
  /** Public keys of its ssh server, type and key, as of its last start; empty before the first. */
  hostKeys: z.array(z.string()).default([]),
  storage: storageDriverSchema,
  limits: limitsSchema.default(NO_LIMITS),
  /** There to be cloned, not to be started. */
  template: z.boolean(),
  problem: problemSchema.nullable(),
  createdAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  lastUsedAt: timestampSchema.nullable(),
})
export type WorkspaceRecord = z.infer<typeof workspaceRecordSchema>

/** A snapshot: volumes of its own, and an image of the container's layer (`layerReference`). */
export const snapshotRecordSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  place: z.string().default(LOCAL_PLACE),
  name: z.string(),
  automatic: z.boolean(),
  volumes: z.object({ home: z.string(), docker: z.string() }),
  storage: storageDriverSchema,
  createdAt: timestampSchema,
})
export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>

/** A forward that is to be there whenever its workspace runs. */
const forwardRecordSchema = z.object({ port: portSchema, container: z.string().nullable(), localPort: portSchema })
export type ForwardRecord = z.infer<typeof forwardRecordSchema>

const stateSchema = z.object({
  version: z.literal(VERSION),
  workspaces: z.array(workspaceRecordSchema),
  snapshots: z.array(snapshotRecordSchema),
  /** By the id of the workspace. */
  forwards: z.record(z.string(), z.array(forwardRecordSchema)).default({}),
})
type State = z.infer<typeof stateSchema>

/** Version 1 had neither snapshots nor templates, and volumes were always named by the workspace. */
const firstStateSchema = z
  .object({
    version: z.literal(1),
    workspaces: z.array(workspaceRecordSchema.omit({ volumes: true, adoptedVolumes: true, hostKeys: true, storage: true, template: true })),
  })
  .transform(
    ({ workspaces }): State => ({
      version: VERSION,
      workspaces: workspaces.map((record) => ({
        ...record,
        volumes: { home: `workspace-${record.name}`, docker: `workspace-${record.name}-docker` },
        adoptedVolumes: [],
        hostKeys: [],
        storage: 'plain',
        template: false,
      })),
      snapshots: [],
      forwards: {},
    }),
  )

type RecordChange = Partial<Omit<WorkspaceRecord, 'id'>>

/** Records of the workspaces, keyed by id. Reads are from memory; a write returns when it is on the disk. */
export interface Records {
  /** True when there was no file: what the engine holds is all there is. */
  readonly wereMissing: boolean
  list(): WorkspaceRecord[]
  get(id: string): WorkspaceRecord | null
  findByName(name: string): WorkspaceRecord | null
  put(record: WorkspaceRecord): Promise<void>
  /** Changes some fields, or those that a function of the present record gives; does nothing when the record is gone. */
  patch(id: string, change: RecordChange | ((current: WorkspaceRecord) => RecordChange)): Promise<void>
  remove(id: string): Promise<void>
  /** After each write, before it returns: for what follows from the records. The listener sees to its own failures. */
  onSaved(listener: () => Promise<void>): void
  snapshots: {
    list(workspaceId?: string): SnapshotRecord[]
    get(id: string): SnapshotRecord | null
    put(record: SnapshotRecord): Promise<void>
    remove(id: string): Promise<void>
  }
  forwards: {
    /** Of a workspace. */
    list(workspaceId: string): ForwardRecord[]
    put(workspaceId: string, forwards: ForwardRecord[]): Promise<void>
  }
}

/** Opens `state.json` of that folder. Throws RECORDS_UNREADABLE, and leaves the file alone, when it is not of its form. */
export async function openRecords(home: string): Promise<Records> {
  const file = join(home, 'state.json')
  const wereMissing = !existsSync(file)
  const state = wereMissing ? { workspaces: [], snapshots: [], forwards: {} } : await readState(file)
  const records = new Map(state.workspaces.map((record) => [record.id, record]))
  const snapshots = new Map(state.snapshots.map((record) => [record.id, record]))
  const forwards = new Map(Object.entries(state.forwards))
  const listeners: (() => Promise<void>)[] = []
  const save = createSaver(async () => {
    await writeJsonFile(file, {
      version: VERSION,
      workspaces: [...records.values()],
      snapshots: [...snapshots.values()],
      forwards: Object.fromEntries(forwards),
    } satisfies State)
    await Promise.all(listeners.map((listener) => listener()))
  })

  return {
    wereMissing,
    list: () => [...records.values()],
    get: (id) => records.get(id) ?? null,
    findByName: (name) => [...records.values()].find((record) => record.name === name) ?? null,
    async put(record) {
      records.set(record.id, record)
      await save()
    },
    async patch(id, change) {
      const record = records.get(id)
      if (!record) return
      records.set(id, { ...record, ...(typeof change === 'function' ? change(record) : change) })
      await save()
    },
    async remove(id) {
      forwards.delete(id)
      if (records.delete(id)) await save()
    },
    onSaved: (listener) => void listeners.push(listener),
    snapshots: {
      list: (workspaceId) => [...snapshots.values()].filter((record) => workspaceId === undefined || record.workspaceId === workspaceId),
      get: (id) => snapshots.get(id) ?? null,
      async put(record) {
        snapshots.set(record.id, record)
        await save()
      },
      async remove(id) {
        if (snapshots.delete(id)) await save()
      },
    },
    forwards: {
      list: (workspaceId) => forwards.get(workspaceId) ?? [],
      async put(workspaceId, kept) {
        if (kept.length > 0) forwards.set(workspaceId, kept)
        else forwards.delete(workspaceId)
        await save()
      },
    },
  }
}

/** One write at a time; those that ask while one is under way share the next. */
function createSaver(write: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let queued: Promise<void> | null = null
  const begin = () => {
    queued = null
    running = write().finally(() => {
      running = null
    })
    return running
  }
  return () => {
    if (running === null) return begin()
    queued ??= running.then(begin, begin)
    return queued
  }
}

async function readState(file: string): Promise<State> {
  const text = await readFile(file, 'utf8')
  const parsed = z.union([stateSchema, firstStateSchema]).safeParse(parseJson(text, file))
  if (parsed.success) return parsed.data
  throw unreadable(file, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw unreadable(file, error.message)
  }
}

function unreadable(file: string, reason: string): BerthError {
  return new BerthError('RECORDS_UNREADABLE', `The records in ${file} cannot be read: ${reason}`, {
    file,
    reason,
    next: 'Put the file right, or move it away: workspaces are found again on the engine, without their labels and settings.',
  })
}
