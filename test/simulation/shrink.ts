import { runSeed } from './run-seed'
import type { Step } from './steps'

/** Fewer steps that break the same invariant: larger parts are left out first, then single steps. */
export async function shrink(seed: number, steps: readonly Step[], invariant: string): Promise<Step[]> {
  let left = [...steps]
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < left.length; ) {
      const fewer = [...left.slice(0, start), ...left.slice(start + size)]
      const { violation } = await runSeed(seed, fewer)
      if (violation?.invariant === invariant) left = fewer
      else start += size
    }
  }
  return left
}
