/** So often is looked whether a flood is over, or a picture of it due. */
const TICK_MS = 16
/** Pictures are drawn at most so often; where frames take long, so seldom that they take a part of the page's time only. */
const PERIOD_MS = 32
const PERIODS_PER_FRAME = 4
const LONGEST_PERIOD_MS = 250

interface PictureTickerOptions {
  /** Milliseconds. */
  now(): number
  /** Calls back with the milliseconds that the next frame takes of the page's time. */
  measureNextFrame(report: (milliseconds: number) => void): void
}

export interface PictureTicker {
  /** `tick` is called from now on until the function is called that this returns; `isDue`: a picture may be drawn. */
  join(tick: (isDue: boolean) => void): () => void
}

/** One beat for all terminals of a page that flood: what they draw comes into the same frames. */
export function createPictureTicker({ now, measureNextFrame }: PictureTickerOptions): PictureTicker {
  const members = new Set<(isDue: boolean) => void>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastPicture = Number.NEGATIVE_INFINITY
  let frameMs = 0

  function beat(): void {
    timer = members.size > 0 ? setTimeout(beat, TICK_MS) : undefined
    if (timer === undefined) return
    const isDue = now() >= lastPicture + Math.min(Math.max(PERIOD_MS, frameMs * PERIODS_PER_FRAME), LONGEST_PERIOD_MS)
    if (isDue) {
      lastPicture = now()
      measureNextFrame((milliseconds) => {
        // At once when they get longer; a frame that had nothing to draw is no measure.
        frameMs = Math.max(milliseconds, frameMs * 0.9)
      })
    }
    for (const tick of [...members]) tick(isDue)
  }

  return {
    join(tick) {
      members.add(tick)
      timer ??= setTimeout(beat, TICK_MS)
      return () => members.delete(tick)
    },
  }
}
