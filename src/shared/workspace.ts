import { z } from 'zod'
import { problemSchema } from './errors'
import { limitsSchema } from './limits'
import { storageDriverSchema } from './storage-driver-name'

/** ISO 8601, UTC. */
export const timestampSchema = z.iso.datetime()

/** A workspace's name or id, as a person or script gives it. */
export const workspaceReferenceSchema = z.string().max(128).describe('The name or the id of a workspace.')

export const workspaceStatusSchema = z.enum(['pending', 'building', 'starting', 'running', 'stopping', 'stopped', 'error', 'deleting'])
export type WorkspaceStatus = z.infer<typeof workspaceStatusSchema>

/** A TCP port. */
export const portSchema = z.number().int().min(1).max(65535)

export const environmentSchema = z
  .record(
    z
      .string()
      .max(256)
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A variable name has letters, digits and underscores only, and no digit first.'),
    z
      .string()
      // The kernel starts no program with a variable of 128 KiB or more, its name included.
      .refine((value) => new TextEncoder().encode(value).length <= 130_000, 'A value has at most 130,000 bytes.')
      .refine((value) => !value.includes('\0'), 'A value cannot hold a NUL.'),
  )
  .refine((env) => Object.keys(env).length <= 512, 'At most 512 variables.')

export const workspaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  label: z.string().max(64).nullable(),
  kind: z.enum(['container', 'host']),
  status: workspaceStatusSchema,
  /** What it is doing, or why it is as it is, in words for a person. */
  statusDetail: z.string().nullable(),
  /** What is wrong and can be put right (a failed start, a repo that could not be cloned). */
  problem: problemSchema.nullable(),
  /** The operation under way on it. */
  operationId: z.string().nullable(),
  containerId: z.string().nullable(),
  containerName: z.string(),
  volumes: z.object({ home: z.string(), docker: z.string() }),
  /** Host port that answers with the workspace's sshd; null while none is reserved. */
  ports: z.object({ ssh: portSchema.nullable() }),
  image: z.string(),
  repo: z.string().nullable(),
  repoState: z.enum(['none', 'pending', 'cloned', 'failed']),
  env: environmentSchema.describe('Names of its variables. Values may be secrets, and are masked.'),
  /** A template is there to be cloned and is not started. */
  template: z.boolean(),
  storage: storageDriverSchema,
  limits: limitsSchema,
  /** What is nearly full, in words; null as long as the last measurement found nothing, or before the first. */
  storageWarning: z.string().nullable(),
  createdAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  lastUsedAt: timestampSchema.nullable(),
})
export type Workspace = z.infer<typeof workspaceSchema>
