import { z } from 'zod'
import { devcontainerStateSchema } from './devcontainer'
import { environmentSchema } from './environment'
import { problemSchema } from './error-definitions'
import { furtherRepoStatesSchema } from './further-repos'
import { nestedEngineSchema } from './nested-engine'
import { unavailableSchema } from './place-capabilities'
import { storageDriverSchema } from './storage-driver-name'
import { syncReportSchema } from './sync-report'
import { viewShape } from './workspace-configuration/configuration'

/** ISO 8601, UTC. */
export const timestampSchema = z.iso.datetime()

/** A workspace's name or id, as a person or script gives it. */
export const workspaceReferenceSchema = z.string().max(128).describe('Name or id of a workspace.')

export const workspaceStatusSchema = z.enum(['pending', 'building', 'starting', 'running', 'stopping', 'stopped', 'error', 'deleting'])
export type WorkspaceStatus = z.infer<typeof workspaceStatusSchema>

/** Where a host workspace is on the machine that Berth runs on. */
const hostFolderSchema = z.object({
  folder: z.string(),
  created: z.boolean().describe('Whether Berth created the folder; a folder that existed before is never removed.'),
})

export const initStateSchema = z.enum(['pending', 'running', 'failed', 'done'])

/** A TCP port. */
export const portSchema = z.number().int().min(1).max(65535)

export const workspaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['container', 'host']),
  engine: z.string().nullable().describe('Name of the engine that the workspace is on; null for a host workspace.'),
  status: workspaceStatusSchema,
  /** What it is doing, or why it is as it is, in words for a person. */
  statusDetail: z.string().nullable(),
  /** Its container is running and ready. True also in the status `error` when only a script of it has failed. */
  running: z.boolean(),
  /** What is wrong and can be put right (a failed start, a repo that could not be cloned). */
  problem: problemSchema.nullable(),
  /** The operation under way on it. */
  operationId: z.string().nullable(),
  containerId: z.string().nullable(),
  containerName: z.string().nullable().describe('null for a host workspace.'),
  volumes: z.object({ home: z.string(), docker: z.string() }).nullable().describe('null for a host workspace.'),
  host: hostFolderSchema.nullable().describe('Folder of a host workspace; null for a container.'),
  unavailable: unavailableSchema.describe('Actions that are not available for this workspace, and why; empty for a container.'),
  /** Host port that answers with the workspace's sshd; null while none is reserved. */
  ports: z.object({ ssh: portSchema.nullable() }),
  ...viewShape,
  /** The one it has, also where none was asked for; null for a host workspace. */
  image: z.string().nullable(),
  imageOutdated: z.boolean().describe('Whether this version of Berth would build its image differently; a rebuild brings it up to date.'),
  env: environmentSchema.describe('Names of the variables. Values are masked, since they may be secrets.'),
  repoState: z.enum(['none', 'pending', 'cloned', 'failed']),
  furtherRepoStates: furtherRepoStatesSchema.describe('Result of cloning each further repository, by folder.'),
  initState: initStateSchema.describe('Result of the init script; `done` also if there is none.'),
  devcontainerState: devcontainerStateSchema.describe('The dev container of the repository.'),
  nestedEngine: nestedEngineSchema.nullable().describe('Result of the last start of the nested Docker engine; null if unknown.'),
  synced: syncReportSchema.nullable().describe('Report of the last sync of files from this machine; null for never.'),
  libraryTemplate: z.string().nullable().describe('The library template that the workspace was created from.'),
  templateDrift: z.array(z.string()).describe('Names of fields that have changed in the template since it was applied.'),
  storage: storageDriverSchema.nullable().describe('null for a host workspace.'),
  /** What is nearly full, in words; null as long as the last measurement found nothing, or before the first. */
  storageWarning: z.string().nullable(),
  idleStopAt: timestampSchema
    .nullable()
    .describe('When Berth will stop the workspace because nothing is running in it; null if no stop is announced.'),
  createdAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  lastUsedAt: timestampSchema.nullable(),
})
export type Workspace = z.infer<typeof workspaceSchema>
