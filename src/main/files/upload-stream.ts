import { isBerthError, toProblem } from '../../shared/errors'
import { STREAM_WINDOW_BYTES, type StreamChannel } from '../../shared/stream-frames'
import { unexpectedError } from '../unexpected-error'

/** A client that keeps to the window never has as much under way. */
const MOST_WAITING_BYTES = 16 * STREAM_WINDOW_BYTES

/**
 * Hands what comes over a channel to `write`, and acknowledges what that has taken. Tells the end by an exit code: 0, or 1 after the problem,
 * as JSON on stderr. A channel that closes before cancels.
 */
export function serveUpload(
  channel: StreamChannel,
  write: (chunks: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<unknown>,
): void {
  const left = new AbortController()
  const waiting: Uint8Array[] = []
  let waitingBytes = 0
  let isOver = false
  let bell = Promise.withResolvers<void>()

  channel.onFrame((frame) => {
    if (frame.type === 'stdin-end') isOver = true
    else if (frame.type === 'stdin' && !isOver) {
      waiting.push(frame.bytes)
      waitingBytes += frame.bytes.length
      if (waitingBytes > MOST_WAITING_BYTES) channel.close()
    }
    bell.resolve()
  })
  channel.onClose(() => {
    left.abort()
    bell.resolve()
  })

  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = waiting.shift()
      if (next !== undefined) {
        yield next
        waitingBytes -= next.length
        channel.send({ type: 'ack', byteCount: next.length })
      } else if (left.signal.aborted) throw left.signal.reason
      else if (isOver) return
      else {
        await bell.promise
        bell = Promise.withResolvers<void>()
      }
    }
  }

  const finish = (exitCode: number) => {
    channel.send({ type: 'exit', exitCode })
    channel.close()
  }
  write(chunks(), left.signal).then(
    () => finish(0),
    (error: unknown) => {
      if (left.signal.aborted) return
      const known = isBerthError(error) ? error : unexpectedError(error, 'an upload failed unexpectedly')
      channel.send({ type: 'stderr', bytes: new TextEncoder().encode(JSON.stringify(toProblem(known))) })
      finish(1)
    },
  )
}
