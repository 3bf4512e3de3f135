import { z } from 'zod'
import { storageDriverSchema } from './storage-driver-name'
import { timestampSchema } from './workspace'

/** The two volumes, and the image with the installed software outside them. */
const snapshotPartSchema = z.enum(['home', 'docker', 'layer'])
export type SnapshotPart = z.infer<typeof snapshotPartSchema>

/** The whole disk state of a workspace at one moment: the container's own layer, home and Docker volume. */
export const snapshotSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  /** Unique within its workspace. */
  name: z.string().max(64),
  createdAt: timestampSchema,
  /** Made by Berth itself (before a restore), and removed by it after a while. */
  automatic: z.boolean(),
  storage: storageDriverSchema,
  /** Bytes of its volumes; null while they are not measured. `exclusive` is what a deletion would free. */
  bytes: z.number().nonnegative().nullable(),
  exclusiveBytes: z.number().nonnegative().nullable(),
  /** Removed outside Berth: it cannot be restored as it was. */
  missing: z.array(snapshotPartSchema),
})
export type Snapshot = z.infer<typeof snapshotSchema>
