import { NOT_A_SIZE, parseSize } from '../../../shared/byte-size'
import { sizeLimitSchema } from '../../../shared/limits'

type Checked<Value> = { ok: true; value: Value } | { ok: false; problem: string }

const SMALLEST_POOL = 1024 ** 3
const LARGEST_POOL = 1024 ** 5

/** Empty means that there is none. */
export function checkDiskLimit(typed: string): Checked<number | null> {
  if (typed.trim() === '') return { ok: true, value: null }
  const bytes = parseSize(typed)
  if (bytes === null) return { ok: false, problem: NOT_A_SIZE }
  const problem = sizeLimitSchema.safeParse(bytes).error?.issues[0]?.message
  return problem === undefined ? { ok: true, value: bytes } : { ok: false, problem }
}

/** `least` is the size that it has already: a pool does not shrink. */
export function checkPoolSize(typed: string, least = 0): Checked<number> {
  const bytes = parseSize(typed)
  if (bytes === null) return { ok: false, problem: NOT_A_SIZE }
  if (bytes < SMALLEST_POOL || bytes > LARGEST_POOL) return { ok: false, problem: 'Enter a size from 1 GiB to 1024 TiB.' }
  return bytes <= least ? { ok: false, problem: 'The pool can only grow. Enter a larger size.' } : { ok: true, value: bytes }
}
