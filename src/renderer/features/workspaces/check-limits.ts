import { NOT_A_SIZE, parseSize } from '../../../shared/byte-size'
import { limitsSchema, sizeLimitSchema } from '../../../shared/limits'

type Checked<Value> = { ok: true; value: Value } | { ok: false; problem: string }

const MOST_PROCESSES = 4_194_304

/** Empty means that there is none. `available` is what the engine has; null while that is not known. */
export function checkCpus(typed: string, available: number | null): Checked<number | null> {
  const text = typed.trim().replace(',', '.')
  if (text === '') return { ok: true, value: null }
  const cpus = /^\d{0,4}(\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN
  const isWithin = limitsSchema.shape.cpus.safeParse(cpus).success && (available === null || cpus <= available)
  if (isWithin) return { ok: true, value: cpus }
  return {
    ok: false,
    problem: available === null ? 'A number such as 1.5.' : `From 0.1 to ${available}, which is all the engine has.`,
  }
}

/** Bytes. Empty means that there is none. */
export function checkMemory(typed: string): Checked<number | null> {
  if (typed.trim() === '') return { ok: true, value: null }
  const bytes = parseSize(typed)
  if (bytes === null) return { ok: false, problem: NOT_A_SIZE }
  const problem = sizeLimitSchema.safeParse(bytes).error?.issues[0]?.message
  return problem === undefined ? { ok: true, value: bytes } : { ok: false, problem }
}

/** Empty means that there is none. */
export function checkProcesses(typed: string): Checked<number | null> {
  const text = typed.trim()
  if (text === '') return { ok: true, value: null }
  const count = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN
  if (limitsSchema.shape.processes.safeParse(count).success) return { ok: true, value: count }
  return { ok: false, problem: `A whole number from 64 to ${MOST_PROCESSES}.` }
}
