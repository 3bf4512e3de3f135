import { z } from 'zod'
import { operationSchema } from '../operation'
import { storageDriverSchema } from '../storage-driver-name'
import { timestampSchema } from '../workspace'
import { procedure } from './base'
import { engineReferenceSchema } from './engines'

const GIBIBYTE = 1024 ** 3

export const storageInfoSchema = z.object({
  /** Where the volumes of new workspaces are made. */
  newWorkspaces: storageDriverSchema,
  /** The copy-on-write pool; null while there is none. Bytes. */
  pool: z.object({ sizeBytes: z.number(), usedBytes: z.number(), freeBytes: z.number() }).nullable(),
  /** Why this engine cannot have a pool, in words; null when it can, or has. */
  obstacle: z.string().nullable(),
})
export type StorageInfo = z.infer<typeof storageInfoSchema>

/** At least what a pool needs to be of use, and no more than what no disk has. */
const sizeBytes = z
  .number()
  .int()
  .min(GIBIBYTE)
  .max(1024 * 1024 * GIBIBYTE)

const bytes = z.number().nonnegative()

/** What one workspace takes on disk; null for what could not be measured. */
export const workspaceUsageSchema = z.object({
  workspaceId: z.string(),
  name: z.string(),
  storage: storageDriverSchema,
  homeBytes: bytes.nullable(),
  dockerBytes: bytes.nullable(),
  /** Of the container itself: what was installed outside the volumes. */
  layerBytes: bytes.nullable(),
  /** Of all its snapshots. On the pool, what they do not share with others. */
  snapshotBytes: bytes.nullable(),
  /** All four. */
  totalBytes: bytes.nullable(),
  /** What counts for its limit: all but the layer. */
  limitedBytes: bytes.nullable(),
  limitBytes: bytes.nullable(),
  /** Whether the file system holds its volumes to the limit; else it is measured only. */
  limitEnforced: z.boolean(),
})
export type WorkspaceUsage = z.infer<typeof workspaceUsageSchema>

export const storageWarningSchema = z.object({
  /** What is nearly full: a workspace's limit, the limit of all, the pool, or the engine's disk. */
  of: z.enum(['workspace', 'total', 'pool', 'disk']),
  workspaceId: z.string().nullable(),
  message: z.string(),
  usedBytes: bytes,
  limitBytes: bytes,
})
export type StorageWarning = z.infer<typeof storageWarningSchema>

export const storageUsageSchema = z.object({
  measuredAt: timestampSchema,
  workspaces: z.array(workspaceUsageSchema),
  /** Images of the engine that are Berth's, layers that they share counted once; null when they could not be measured. */
  imagesBytes: bytes.nullable(),
  /** Build cache of the engine that nothing uses. */
  buildCacheBytes: bytes.nullable(),
  pool: storageInfoSchema.shape.pool,
  /** Of the disk that the engine keeps its data on; null when it cannot be told. */
  disk: z.object({ totalBytes: bytes, freeBytes: bytes }).nullable(),
  /** What all workspaces take on disk together; what is shared on the pool counts once. */
  totalBytes: bytes,
  totalLimitBytes: bytes.nullable(),
  /** All that is at 90 % or more of its limit. */
  warnings: z.array(storageWarningSchema),
})
export type StorageUsage = z.infer<typeof storageUsageSchema>

export const cleanupItemSchema = z.object({
  /** Stable as long as the thing is there. */
  id: z.string().max(600),
  kind: z.enum(['volume', 'image', 'layer', 'build-cache', 'snapshot']),
  title: z.string(),
  /** Why nobody needs it. */
  detail: z.string(),
  /** What its removal frees at most; null when it is not known. */
  bytes: bytes.nullable(),
})
export type CleanupItem = z.infer<typeof cleanupItemSchema>

/** Storage is of one engine. */
const onEngine = z.object({ engine: engineReferenceSchema.optional() })

export const storage = {
  info: procedure
    .route({ method: 'GET', path: '/storage', tags: ['Storage'], summary: 'Get where workspaces store their data' })
    .input(onEngine)
    .output(storageInfoSchema),
  enable: procedure
    .route({
      method: 'POST',
      path: '/storage/pool',
      tags: ['Storage'],
      summary: 'Create or enlarge the copy-on-write pool, and create new workspaces on it',
    })
    .input(
      onEngine.extend({ sizeBytes: sizeBytes.default(50 * GIBIBYTE).describe('The file is sparse: it only takes the space it uses.') }),
    )
    .output(storageInfoSchema),
  disable: procedure
    .route({ method: 'DELETE', path: '/storage/pool', tags: ['Storage'], summary: 'Remove the pool; refused while it has volumes' })
    .input(onEngine)
    .output(storageInfoSchema),
  usage: procedure
    .route({
      method: 'GET',
      path: '/storage/usage',
      tags: ['Storage'],
      summary: 'Measure the disk use of workspaces, images and caches; this can take a while',
    })
    .input(onEngine)
    .output(storageUsageSchema),
  cleanupPreview: procedure
    .route({
      method: 'GET',
      path: '/storage/cleanup',
      tags: ['Storage'],
      summary: 'List unused data and how much space its removal would free',
    })
    .input(onEngine)
    .output(z.array(cleanupItemSchema)),
  cleanup: procedure
    .route({
      method: 'POST',
      path: '/storage/cleanup',
      tags: ['Storage'],
      summary: 'Remove selected items of the preview; each is checked again first',
    })
    .input(
      onEngine.extend({
        ids: z.array(cleanupItemSchema.shape.id).min(1).max(1000),
        wait: z.boolean().default(false).describe('Wait for the operation to end before answering.'),
      }),
    )
    .output(z.object({ operation: operationSchema })),
}
