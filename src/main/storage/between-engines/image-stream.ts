import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar, { type Header } from 'tar-stream'
import { parseJson } from '../../../shared/parse-json'
import { IMAGE_FILES } from '../archive/archive-image'

export interface ImageStreamOptions {
  /** Layers that are not passed on, by their digests: the lowest of the image. */
  leftOut: readonly string[]
  /** Whether these are all but the highest. */
  isAllBelow: boolean
  signal: AbortSignal
  /** Of the saved image, as they come. */
  onRead(bytes: number): void
  /** Of what is passed on. */
  onPassed(bytes: number): void
}

/** Of a file that describes an image or a layer. */
const MOST_BYTES = 4 * 1024 * 1024

/**
 * Passes on a saved image, without the content of layers that are left out: an engine does not look at the file of a layer that it has.
 * Returns the files that say what image it is. From Docker 25 on, and with Podman, the name of a layer's file is its digest; before, it
 * is a number of no use, but `json` beside it, which comes first, tells the highest layer from the others.
 */
export async function passImage(source: Readable, target: Writable, options: ImageStreamOptions): Promise<Map<string, Buffer>> {
  const digests = new Set(options.leftOut.map((digest) => digest.slice(digest.indexOf(':') + 1)))
  const captured = new Map<string, Buffer>()
  const below = new Set<string>()
  const extract = tar.extract()
  const pack = tar.pack()

  function isLeftOut({ name }: Header): boolean {
    const parts = name.split('/')
    const file = parts.at(-1) ?? ''
    if (file === 'layer.tar') return options.isAllBelow && below.has(parts.slice(0, -1).join('/'))
    return digests.has(file.endsWith('.tar') ? file.slice(0, -'.tar'.length) : file)
  }

  async function filter(): Promise<void> {
    for await (const entry of extract) {
      const { header } = entry
      const [folder = '', file] = header.name.split('/')
      const isCaptured = IMAGE_FILES.includes(header.name)
      if (isLeftOut(header)) entry.resume()
      else if ((isCaptured || file === 'json') && (header.size ?? 0) <= MOST_BYTES) {
        const content = await read(entry)
        if (isCaptured) captured.set(header.name, content)
        else if (saysBelow(content)) below.add(folder)
        pack.entry(header, content)
      } else await pipeline(entry, pack.entry(header))
    }
    pack.finalize()
  }
  await Promise.all([
    pipeline(source, counting(options.onRead), extract, { signal: options.signal }),
    filter().catch((error: Error) => {
      pack.destroy(error)
      throw error
    }),
    pipeline(pack, counting(options.onPassed), target, { signal: options.signal }),
  ])
  return captured
}

function counting(count: (bytes: number) => void) {
  return async function* (chunks: AsyncIterable<unknown>) {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      count(chunk.length)
      yield chunk
    }
  }
}

async function read(entry: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of entry) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The highest layer has the image's settings there. */
function saysBelow(json: Buffer): boolean {
  const said = parseJson(json.toString('utf8'))
  return typeof said === 'object' && said !== null && !('config' in said)
}
