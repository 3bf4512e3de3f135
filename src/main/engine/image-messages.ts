import type { Readable } from 'node:stream'
import { z } from 'zod'
import { linesOf } from './lines-of'

const messageSchema = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
  error: z.string().optional(),
})
type StreamMessage = z.infer<typeof messageSchema>

/** What the engine says while it pulls, builds, loads or imports an image, to its end. Throws with its words when it failed. */
export async function readMessages(stream: Readable, signal: AbortSignal, onMessage: (message: StreamMessage) => void): Promise<void> {
  const abort = () => stream.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
  signal.addEventListener('abort', abort, { once: true })
  try {
    for await (const line of linesOf(stream)) {
      const message = messageSchema.parse(JSON.parse(line))
      if (message.error !== undefined) throw new Error(message.error)
      onMessage(message)
    }
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', abort)
    stream.destroy()
  }
}
