import { z } from 'zod'
import { operationSchema } from '../operation'
import { timestampSchema, workspaceReferenceSchema, workspaceSchema } from '../workspace'
import { procedure } from './base'
import { engineStateSchema } from './engines'
import { logSourceSchema } from './logs'
import { systemInfoSchema } from './system'
import { logEntrySchema } from './workspaces'

/** Lines of each log. */
export const DEBUG_LOG_LINES = 100
/** Entries of the home folder. */
export const DEBUG_LISTED_FILES = 200

const debugContainerSchema = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  state: z.string().describe('The engine’s name for it.'),
  exitCode: z.number().int(),
  error: z.string().describe('The engine’s error from the last start; empty if there was none.'),
  outOfMemory: z.boolean(),
  createdAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  finishedAt: timestampSchema.nullable(),
  entrypoint: z.array(z.string()),
  mounts: z.array(z.object({ path: z.string(), kind: z.string(), volume: z.string().nullable() })),
  ports: z.array(z.object({ containerPort: z.number(), hostAddress: z.string(), hostPort: z.number() })),
  addresses: z.array(z.string()),
  limits: z.object({ memoryBytes: z.number().nullable(), cpus: z.number().nullable(), processes: z.number().nullable() }),
  variables: z.array(z.string()).describe('Names only, since values may be secrets.'),
  labels: z.record(z.string(), z.string()),
})

/** All there is to know of one workspace, for a report of a fault: one document, without secrets that Berth knows. */
export const debugReportSchema = z.object({
  createdAt: timestampSchema,
  berth: systemInfoSchema.pick({ version: true, door: true, platform: true, arch: true, startedAt: true }).extend({ node: z.string() }),
  engine: engineStateSchema,
  workspace: workspaceSchema,
  container: debugContainerSchema.nullable(),
  volumes: z.array(z.object({ name: z.string(), isThere: z.boolean(), options: z.record(z.string(), z.string()) })),
  operations: z.array(operationSchema).describe('The latest operations on the workspace, newest first.'),
  home: z
    .array(z.string())
    .nullable()
    .describe('Contents of the home folder, one line per entry, as listed by `ls`; null while the workspace is not running.'),
  logs: z.array(z.object({ source: logSourceSchema, lines: z.array(logEntrySchema) })),
  missing: z.array(z.object({ part: z.string(), reason: z.string() })).describe('Information that could not be collected, and why.'),
})
export type DebugReport = z.infer<typeof debugReportSchema>

export const debug = {
  report: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/debug',
      tags: ['Workspaces'],
      summary: 'Everything known about a workspace in one document, for bug reports; known secrets are masked',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(debugReportSchema),
}
