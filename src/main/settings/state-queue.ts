/**
 * A value whose changes are written before they become visible. Changes that arrive during a write are written together, in order; each is
 * based on the value at that time, so none reverts another. A change that throws is refused alone; if the disk refuses, the whole write is
 * refused, and the value stays as it was.
 */
export interface StateQueue<State> {
  get(): State
  change(next: (current: State) => State): Promise<void>
}

/** `write` resolves when the state is on the disk; `committed` is called with it before whoever asked for the change is answered. */
export function createStateQueue<State>(
  initial: State,
  write: (state: State) => Promise<void>,
  committed: () => Promise<void> = () => Promise.resolve(),
): StateQueue<State> {
  interface Waiting {
    next: (current: State) => State
    done: PromiseWithResolvers<void>
  }
  let state = initial
  let waiting: Waiting[] = []
  let writing = false

  async function writeAll(): Promise<void> {
    if (writing) return
    writing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await writeBatch(batch)
    }
    writing = false
  }

  async function writeBatch(batch: Waiting[]): Promise<void> {
    let changed = state
    const made: Waiting[] = []
    for (const each of batch) {
      try {
        changed = each.next(changed)
        made.push(each)
      } catch (error) {
        each.done.reject(error)
      }
    }
    try {
      if (changed !== state) await write(changed)
      state = changed
      await committed()
      for (const { done } of made) done.resolve()
    } catch (error) {
      for (const { done } of made) done.reject(error)
    }
  }

  return {
    get: () => state,
    change(next) {
      const done = Promise.withResolvers<void>()
      waiting.push({ next, done })
      void writeAll()
      return done.promise
    },
  }
}
