import type { Progress } from '../../shared/operation'
import type { ImageProgress } from '../engine/images'

/** The engine's own words for the progress of a layer; other messages are passed on and not counted. */
const DOWNLOADING = 'Downloading'
const DOWNLOADED = ['Download complete', 'Verifying Checksum', 'Extracting', 'Pull complete']

/** Adds up the layers of a pull: each message of the engine speaks of one of them. */
export function createPullProgress(): (message: ImageProgress) => { progress: Progress | null; detail: string } {
  const layers = new Map<string, { done: number; total: number | null }>()
  return ({ layer, status, currentBytes, totalBytes }) => {
    if (layer !== null && status === DOWNLOADING) layers.set(layer, { done: currentBytes ?? 0, total: totalBytes })
    else if (layer !== null && DOWNLOADED.includes(status)) {
      const known = layers.get(layer)
      if (known) known.done = known.total ?? known.done
    }
    return { progress: sum([...layers.values()]), detail: layer === null ? status : `${status} ${layer}` }
  }
}

function sum(layers: { done: number; total: number | null }[]): Progress | null {
  if (layers.length === 0) return null
  const totals = layers.map(({ total }) => total)
  return {
    done: layers.reduce((bytes, { done }) => bytes + done, 0),
    total: totals.reduce((bytes, total) => (bytes === null || total === null ? null : bytes + total), 0),
    unit: 'bytes',
  }
}
