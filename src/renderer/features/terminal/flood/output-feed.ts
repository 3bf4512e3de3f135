import { STREAM_WINDOW_BYTES } from '../../../../shared/stream-frames'
import { createFloodBuffer, type FloodBuffer } from '../../../../shared/terminal-output/flood-buffer'
import { createFloodMeter } from './flood-meter'
import type { PictureTicker } from './picture-ticker'

/** xterm looks at the clock between pieces: they are small enough that the page gets each of its frames. */
const PIECE_BYTES = 8 * 1024
/** Acknowledged together; and of a flood. */
const ACKNOWLEDGED_BYTES = 32 * 1024
const ACKNOWLEDGED_OF_FLOOD_BYTES = 256 * 1024
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
/** What is drawn of a flood at a time, a few screens. */
const PICTURE_BYTES = 16 * 1024
/** A flood is over when nothing has come for this long; the longer time is for one that is slowed down. */
const QUIET_MS = 32
const SLOW_QUIET_MS = 250
/** Of what waits and may never have to be drawn, at most so much counts as taken; the backlog itself holds less, but for a long scrollback. */
const TAKEN_EARLY_BYTES = 16 * 1024 * 1024
/** A terminal that has drawn nothing yet is taken to be as fast as this. */
const FIRST_RATE = 4000
/** What a hidden terminal may have waiting. Browsers let a hidden page work for a moment each second, and a program must not wait for that. */
const HIDDEN_BYTES = 256 * 1024
/** Of each terminal that floods while somebody types into another, who needs the machine too. */
const GIVING_WAY_BYTES_PER_MS = 1024
const PACE_MS = 16

/** Terminals that have output to draw. */
let busyCount = 0

interface OutputFeedOptions {
  /** Takes a piece, and calls `done` when it is on the screen. */
  write(piece: Uint8Array, done: () => void): void
  acknowledge(byteCount: number): void
  /** Lines that the terminal keeps above its screen, and those of the screen. */
  scrollback(): number
  rows(): number
  /** Whether, as far as the output is drawn, a line end at the bottom scrolls the whole screen, and what goes out at the top is kept. */
  scrolls(): boolean
  /** Milliseconds. */
  now(): number
  /** Somebody does something outside this terminal. */
  givesWay(): boolean
  pictures: PictureTicker
}

export interface OutputFeed {
  /** `done` is called when all of it is on the screen. */
  write(bytes: Uint8Array, done?: () => void): void
  /** A whole screen comes next: what was left out before it does not matter any more. */
  startAnew(): void
  /** Not while another tab is before it, or the whole page is hidden. */
  setSeen(isSeen: boolean): void
  /** Output was left out while nobody looked: the screen has to be asked for anew. */
  isStale(): boolean
  dispose(): void
}

interface Piece {
  bytes: Uint8Array
  /** It may change the answer of `scrolls`. */
  changes: boolean
  done?: () => void
}

/**
 * Brings output to the screen as fast as it can be drawn, and acknowledges what it has taken, so that a flood waits in its program.
 *
 * Of a flood of lines only so much is drawn as makes a picture in motion, and at its end what the terminal keeps: what would be
 * scrolled out of that is thrown away (see `flood-buffer.ts`), for drawing takes far longer than reading.
 */
export function createOutputFeed(options: OutputFeedOptions): OutputFeed {
  const { write, acknowledge, scrolls, now } = options
  /** To be drawn, all of it. */
  const queue: Piece[] = []
  let queued = 0
  let inXterm = 0
  /** Bytes of these that may change the answer of `scrolls`. */
  let changing = 0
  let received = 0
  let taken = 0
  /** Taken and not acknowledged: it keeps the core's window, which is the largest that may be needed, as small as this page needs it. */
  let withheld = 0
  let rate = FIRST_RATE
  let lastDone = 0
  let isBusy = false
  let seen = true
  let stale = false
  /** When the last burst began, and what was given on since. */
  let burstBegan = Number.NEGATIVE_INFINITY
  let poured = 0
  let burstTimer: ReturnType<typeof setTimeout> | undefined
  const flood = createFloodMeter(now)
  /** Set while there is a flood of which only pictures are drawn. */
  let endPictures: (() => void) | null = null
  let paceTimer: ReturnType<typeof setTimeout> | undefined
  let paced = 0
  /** What comes after the queue; of a flood most of it is never drawn. */
  let backlog = createBacklog()

  function createBacklog(): FloodBuffer {
    return createFloodBuffer({
      feed: enqueue,
      scrollback: options.scrollback,
      rows: options.rows,
      scrolls: () => (changing > 0 ? null : scrolls()),
    })
  }

  function enqueue(bytes: Uint8Array, plain: boolean): void {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      queue.push({ bytes: bytes.subarray(from, from + PIECE_BYTES), changes: !plain })
    }
    queued += bytes.length
    if (!plain) changing += bytes.length
  }

  const waiting = () => queued + backlog.held()

  function setBusy(busy: boolean): void {
    if (busy === isBusy) return
    isBusy = busy
    busyCount += busy ? 1 : -1
  }

  /** What is drawn or thrown away is taken; and some of what may be yet, or it would never become so much that it can be. */
  function takeAccount(): void {
    const toDraw = queued + inXterm
    const early = Math.max(0, Math.min(backlog.held(), TAKEN_EARLY_BYTES - toDraw))
    const more = Math.max(0, received - toDraw - backlog.held() + early - taken)
    taken += more
    withheld += more
    const passes = endPictures !== null && queued === 0
    const ofDrawing = Math.max(Math.round(rate * UNDER_WAY_MS), LEAST_UNDER_WAY_BYTES)
    const underWay = passes ? STREAM_WINDOW_BYTES : Math.min(ofDrawing, STREAM_WINDOW_BYTES)
    const due = withheld - (STREAM_WINDOW_BYTES - underWay)
    if (due < (passes ? ACKNOWLEDGED_OF_FLOOD_BYTES : ACKNOWLEDGED_BYTES) && (due <= 0 || waiting() + inXterm > 0)) return
    withheld -= due
    pass(due)
  }

  function drawn({ bytes, changes, done }: Piece): void {
    inXterm -= bytes.length
    if (changes) changing -= bytes.length
    const time = now()
    // A mean that follows within some ten pieces, of which a long frame is only one.
    if (time > lastDone && endPictures === null) rate += (bytes.length / (time - lastDone) - rate) / 10
    lastDone = time
    takeAccount()
    if (endPictures) pour(0)
    else if (burstTimer === undefined) pour()
    if (inXterm === 0 && waiting() === 0) setBusy(false)
    done?.()
  }

  function mayPour(): boolean {
    return inXterm < Math.max(busyCount <= 1 ? FLOOD_BYTES : PIECE_BYTES, (rate * PARSING_MS) / Math.max(busyCount, 1))
  }

  /** What has to be drawn, and so much of the backlog. */
  function pour(fromBacklog = Number.POSITIVE_INFINITY): void {
    let released = 0
    while (mayPour()) {
      if (queue.length === 0) {
        if (released >= fromBacklog) return
        backlog.release(PICTURE_BYTES)
        released += PICTURE_BYTES
      }
      const piece = queue.shift()
      if (piece === undefined) return
      const { length } = piece.bytes
      if (inXterm === 0) lastDone = now()
      queued -= length
      inXterm += length
      poured += length
      write(piece.bytes, () => drawn(piece))
    }
  }

  function pourBurst(fromBacklog?: number): void {
    clearTimeout(burstTimer)
    burstTimer = undefined
    burstBegan = now()
    poured = 0
    pour(fromBacklog)
  }

  /** What comes after a silence, and a trickle, at once; of a flood a burst when there is enough for one, and some each frame or two. */
  function pourSoon(): void {
    const left = burstBegan + PERIOD_MS - now()
    if (burstTimer === undefined && left <= 0) pourBurst()
    else if (poured + waiting() <= FLOOD_BYTES) pour()
    else if (waiting() >= rate * BURST_MS) pourBurst()
    else burstTimer ??= setTimeout(() => pourBurst(), left)
  }

  function beginPictures(): void {
    endPictures = options.pictures.join((isDue) => {
      if (!flood.isFlood(options.givesWay() ? SLOW_QUIET_MS : QUIET_MS)) {
        stopPictures()
        pourBurst()
      } else if (isDue) pourBurst(PICTURE_BYTES)
    })
  }

  function stopPictures(): void {
    endPictures?.()
    endPictures = null
  }

  /** What is taken is acknowledged at once; at a pace, while somebody types elsewhere. */
  function pass(byteCount: number): void {
    if (paced === 0 && !options.givesWay()) {
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
      release(options.givesWay() ? Math.round(GIVING_WAY_BYTES_PER_MS * (now() - since)) : paced)
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
      if (!seen && waiting() + inXterm + bytes.length > HIDDEN_BYTES) stale = true
      if (stale || bytes.length === 0) {
        if (bytes.length > 0) pass(bytes.length)
        done?.()
        return
      }
      setBusy(true)
      received += bytes.length
      if (backlog.write(bytes)) flood.add(bytes.length)
      if (done) {
        backlog.flush()
        const last = queue.at(-1)
        if (last) last.done = done
      }
      takeAccount()
      if (endPictures) pour(0)
      else if (flood.isFlood(QUIET_MS)) beginPictures()
      else pourSoon()
    },
    startAnew() {
      stale = false
      for (const { bytes, changes, done } of queue.splice(0)) {
        if (changes) changing -= bytes.length
        done?.()
      }
      queued = 0
      stopPictures()
      clearTimeout(burstTimer)
      burstTimer = undefined
      backlog = createBacklog()
      takeAccount()
    },
    setSeen(isSeen) {
      seen = isSeen
    },
    isStale: () => stale,
    dispose() {
      setBusy(false)
      clearTimeout(burstTimer)
      stopPictures()
      clearTimeout(paceTimer)
    },
  }
}
