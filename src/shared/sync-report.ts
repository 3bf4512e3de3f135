import { z } from 'zod'

/** The most paths of a kind that are named. */
export const NAMED_PATHS = 100

/** Paths inside, the first of them by name. */
const pathsSchema = z.object({ count: z.number().int().nonnegative(), paths: z.array(z.string()) })

/** What came of copying files of this machine into a workspace. */
export const syncReportSchema = z.object({
  at: z.iso.datetime(),
  sent: pathsSchema,
  removed: pathsSchema.describe('Files that were copied before and are no longer in the list.'),
  conflicts: pathsSchema.describe('Files changed inside the workspace, which were left as they are.'),
  unchanged: z.number().int().nonnegative(),
  problems: z.array(z.string()).describe('Messages about files that could not be copied.'),
})
export type SyncReport = z.infer<typeof syncReportSchema>

export function namedPaths(paths: readonly string[]): { count: number; paths: string[] } {
  return { count: paths.length, paths: paths.slice(0, NAMED_PATHS) }
}

/** “2 sent, 1 removed, 12 unchanged, 1 changed inside” */
export function syncSummary({ sent, removed, conflicts, unchanged }: SyncReport): string {
  return [
    `${sent.count} sent`,
    `${removed.count} removed`,
    `${unchanged} unchanged`,
    ...(conflicts.count > 0 ? [`${conflicts.count} changed inside`] : []),
  ].join(', ')
}
