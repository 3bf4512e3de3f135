import { STREAM_WINDOW_BYTES } from '../../../shared/stream-frames'

/** xterm looks at the clock between pieces: they are small enough that the page gets each of its frames. */
const PIECE_BYTES = 8 * 1024
/** Acknowledged together. */
const ACKNOWLEDGED_BYTES = 32 * 1024
/** As much is under way as is drawn in this time: what comes after a Ctrl-C is then soon on the screen. */
const UNDER_WAY_MS = 40
const LEAST_UNDER_WAY_BYTES = 64 * 1024
/** What xterm may parse in one go, all terminals of the page together. */
const PARSING_MS = 12
/** Drawing a frame costs about as much as parsing this; a flood is given to xterm in bursts that are worth a frame. */
const BURST_MS = 12
/** So much in this time is no flood: it is given on at once. */
const FLOOD_BYTES = 64 * 1024
const PERIOD_MS = 32
/** A terminal that has drawn nothing yet is taken to be as fast as this. */
const FIRST_RATE = 4000
/** What a hidden terminal may have waiting. Browsers let a hidden page work for a moment each second, and a program must not wait for that. */
const HIDDEN_BYTES = 256 * 1024
/** Of each covered terminal: nobody watches it, and what is typed elsewhere needs the machine too. */
const COVERED_BYTES_PER_MS = 1024
const PACE_MS = 16

/** Terminals that have output to draw. */
let busyCount = 0

interface OutputFeedOptions {
  /** Takes a piece, and calls `done` when it is on the screen. */
  write(piece: Uint8Array, done: () => void): void
  acknowledge(byteCount: number): void
  /** Milliseconds. */
  now(): number
}

export type Visibility =
  | 'seen'
  /** Another tab is before it. */
  | 'covered'
  /** The whole page is hidden. */
  | 'hidden'

export interface OutputFeed {
  /** `done` is called when all of it is on the screen. */
  write(bytes: Uint8Array, done?: () => void): void
  /** A whole screen comes next: what was left out before it does not matter any more. */
  startAnew(): void
  setVisibility(visibility: Visibility): void
  /** Output was left out while nobody looked: the screen has to be asked for anew. */
  isStale(): boolean
  dispose(): void
}

/** Brings output to the screen as fast as it can be drawn, and acknowledges what is there, so that a flood waits in its program. */
export function createOutputFeed({ write, acknowledge, now }: OutputFeedOptions): OutputFeed {
  const queue: { bytes: Uint8Array; done: (() => void) | undefined }[] = []
  let queued = 0
  let inXterm = 0
  /** Drawn and not acknowledged: it keeps the core's window, which is the largest that may be needed, as small as this page needs it. */
  let withheld = 0
  let rate = FIRST_RATE
  let lastDone = 0
  let isBusy = false
  let visibility: Visibility = 'seen'
  let stale = false
  /** When the last burst began, and what was given on since. */
  let burstBegan = Number.NEGATIVE_INFINITY
  let poured = 0
  let burstTimer: ReturnType<typeof setTimeout> | undefined
  let paceTimer: ReturnType<typeof setTimeout> | undefined
  let paced = 0

  function setBusy(busy: boolean): void {
    if (busy === isBusy) return
    isBusy = busy
    busyCount += busy ? 1 : -1
    lastDone = now()
  }

  function settle(byteCount: number): void {
    withheld += byteCount
    const underWay = Math.min(Math.max(rate * UNDER_WAY_MS, LEAST_UNDER_WAY_BYTES), STREAM_WINDOW_BYTES)
    const due = withheld - (STREAM_WINDOW_BYTES - underWay)
    if (due < ACKNOWLEDGED_BYTES && (due <= 0 || queued + inXterm > 0)) return
    withheld -= due
    acknowledge(due)
  }

  function drawn(byteCount: number): void {
    inXterm -= byteCount
    const time = now()
    // A mean that follows within some ten pieces, of which a long frame is only one.
    if (time > lastDone) rate += (byteCount / (time - lastDone) - rate) / 10
    lastDone = time
    settle(byteCount)
    if (burstTimer === undefined) pour()
    if (inXterm === 0 && queued === 0) setBusy(false)
  }

  function mayPour(): boolean {
    return busyCount <= 1 || inXterm < Math.max(PIECE_BYTES, (rate * PARSING_MS) / busyCount)
  }

  function pour(): void {
    while (mayPour()) {
      const next = queue.shift()
      if (next === undefined) return
      const { bytes, done } = next
      queued -= bytes.length
      inXterm += bytes.length
      poured += bytes.length
      write(bytes, () => {
        drawn(bytes.length)
        done?.()
      })
    }
  }

  function pourBurst(): void {
    clearTimeout(burstTimer)
    burstTimer = undefined
    burstBegan = now()
    poured = 0
    pour()
  }

  /** What comes after a silence, and a trickle, at once; of a flood a burst when there is enough for one, and some each frame or two. */
  function pourSoon(): void {
    const left = burstBegan + PERIOD_MS - now()
    if (burstTimer === undefined && left <= 0) pourBurst()
    else if (poured + queued <= FLOOD_BYTES) pour()
    else if (queued >= rate * BURST_MS) pourBurst()
    else burstTimer ??= setTimeout(pourBurst, left)
  }

  /** What nobody sees is acknowledged without being drawn; at a pace, while the page has something else to do. */
  function pass(byteCount: number): void {
    if (visibility !== 'covered') {
      acknowledge(byteCount)
      return
    }
    paced += byteCount
    if (paceTimer === undefined) waitForPace()
  }

  function waitForPace(): void {
    const since = now()
    paceTimer = setTimeout(() => {
      paceTimer = undefined
      release(Math.round(COVERED_BYTES_PER_MS * (now() - since)))
      if (paced > 0) waitForPace()
    }, PACE_MS)
  }

  function release(most: number): void {
    const byteCount = Math.min(paced, most)
    paced -= byteCount
    if (byteCount > 0) acknowledge(byteCount)
  }

  return {
    write(bytes, done) {
      if (visibility !== 'seen' && queued + inXterm + bytes.length > HIDDEN_BYTES) stale = true
      if (stale || bytes.length === 0) {
        if (bytes.length > 0) pass(bytes.length)
        done?.()
        return
      }
      setBusy(true)
      for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
        const piece = bytes.subarray(from, from + PIECE_BYTES)
        queue.push({ bytes: piece, done: from + PIECE_BYTES >= bytes.length ? done : undefined })
        queued += piece.length
      }
      pourSoon()
    },
    startAnew() {
      stale = false
    },
    setVisibility(next) {
      visibility = next
      if (next !== 'covered') release(paced)
    },
    isStale: () => stale,
    dispose() {
      setBusy(false)
      clearTimeout(burstTimer)
      clearTimeout(paceTimer)
    },
  }
}
