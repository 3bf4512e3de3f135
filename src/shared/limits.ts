import { z } from 'zod'

const MEBIBYTE = 1024 ** 2
const PEBIBYTE = 1024 ** 5
const OUT_OF_RANGE = 'Enter a size from 64 MiB to 1024 TiB.'

/** Bytes on a disk or in memory as a limit: enough for a workspace to begin at all, and no more than what no machine has. */
export const sizeLimitSchema = z
  .number()
  .int()
  .min(64 * MEBIBYTE, OUT_OF_RANGE)
  .max(PEBIBYTE, OUT_OF_RANGE)

/** What a workspace may take; null for no limit. */
export const limitsSchema = z.object({
  /**
   * Bytes of its home and Docker volume, with its snapshots. On the pool the file system holds the two volumes to it; on plain
   * volumes they are measured, Berth warns, and refuses copies that go past it.
   */
  diskBytes: sizeLimitSchema.nullable(),
  memoryBytes: sizeLimitSchema.nullable(),
  /** Of processors: 1.5 is one and a half. */
  cpus: z.number().min(0.1).max(1024).nullable(),
  /** Processes and threads at once. */
  processes: z.number().int().min(64).max(4_194_304).nullable(),
})
export type Limits = z.infer<typeof limitsSchema>

/** Some limits as they are set; those left out stay as they are. */
export const limitsPatchSchema = limitsSchema.partial().strict()
export type LimitsPatch = z.infer<typeof limitsPatchSchema>

export const NO_LIMITS: Limits = { diskBytes: null, memoryBytes: null, cpus: null, processes: null }

/** The limits as they are after the change. */
export function changeLimits(limits: Limits, changes: LimitsPatch = {}): Limits {
  const { diskBytes = limits.diskBytes, memoryBytes = limits.memoryBytes, cpus = limits.cpus, processes = limits.processes } = changes
  return { diskBytes, memoryBytes, cpus, processes }
}
