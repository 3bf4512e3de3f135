import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { isBerthError } from '../../shared/errors'
import { operationSchema } from '../../shared/operation'
import { writeJsonFile } from '../settings/atomic-file'
import { FIRST_VERSION, firstVersion } from './first-version'

const pendingSchema = z.object({
  input: z.unknown(),
  /** Name of the step that is about to run, runs, or is being undone. */
  step: z.string(),
  undoing: z.boolean(),
  /** What its steps have remembered. */
  memory: z.record(z.string(), z.string()).default({}),
})

/** One file an operation: while it runs, what recovery needs; once it has ended, its history. */
const journalEntrySchema = z.object({
  version: z.literal(2),
  operation: operationSchema,
  /** Of the definition it was begun by. */
  definitionVersion: z.number().int().positive(),
  /** null once it has ended. */
  pending: pendingSchema.nullable(),
})
export type JournalEntry = z.infer<typeof journalEntrySchema>

/** As Berth 0.1.0 wrote it: with the place of the step among those that this Berth had. */
const firstEntrySchema = z
  .object({
    version: z.literal(1),
    operation: operationSchema,
    pending: z.object({ input: z.unknown(), stepIndex: z.number().int().min(-1), undoing: z.boolean() }).nullable(),
  })
  .transform(({ operation, pending }, context): JournalEntry => {
    const entry = { version: 2 as const, operation, definitionVersion: FIRST_VERSION }
    if (pending === null) return { ...entry, pending }
    const { input, stepIndex, undoing } = pending
    const step = firstVersion(operation.kind).steps[Math.max(stepIndex, 0)]
    // The entry has the names too: an entry of a Berth in between, whose steps are others, is not taken for one of 0.1.0.
    if (step === undefined || operation.steps[Math.max(stepIndex, 0)]?.name !== step) {
      context.addIssue(`its step ${stepIndex} is not a step of Berth 0.1.0`)
      return z.NEVER
    }
    return { ...entry, pending: { input, step, undoing, memory: {} } }
  })

const entrySchema = z.union([journalEntrySchema, firstEntrySchema])

/** What can be told of an entry that is not of its form. */
const remainsSchema = z.object({ operation: operationSchema.partial() })

/** An entry that cannot be read: it may be damaged or from a newer Berth. It is reported and kept until it is accepted. */
export interface UnreadableEntry {
  /** By the name of its file. */
  operationId: string
  file: string
  reason: string
  remains: z.infer<typeof remainsSchema>['operation']
}

export interface Journal {
  /** All entries, oldest first, and those that cannot be read. */
  readAll(): Promise<{ entries: JournalEntry[]; unreadable: UnreadableEntry[] }>
  /** Returns when it is on the disk. Throws DISK_FULL. */
  write(entry: JournalEntry): Promise<void>
  /** For one that has ended: on a full disk its file is removed instead, so that it is not taken up again. */
  finish(entry: JournalEntry): Promise<void>
  remove(operationId: string): Promise<void>
}

export function openJournal(home: string): Journal {
  const folder = join(home, 'operations')
  const pathOf = (id: string) => join(folder, `${id}.json`)
  const write = (entry: JournalEntry) => writeJsonFile(pathOf(entry.operation.id), entry)
  const remove = (id: string) => rm(pathOf(id), { force: true })
  return {
    async readAll() {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
      const read = await Promise.all(names.map((name) => readEntry(join(folder, name))))
      const entries = read.flatMap((entry) => ('operation' in entry ? [entry] : []))
      return {
        entries: entries.sort((one, other) => one.operation.startedAt.localeCompare(other.operation.startedAt)),
        unreadable: read.flatMap((entry) => ('reason' in entry ? [entry] : [])),
      }
    },
    write,
    async finish(entry) {
      try {
        await write(entry)
      } catch (error) {
        if (!isBerthError(error, 'DISK_FULL')) throw error
        await remove(entry.operation.id)
      }
    },
    remove,
  }
}

async function readEntry(file: string): Promise<JournalEntry | UnreadableEntry> {
  const operationId = basename(file, '.json')
  const unreadable = (reason: string, remains: UnreadableEntry['remains'] = {}) => ({ operationId, file, reason, remains })
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return unreadable(error.message)
    throw error
  }
  const parsed = entrySchema.safeParse(value)
  if (parsed.success) return parsed.data
  return unreadable(z.prettifyError(parsed.error), remainsOf(value))
}

/** Field by field: one that is not of its form must not hide the others. */
function remainsOf(value: unknown): UnreadableEntry['remains'] {
  const given = z.object({ operation: z.record(z.string(), z.unknown()) }).safeParse(value)
  if (!given.success) return {}
  const fields = Object.entries(given.data.operation).filter(
    ([name, field]) => remainsSchema.safeParse({ operation: { [name]: field } }).success,
  )
  return remainsSchema.parse({ operation: Object.fromEntries(fields) }).operation
}
