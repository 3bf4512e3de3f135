import tar, { type Header } from 'tar-stream'

export type EntryHeader = Partial<Header> & Pick<Header, 'name'>

/** Adds an entry, with the content of a file. Resolves when the reader of the tar has taken it. */
export type AddEntry = (header: EntryHeader, content?: AsyncIterable<Uint8Array>) => Promise<void>

export interface TarBeingWritten {
  tar: AsyncIterable<Uint8Array>
  /** What kept `write` from writing all; null while nothing did. A reader that goes away is no such thing. */
  failure(): unknown
  /** The reader wants no more: whatever `write` still waits for fails. */
  end(): void
}

/** A tar that is written as fast as it is read. When `write` throws, so does reading. */
export function writeTar(write: (add: AddEntry) => Promise<void>): TarBeingWritten {
  const pack = tar.pack()
  let ended = false
  let failure: unknown = null
  // Whoever reads it hears of its errors; when nobody does any more, they are nothing to anybody.
  pack.on('error', () => undefined)
  write((header, content) => addEntry(pack, header, content)).then(
    () => pack.finalize(),
    (error: unknown) => {
      if (ended) return
      failure = error
      pack.destroy(error instanceof Error ? error : new Error(String(error)))
    },
  )
  return {
    tar: pack as AsyncIterable<unknown> as AsyncIterable<Uint8Array>,
    failure: () => failure,
    end() {
      ended = true
      pack.destroy(null)
    },
  }
}

async function addEntry(pack: tar.Pack, header: EntryHeader, content: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  const taken = Promise.withResolvers<void>()
  taken.promise.catch(() => undefined)
  const sink = pack.entry(header, (error) => (error ? taken.reject(error) : taken.resolve()))
  sink.on('error', taken.reject)
  sink.on('close', () => taken.reject(new Error('The tar is no longer being read.')))
  if (content !== undefined) {
    for await (const chunk of content) {
      if (sink.write(chunk)) continue
      const drained = Promise.withResolvers<void>()
      sink.once('drain', drained.resolve)
      await Promise.race([drained.promise, taken.promise])
    }
  }
  sink.end(null)
  await taken.promise
}
