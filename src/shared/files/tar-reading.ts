import tar, { type Header } from 'tar-stream'

export interface TarEntry extends AsyncIterable<Uint8Array> {
  header: Header
}

/**
 * The entries of a tar, one after the other: the content of each is read, or left, before the next one comes. Throws what `source` throws, and
 * what `damaged` makes of a tar that is none.
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  damaged: (reason: string) => Error,
): AsyncGenerator<TarEntry, void, undefined> {
  const extract = tar.extract()
  extract.on('error', () => undefined)
  let failure: Error | null = null
  const closed = new Promise<void>((resolve) => extract.on('close', resolve))
  const feed = async () => {
    try {
      for await (const chunk of source) {
        if (extract.destroyed) return
        if (extract.write(chunk)) continue
        await Promise.race([new Promise<void>((resolve) => extract.once('drain', resolve)), closed])
      }
      extract.end(null)
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
      extract.destroy(failure)
    }
  }
  async function* contentOf(entry: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* entry
    } catch {
      // The tar has ended in the middle of it, or the source has failed.
      throw failure ?? damaged('it ends too early')
    }
  }
  // Not awaited: what `source` still waits for may never come, and its owner must end it.
  void feed()
  try {
    for await (const entry of extract) {
      yield { header: entry.header, [Symbol.asyncIterator]: () => contentOf(entry as AsyncIterable<unknown> as AsyncIterable<Uint8Array>) }
      // What was not read is passed over.
      entry.resume()
    }
  } catch (error) {
    throw failure ?? damaged(error instanceof Error ? error.message : String(error))
  } finally {
    extract.destroy(null)
  }
}
