const realTick = process.nextTick.bind(process)
const realImmediate = setImmediate

/** How many ticks were asked for, by Node's streams above all; null where nobody counts them. */
let asked: number | null = null

/** From now on `whenStill` does without turns of the event loop: for a process in which nothing real is waited for. */
export function countTicks(): void {
  asked = 0
  process.nextTick = (callback: (...values: unknown[]) => void, ...values: unknown[]) => {
    asked = (asked ?? 0) + 1
    realTick(callback, ...values)
  }
}

/** Calls back once all microtasks and ticks have run, which are in an order of their own already. */
export function whenStill(run: () => void): void {
  if (asked === null) realImmediate(run)
  else realTick(() => lookAfterMicrotasks(run))
}

/**
 * Called in a tick. Ticks that were asked for come before the microtasks, and all these before the tick that looks: when no tick was
 * asked for meanwhile, nothing is left.
 */
function lookAfterMicrotasks(run: () => void): void {
  const before = asked
  queueMicrotask(() => realTick(() => (asked === before ? run() : lookAfterMicrotasks(run))))
}
