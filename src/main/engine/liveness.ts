/** Without any answer for so long, a ping asks whether the engine is still there. */
const FIRST_SILENCE_MS = 3000
/** Each answered ping doubles the time to the next, up to this: a long commit is no reason to ask every three seconds. */
const LONGEST_SILENCE_MS = 30_000

/** A ping that is not answered for so long makes a person wonder: three seconds of silence before it make it less than five. */
const QUIET_MS = 1500

export interface Liveness {
  /** A call has begun; returns what to call at its end. */
  begin(): () => void
  /** Something was sent that need not be answered (the input of a program): whether the engine has got it is asked once, if it stays silent. */
  sent(): void
  /** While somebody looks on, it is asked also when nothing waits: a heartbeat. */
  setWatched(isWatched: boolean): void
  stop(): void
}

interface LivenessEvents {
  /** It has been quiet for longer than an answer takes, or is not any more. It may be busy. */
  onQuiet: (isQuiet: boolean) => void
  /** It does not answer. */
  onSilent: () => void
}

/**
 * Distinguishes an engine that works on a call from one that no longer answers (stopped, hung, or behind a half-open connection). This is
 * not polling: nothing is sent while no call is waiting and nobody is watching, or while the engine sends anything. Only when calls wait,
 * or something was sent, and the engine has been silent, it gets a ping; `onSilent` is called if that is not answered within `pingMs`: on
 * this machine, at most seven seconds after a call. `bytesHeard` counts all bytes from the engine so far, of any call.
 */
export function createLiveness(
  bytesHeard: () => number,
  ping: (signal: AbortSignal) => Promise<unknown>,
  pingMs: number,
  { onQuiet, onSilent }: LivenessEvents,
): Liveness {
  let waiting = 0
  let silence = FIRST_SILENCE_MS
  let heard = 0
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  let isAsking = false
  /** Waits for any sign of the engine since something was sent last. */
  let endDoubt: (() => void) | null = null
  let heardWhenSent = 0
  let isWatched = false
  let isQuiet = false

  function setQuiet(next: boolean): void {
    if (isQuiet === next || stopped) return
    isQuiet = next
    onQuiet(next)
  }

  function schedule(delay: number): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (stopped || isAsking || (waiting === 0 && !isWatched)) return
    timer = setTimeout(check, delay)
    timer.unref()
  }

  /** Whether anything came since this was last asked. */
  function hasSpoken(): boolean {
    const before = heard
    heard = bytesHeard()
    return heard !== before
  }

  function settleDoubt(): void {
    endDoubt?.()
    endDoubt = null
  }

  function check(): void {
    timer = null
    const isHeard = hasSpoken()
    const isDoubted = endDoubt !== null && heard === heardWhenSent
    if (isHeard && !isDoubted) {
      settleDoubt()
      setQuiet(false)
      schedule(silence)
    } else void ask()
  }

  async function ask(): Promise<void> {
    isAsking = true
    const quiet = setTimeout(() => setQuiet(true), QUIET_MS)
    try {
      await ping(AbortSignal.timeout(pingMs))
      hasSpoken()
      settleDoubt()
      setQuiet(false)
      if (!isWatched) silence = Math.min(silence * 2, LONGEST_SILENCE_MS)
    } catch {
      // Whatever became of the ping, an engine that has said something since is there.
      if (!stopped && !hasSpoken()) {
        stopped = true
        onSilent()
      }
    } finally {
      clearTimeout(quiet)
      isAsking = false
      schedule(silence)
    }
  }

  function begin(): () => void {
    waiting += 1
    const wasPatient = silence !== FIRST_SILENCE_MS
    silence = FIRST_SILENCE_MS
    if (waiting === 1) hasSpoken()
    // A check that is due earlier, for a call before this one, stays.
    if (waiting === 1 || timer === null || wasPatient) schedule(silence)
    let ended = false
    return () => {
      if (ended) return
      ended = true
      waiting -= 1
      // Takes the timer away.
      if (waiting === 0) schedule(0)
    }
  }

  return {
    begin,
    sent() {
      heardWhenSent = bytesHeard()
      endDoubt ??= begin()
    },
    setWatched(next) {
      isWatched = next
      silence = FIRST_SILENCE_MS
      hasSpoken()
      schedule(silence)
    },
    stop() {
      stopped = true
      schedule(0)
    },
  }
}
