import { problemSchema } from '../../../shared/error-definitions'
import { BerthError } from '../../../shared/errors'
import { parseJson } from '../../../shared/parse-json'
import { decodeFrame, encodeFrame, STREAM_WINDOW_BYTES } from '../../../shared/stream-frames'
import { client } from '../../client'
import { ConnectionLostError } from '../../connection/connection'
import { connectStream } from '../../stream-client'

const PIECE_BYTES = 256 * 1024

interface SendOptions {
  workspaceId: string
  path: string
  replace: boolean
  signal: AbortSignal
  /** Bytes that are written. */
  onProgress(bytes: number): void
}

/** Writes a file of this machine into a workspace, read as fast as it is taken. Throws what Berth throws, and the signal's reason. */
export async function sendFile(file: File, { workspaceId, path, replace, signal, onProgress }: SendOptions): Promise<void> {
  const modifiedAt = new Date(file.lastModified).toISOString()
  const { streamId } = await client.files.openUpload({ workspace: workspaceId, path, size: file.size, modifiedAt, replace }, { signal })
  signal.throwIfAborted()
  const over = Promise.withResolvers<void>()
  let sent = 0
  let taken = 0
  let isReading = false
  /** Berth has answered, or hears nothing any more. */
  let isOver = false
  let problem: Error | null = null
  const connection = connectStream(streamId)({
    opened: () => void sendMore(),
    message(encoded) {
      const frame = decodeFrame(encoded)
      if (frame?.type === 'ack') {
        taken += frame.byteCount
        onProgress(taken)
        void sendMore()
      } else if (frame?.type === 'stderr') problem = problemFrom(frame.bytes)
      else if (frame?.type === 'exit') {
        isOver = true
        if (frame.exitCode === 0) over.resolve()
        else over.reject(problem ?? new ConnectionLostError())
      }
    },
    closed() {
      isOver = true
      over.reject(new ConnectionLostError())
    },
  })

  async function sendMore(): Promise<void> {
    if (isReading || isOver) return
    isReading = true
    try {
      while (sent < file.size && sent - taken < STREAM_WINDOW_BYTES) {
        const bytes = new Uint8Array(await file.slice(sent, sent + PIECE_BYTES).arrayBuffer())
        if (isOver) return
        sent += bytes.length
        connection.send(encodeFrame({ type: 'stdin', bytes }))
      }
      if (sent >= file.size) connection.send(encodeFrame({ type: 'stdin-end' }))
      // After the end, nothing is sent any more.
      isReading = sent >= file.size
    } catch (error) {
      // The file was changed or removed, or is a folder.
      over.reject(error)
    }
  }

  const abort = () => over.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    await over.promise
  } finally {
    isOver = true
    signal.removeEventListener('abort', abort)
    connection.close()
  }
}

function problemFrom(bytes: Uint8Array): Error | null {
  const parsed = problemSchema.safeParse(parseJson(new TextDecoder().decode(bytes))).data
  return parsed === undefined ? null : new BerthError(parsed.code, parsed.message, { ...parsed.data, next: parsed.next } as never)
}
