import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { operationSchema } from '../../shared/operation'
import { log } from '../log'
import { writeJsonFile } from '../settings/atomic-file'

/** One file an operation: while it runs, what recovery needs; once it has ended, its history. */
const journalEntrySchema = z.object({
  version: z.literal(1),
  operation: operationSchema,
  /** null once it has ended. */
  pending: z
    .object({
      input: z.unknown(),
      /** Index of the step that is about to run, runs, or is being undone. */
      stepIndex: z.number().int().min(-1),
      undoing: z.boolean(),
    })
    .nullable(),
})
export type JournalEntry = z.infer<typeof journalEntrySchema>

const KEPT_ENDED = 200

export interface Journal {
  /** All entries, oldest first. */
  readAll(): Promise<JournalEntry[]>
  /** Returns when it is on the disk. */
  write(entry: JournalEntry): Promise<void>
  /** Drops the oldest of the ended ones. */
  prune(endedIdsOldestFirst: string[]): Promise<void>
}

export function openJournal(home: string): Journal {
  const folder = join(home, 'operations')
  const pathOf = (id: string) => join(folder, `${id}.json`)
  return {
    async readAll() {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
      const entries = await Promise.all(names.map((name) => readEntry(join(folder, name))))
      return entries
        .filter((entry) => entry !== null)
        .sort((one, other) => one.operation.startedAt.localeCompare(other.operation.startedAt))
    },
    write: (entry) => writeJsonFile(pathOf(entry.operation.id), entry),
    async prune(endedIdsOldestFirst) {
      const surplus = endedIdsOldestFirst.slice(0, Math.max(0, endedIdsOldestFirst.length - KEPT_ENDED))
      await Promise.all(surplus.map((id) => rm(pathOf(id), { force: true })))
    },
  }
}

/** An entry that cannot be read is left where it is and said so: it may be of a newer Berth. */
async function readEntry(path: string): Promise<JournalEntry | null> {
  const text = await readFile(path, 'utf8')
  try {
    const parsed = journalEntrySchema.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    log.error({ path, issues: parsed.error.issues }, 'a journal entry is not of its form and was left alone')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    log.error({ path, err: error }, 'a journal entry is not JSON and was left alone')
  }
  return null
}
