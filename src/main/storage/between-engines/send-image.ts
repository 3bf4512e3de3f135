import { isDeepStrictEqual } from 'node:util'
import { BerthError, isBerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import type { ImageSummary } from '../../engine/images'
import { log } from '../../log'
import { imageIds } from '../archive/archive-image'
import { TarRefused } from '../archive/archive-tar-header'
import { passImage } from './image-stream'

export interface SendImageOptions {
  /** Whether it takes its name from another image there: only for names that nobody else uses. */
  replace: boolean
  signal: AbortSignal
  /** Bytes that the engine has given out, of about so many. What the other has is given out, too, and not sent on. */
  onProgress(progress: { doneBytes: number; totalBytes: number }): void
}

export interface SentImage {
  /** `there`: it had it. `taken`: another image has that name there, which is left alone. */
  outcome: 'sent' | 'there' | 'taken'
  /** To the other engine. */
  sentBytes: number
}

/** Names of images, whatever registry they are from. */
const ANY_NAME = ['*', '*/*', '*/*/*', '*/*/*/*']

/**
 * Copies an image to another engine under the same name: the same layers, labels and settings, which is checked before it gets its name.
 * Layers that a named image there already has are not sent. An image that loses its name is removed unless it is in use. Throws
 * IMAGE_UNAVAILABLE if the image does not exist or arrives changed; DISK_FULL, ENGINE_REFUSED, ENGINE_UNREACHABLE, CANCELLED.
 */
export async function sendImage(
  from: Pick<Engine, 'images'>,
  to: Pick<Engine, 'images' | 'state'>,
  reference: string,
  options: SendImageOptions,
): Promise<SentImage> {
  const image = await from.images.inspect(reference)
  if (!image) throw unavailable(reference, 'this', 'it is not on the source engine')
  const named = await to.images.inspect(reference)
  if (named && isSame(named, image)) return { outcome: 'there', sentBytes: 0 }
  if (named && !options.replace) return { outcome: 'taken', sentBytes: 0 }
  try {
    const same = await to.images.inspect(image.id)
    const sent = same && isSame(same, image) ? { id: same.id, sentBytes: 0 } : await send(from, to, image, reference, options)
    await to.images.tag(sent.id, reference)
    if (named) await to.images.removeUnnamed(named.id)
    return { outcome: sent.id === same?.id ? 'there' : 'sent', sentBytes: sent.sentBytes }
  } catch (error) {
    if (options.signal.aborted) throw cancelled(reference)
    throw error
  }
}

/** Returns its id there, where it has no name yet. */
async function send(
  from: Pick<Engine, 'images'>,
  to: Pick<Engine, 'images' | 'state'>,
  image: ImageSummary,
  reference: string,
  { signal, onProgress }: SendImageOptions,
): Promise<{ id: string; sentBytes: number }> {
  let doneBytes = 0
  let sentBytes = 0
  async function load(leftOut: readonly string[]): Promise<Map<string, Buffer>> {
    let captured = new Map<string, Buffer>()
    doneBytes = 0
    await to.images.load(signal, (target) =>
      // By its id, so that it brings no name along.
      from.images.save(image.id, signal, async (stream) => {
        captured = await passImage(stream, target, {
          leftOut,
          isAllBelow: leftOut.length >= image.layers.length - 1,
          signal,
          onPassed(bytes) {
            sentBytes += bytes
          },
          onRead(bytes) {
            doneBytes = Math.min(doneBytes + bytes, image.sizeBytes)
            onProgress({ doneBytes, totalBytes: image.sizeBytes })
          },
        })
      }),
    )
    return captured
  }

  const there = image.layers.slice(0, await layersThere(to, image, signal))
  const captured = await load(there).catch((error: unknown) => {
    if (there.length === 0 || signal.aborted || !isBerthError(error, 'ENGINE_REFUSED')) throw error
    // Not every engine takes an image without the files of layers that it has.
    log.info({ err: error, reference }, 'an image is sent again, with all its layers')
    return load([])
  })
  for (const id of [...idsIn(captured, reference), image.id]) {
    const found = await to.images.inspect(id)
    if (!found) continue
    if (isSame(found, image)) return { id, sentBytes }
    throw unavailable(reference, 'other', 'the image that arrived is different')
  }
  throw unavailable(reference, 'other', 'the engine accepted it but does not have it')
}

/** How many of the lowest layers some image there has. Podman wants the files of all. */
async function layersThere(to: Pick<Engine, 'images' | 'state'>, { layers }: ImageSummary, signal: AbortSignal): Promise<number> {
  const state = to.state()
  if (state.status !== 'connected' || state.product !== 'docker') return 0
  const lists = await Promise.all(ANY_NAME.map((repository) => to.images.list({ repository }, signal)))
  let most = 0
  for (const id of new Set(lists.flat().map((image) => image.id))) {
    signal.throwIfAborted()
    const other = (await to.images.inspect(id))?.layers ?? []
    const differs = layers.findIndex((layer, index) => layer !== other[index])
    most = Math.max(most, differs === -1 ? layers.length : differs)
  }
  return most
}

/** An engine may know it by another id, such as that of its manifest. */
function isSame(one: ImageSummary, other: ImageSummary): boolean {
  const { labels, environment, layers } = one
  return isDeepStrictEqual({ labels, environment, layers }, { labels: other.labels, environment: other.environment, layers: other.layers })
}

function idsIn(captured: Map<string, Buffer>, reference: string): string[] {
  try {
    return imageIds(captured)
  } catch (error) {
    throw error instanceof TarRefused ? unavailable(reference, 'this', error.message) : error
  }
}

function unavailable(image: string, source: string, reason: string): BerthError {
  return new BerthError('IMAGE_UNAVAILABLE', `The image ${image} could not be sent to the other engine: ${reason}.`, {
    image,
    tried: [{ source: `${source} engine`, reason }],
    next: 'Try again. If it happens again, check the images of both engines.',
  })
}

function cancelled(image: string): BerthError<'CANCELLED'> {
  const what = `the copy of image ${image} to the other engine`
  return new BerthError('CANCELLED', 'The copy of the image was cancelled.', { what, next: 'Start it again if you still need it.' })
}
