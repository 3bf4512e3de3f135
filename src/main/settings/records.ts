import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { devcontainerRecordSchema } from '../../shared/devcontainer'
import { problemSchema } from '../../shared/error-definitions'
import { furtherRepoStatesSchema } from '../../shared/further-repos'
import { appliedTemplateSchema } from '../../shared/library/applied-template'
import { nestedEngineSchema } from '../../shared/nested-engine'
import { sealedSecretSchema } from '../../shared/secret'
import { storageDriverSchema } from '../../shared/storage-driver-name'
import { syncReportSchema } from '../../shared/sync-report'
import { portSchema, timestampSchema } from '../../shared/workspace'
import { recordShape } from '../../shared/workspace-configuration/configuration'
import type { DamagedFiles } from './damaged-files'
import { createStateQueue } from './state-queue'
import { readStoredFile, writeStoredFile } from './stored-file'

const VERSION = 3

/** The place of workspaces on the engine that Berth finds or is set to. */
export const LOCAL_PLACE = 'local'

/** How a Swarm came to choose the node of a workspace. */
export const placementSchema = z.object({
  /** Id of the Swarm: `engine-list.ts`. */
  swarm: z.string(),
  /** What the node had to be like, as in `docker service create --constraint`. */
  constraints: z.array(z.string()),
})
export type Placement = z.infer<typeof placementSchema>

/** What the engine cannot hold of a workspace, and what must be known of it while it has no container. */
export const workspaceRecordSchema = z.object({
  id: z.string(),
  /** Where it lives: `base/places.ts`. */
  place: z.string().default(LOCAL_PLACE),
  /** Left out where the user has chosen the engine. */
  placement: placementSchema.optional(),
  name: z.string(),
  ...recordShape,
  /** What its repository asks for: `provisioning/repo-credential.ts`. */
  repoCredential: sealedSecretSchema.nullable().default(null),
  repoState: z.enum(['none', 'pending', 'cloned', 'failed']),
  furtherRepoStates: furtherRepoStatesSchema.default({}),
  sshPort: portSchema.nullable(),
  /** Names of its volumes: by its name at first, others after a rename or a restore. */
  volumes: z.object({ home: z.string(), docker: z.string() }),
  /** Volumes that belong to it although their labels do not say so: labels of a volume that another tool created cannot be changed. */
  adoptedVolumes: z.array(z.string()).default([]),
  /** Public keys of its ssh server, type and key, as of its last start; empty before the first. */
  hostKeys: z.array(z.string()).default([]),
  /** How the Docker engine inside fared at its last start; null before the first, or where its entrypoint did not say. */
  nestedEngine: nestedEngineSchema.nullable().catch(null),
  storage: storageDriverSchema,
  /**
   * The image with its container's layer as it was when it last stopped, when that was kept, and after which run of the container; null when
   * there is none of that state. What starts the container sets it to null first.
   */
  keptLayer: z.object({ reference: z.string(), at: timestampSchema, run: z.string() }).nullable().default(null),
  /** When it last went back to the state of a snapshot: what was kept before is of a state that was left. */
  restoredAt: timestampSchema.optional(),
  /** Of its init script; left out once that has run to its end, or when there is none. `running` of an interrupted one: it begins again. */
  init: z
    .discriminatedUnion('status', [
      z.object({ status: z.enum(['pending', 'running']) }),
      z.object({ status: z.literal('failed'), problem: problemSchema }),
    ])
    .optional(),
  /** The dev container of its repository; left out until it was looked for. */
  devcontainerState: devcontainerRecordSchema.optional(),
  /** What was copied into it last, by which plan (`SyncPlan.digest`), and into which container; left out before the first time. */
  synced: syncReportSchema.extend({ plan: z.string(), containerId: z.string() }).optional(),
  /** Of the template of the library that it was made from; left out when it was made without one. */
  libraryTemplate: appliedTemplateSchema.optional(),
  /** A change of them was begun, and it is not known what the engine has: `lifecycle/limit-changes.ts`. */
  limitsInDoubt: z.boolean().optional(),
  problem: problemSchema.nullable(),
  createdAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  lastUsedAt: timestampSchema.nullable(),
})
export type WorkspaceRecord = z.infer<typeof workspaceRecordSchema>

/** The place of workspaces that are folders of this machine. */
export const HOST_PLACE = 'host'

/** A workspace that is a folder of this machine. Fields that only a container can have keep their initial values. */
export const hostRecordSchema = z.object({
  ...workspaceRecordSchema.pick({
    ...{ id: true, name: true, repoState: true, init: true, problem: true, createdAt: true, startedAt: true, lastUsedAt: true },
  }).shape,
  ...recordShape,
  place: z.literal(HOST_PLACE).default(HOST_PLACE),
  /** Absolute. */
  hostFolder: z.string(),
  /** Which folder Berth made there (`FolderIdentity`); null for one that was there before, which is never removed. */
  created: z.string().nullable(),
})
export type HostRecord = z.infer<typeof hostRecordSchema>

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
export const forwardRecordSchema = z.object({ port: portSchema, container: z.string().nullable(), localPort: portSchema })
export type ForwardRecord = z.infer<typeof forwardRecordSchema>

const stateSchema = z.object({
  /** Version 2 had variables that were not sealed: `storedSecretSchema`. */
  version: z.union([z.literal(2), z.literal(VERSION)]).transform((): typeof VERSION => VERSION),
  workspaces: z.array(workspaceRecordSchema),
  snapshots: z.array(snapshotRecordSchema),
  hosts: z.array(hostRecordSchema).default([]),
  /** By the id of the workspace. */
  forwards: z.record(z.string(), z.array(forwardRecordSchema)).default({}),
})
type State = z.infer<typeof stateSchema>

/** Version 1 had neither snapshots nor templates, and volumes were always named by the workspace. */
const firstStateSchema = z
  .object({
    version: z.literal(1),
    workspaces: z.array(
      workspaceRecordSchema.omit({
        ...{ volumes: true, adoptedVolumes: true, hostKeys: true, nestedEngine: true, storage: true, keptLayer: true },
      }),
    ),
  })
  .transform(
    ({ workspaces }): State => ({
      version: VERSION,
      workspaces: workspaces.map((record) => ({
        ...record,
        volumes: { home: `workspace-${record.name}`, docker: `workspace-${record.name}-docker` },
        adoptedVolumes: [],
        hostKeys: [],
        nestedEngine: null,
        storage: 'plain',
        keptLayer: null,
      })),
      snapshots: [],
      hosts: [],
      forwards: {},
    }),
  )

type RecordChange<Item = WorkspaceRecord> = Partial<Omit<Item, 'id'>>

/** Records of host workspaces. */
export interface HostRecords {
  list(): HostRecord[]
  get(id: string): HostRecord | null
  findByName(name: string): HostRecord | null
  put(record: HostRecord): Promise<void>
  /** Changes some fields, or those that a function of the present record gives; does nothing when the record is gone. */
  patch(id: string, change: RecordChange<HostRecord> | ((current: HostRecord) => RecordChange<HostRecord>)): Promise<void>
  remove(id: string): Promise<void>
}

/**
 * Records of the workspaces on engines, keyed by id; those of host workspaces are in `hosts`. Reads come from memory, which matches the
 * disk: a change is visible once it is written, and never if the disk refuses it (DISK_FULL).
 */
export interface Records {
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
  hosts: HostRecords
  forwards: {
    /** Of a workspace. */
    list(workspaceId: string): ForwardRecord[]
    put(workspaceId: string, forwards: ForwardRecord[]): Promise<void>
  }
}

/**
 * Opens `state.json` of that folder. One that is damaged is set aside and reported; then the last good version counts, or nothing, and what
 * the engine holds becomes records again.
 */
export function openRecords(home: string, damagedFiles: DamagedFiles): Records {
  const file = join(home, 'state.json')
  const listeners: (() => Promise<void>)[] = []
  const stored = readStoredFile(file, z.union([stateSchema, firstStateSchema]), damagedFiles)
  const { get, change } = createStateQueue<State>(
    stored ?? { version: VERSION, workspaces: [], snapshots: [], hosts: [], forwards: {} },
    (state) => writeStoredFile(file, state),
    async () => {
      await Promise.all(listeners.map((listener) => listener()))
    },
  )
  let index: { of: WorkspaceRecord[]; byId: Map<string, WorkspaceRecord> } | null = null
  /** A workspace is looked up at each event of the engine, and all of them are at each connection. */
  const byId = (): Map<string, WorkspaceRecord> => {
    const { workspaces } = get()
    if (index?.of !== workspaces) index = { of: workspaces, byId: new Map(workspaces.map((record) => [record.id, record])) }
    return index.byId
  }
  const changeWorkspaces = (next: (all: WorkspaceRecord[]) => WorkspaceRecord[]) =>
    change((state) => {
      const workspaces = next(state.workspaces)
      // What changes nothing is not written.
      return workspaces === state.workspaces ? state : { ...state, workspaces }
    })
  const changeSnapshots = (next: (all: SnapshotRecord[]) => SnapshotRecord[]) =>
    change((state) => ({ ...state, snapshots: next(state.snapshots) }))

  const changeHosts = (next: (all: HostRecord[]) => HostRecord[]) =>
    change((state) => {
      const hosts = next(state.hosts)
      return hosts === state.hosts ? state : { ...state, hosts }
    })

  return {
    list: () => get().workspaces,
    get: (id) => byId().get(id) ?? null,
    findByName: (name) => get().workspaces.find((record) => record.name === name) ?? null,
    put: (record) => changeWorkspaces((all) => withItem(all, record)),
    patch: (id, fields) => changeWorkspaces((all) => withChange(all, id, fields)),
    remove: (id) =>
      change((state) => {
        const { [id]: _, ...forwards } = state.forwards
        return { ...state, workspaces: state.workspaces.filter((record) => record.id !== id), forwards }
      }),
    onSaved: (listener) => void listeners.push(listener),
    snapshots: {
      list: (workspaceId) => get().snapshots.filter((record) => workspaceId === undefined || record.workspaceId === workspaceId),
      get: (id) => get().snapshots.find((record) => record.id === id) ?? null,
      put: (record) => changeSnapshots((all) => withItem(all, record)),
      remove: (id) => changeSnapshots((all) => all.filter((record) => record.id !== id)),
    },
    hosts: {
      list: () => get().hosts,
      get: (id) => get().hosts.find((record) => record.id === id) ?? null,
      findByName: (name) => get().hosts.find((record) => record.name === name) ?? null,
      put: (record) => changeHosts((all) => withItem(all, record)),
      patch: (id, fields) => changeHosts((all) => withChange(all, id, fields)),
      remove: (id) => changeHosts((all) => all.filter((record) => record.id !== id)),
    },
    forwards: {
      list: (workspaceId) => get().forwards[workspaceId] ?? [],
      put: (workspaceId, kept) =>
        change((state) => {
          const { [workspaceId]: _, ...others } = state.forwards
          return { ...state, forwards: kept.length > 0 ? { ...others, [workspaceId]: kept } : others }
        }),
    },
  }
}

/** In the place of the one with its id, or behind the others. */
export function withItem<Item extends { id: string }>(all: Item[], item: Item): Item[] {
  return all.some(({ id }) => id === item.id) ? all.map((other) => (other.id === item.id ? item : other)) : [...all, item]
}

/** The same array where that changes nothing: what changes nothing is not written. */
function withChange<Item extends { id: string }>(
  all: Item[],
  id: string,
  fields: RecordChange<Item> | ((current: Item) => RecordChange<Item>),
): Item[] {
  const current = all.find((record) => record.id === id)
  if (!current) return all
  const changed = { ...current, ...(typeof fields === 'function' ? fields(current) : fields) }
  return isDeepStrictEqual(changed, current) ? all : withItem(all, changed)
}
