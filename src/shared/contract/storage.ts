import { z } from 'zod'
import { storageDriverSchema } from '../storage-driver-name'
import { procedure } from './base'

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

export const storage = {
  info: procedure
    .route({ method: 'GET', path: '/storage', tags: ['Storage'], summary: 'Where the data of workspaces is' })
    .output(storageInfoSchema),
  enable: procedure
    .route({
      method: 'POST',
      path: '/storage/pool',
      tags: ['Storage'],
      summary: 'Make the copy-on-write pool, or let it grow, and make new workspaces on it',
    })
    .input(z.object({ sizeBytes: sizeBytes.default(50 * GIBIBYTE).describe('Its file is sparse: it takes what is in it.') }))
    .output(storageInfoSchema),
  disable: procedure
    .route({ method: 'DELETE', path: '/storage/pool', tags: ['Storage'], summary: 'Remove the pool; refused while volumes are on it' })
    .output(storageInfoSchema),
}
