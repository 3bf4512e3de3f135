/** Whoever has pressed a key within this time is taken to go on. */
const TYPING_MS = 3000

export interface Typing {
  note(): void
  isRecent(): boolean
}

/** Whether somebody types into a terminal of the page. `now` is in milliseconds. */
export function trackTyping(now: () => number): Typing {
  let last = Number.NEGATIVE_INFINITY
  return {
    note() {
      last = now()
    },
    isRecent: () => now() - last < TYPING_MS,
  }
}
