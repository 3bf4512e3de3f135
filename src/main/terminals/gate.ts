export interface Gate {
  /** Waits until the condition holds. It is looked at again at each `recheck`. */
  until(condition: () => boolean): Promise<void>
  recheck(): void
}

/** A place to wait at for a condition that others bring about. */
export function createGate(): Gate {
  let waiting: (() => void)[] = []
  return {
    async until(condition) {
      while (!condition()) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
        })
      }
    },
    recheck() {
      const woken = waiting
      waiting = []
      for (const resolve of woken) resolve()
    },
  }
}
