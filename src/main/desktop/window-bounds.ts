import Store from 'electron-store'
import { z } from 'zod'

export const MIN_WIDTH = 720
export const MIN_HEIGHT = 480
const DEFAULT_SIZE = { width: 1200, height: 800 }

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

const savedSchema = z.object({
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  isMaximized: z.boolean(),
})
export type SavedBounds = z.infer<typeof savedSchema>

/** For each arrangement of displays, as `arrangementOf` names it. */
export interface BoundsStore {
  /** null when there are none that can be used. */
  load(arrangement: string): SavedBounds | null
  save(arrangement: string, saved: SavedBounds): void
}

const MOST_ARRANGEMENTS = 20

/** A name for the displays that are there: a laptop at its dock has another than one on the train, and a window another place. */
export function arrangementOf(displays: readonly { bounds: Rectangle }[]): string {
  return displays
    .map(({ bounds: { x, y, width, height } }) => `${width}x${height}+${x}+${y}`)
    .sort()
    .join(' ')
}

export function openBoundsStore(folder: string): BoundsStore {
  // It holds nothing worth keeping when it is damaged.
  const store = new Store<Record<string, unknown>>({ name: 'window', cwd: folder, clearInvalidConfig: true })
  const saved = () => z.record(z.string(), savedSchema).safeParse(store.get('byDisplays')).data ?? {}
  return {
    load(arrangement) {
      // Of a version that knew but one.
      return saved()[arrangement] ?? savedSchema.safeParse(store.get('main')).data ?? null
    },
    save(arrangement, bounds) {
      const { [arrangement]: _, ...others } = saved()
      store.set('byDisplays', Object.fromEntries([...Object.entries(others).slice(1 - MOST_ARRANGEMENTS), [arrangement, bounds]]))
    },
  }
}

/** Where to open: as it was left, if enough of that can be seen on a display that is there; else the default size, centred. */
export function boundsToOpen(saved: SavedBounds | null, workAreas: Rectangle[]): Partial<Rectangle> & { width: number; height: number } {
  if (saved === null) return DEFAULT_SIZE
  const width = Math.max(saved.bounds.width, MIN_WIDTH)
  const height = Math.max(saved.bounds.height, MIN_HEIGHT)
  const area = workAreas.find((workArea) => showsEnough({ ...saved.bounds, width, height }, workArea))
  if (area === undefined) return DEFAULT_SIZE
  return { x: saved.bounds.x, y: saved.bounds.y, width, height }
}

/** Enough of the title bar to get hold of it. */
function showsEnough(window: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  return visibleWidth >= 200 && window.y >= area.y && window.y <= area.y + area.height - 100
}
