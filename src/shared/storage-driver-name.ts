import { z } from 'zod'

/** Where volumes are: Docker's own (`plain`), or Berth's copy-on-write pool (`btrfs`). */
export const storageDriverSchema = z.enum(['plain', 'btrfs'])
export type StorageDriverName = z.infer<typeof storageDriverSchema>
