import { createHash, type Hash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { BerthError } from '../../shared/errors'
import type { PlannedFile } from './planned-entry'

const CHUNK_BYTES = 256 * 1024

/** The bytes of a planned file, exactly as many as were planned, each also given to `hash`. Throws FILE_UNUSABLE when it cannot be read or has changed meanwhile. */
export async function* contentOf({ source, size }: PlannedFile, hash: Hash): AsyncGenerator<Uint8Array> {
  if ('content' in source) {
    hash.update(source.content)
    yield source.content
    return
  }
  const { host } = source
  const file = await open(host).catch((error: unknown) => {
    throw unusable(host, error instanceof Error ? error.message : String(error), error)
  })
  try {
    let left = size
    while (left > 0) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left)))
      if (bytesRead === 0) throw unusable(host, 'it became shorter while it was being read')
      const chunk = buffer.subarray(0, bytesRead)
      left -= bytesRead
      hash.update(chunk)
      yield chunk
    }
  } finally {
    await file.close()
  }
}

/** SHA-256 in hex. */
export async function digestOf(file: PlannedFile): Promise<string> {
  const hash = createHash('sha256')
  for await (const _ of contentOf(file, hash));
  return hash.digest('hex')
}

function unusable(file: string, reason: string, cause?: unknown): BerthError {
  const message = `${file} could not be copied: ${reason}.`
  return new BerthError('FILE_UNUSABLE', message, { file, reason, next: 'Sync again when the file no longer changes.' }, { cause })
}
