import { WEBSOCKET_PROTOCOL } from '../../../shared/door-addresses'
import { STREAM_PATH } from '../../../shared/stream-frames'
import { connection } from '../../client'
import type { LogAnswer, LogRequest, LogTransport, LogView } from './worker/protocol'

/** Before the worker has said anything. */
const NOTHING: LogView = {
  generation: 0,
  shift: 0,
  count: 0,
  from: 0,
  rows: [],
  total: 0,
  dropped: 0,
  cleared: false,
  historyCount: null,
  longest: 0,
  phase: { kind: 'reading' },
  search: { status: 'idle', total: 0, position: null },
  reveal: null,
}

/** A worker that holds a log, and what it last said. */
export interface LogClient {
  view(): LogView
  /** Told at each view. Returns what ends it. */
  subscribe(listener: () => void): () => void
  request(request: Exclude<LogRequest, { kind: 'open' | 'text' | 'drawn' }>): void
  /** Reads that stream from now on. */
  read(streamId: string): void
  text(request: Omit<Extract<LogRequest, { kind: 'text' }>, 'kind' | 'id'>): Promise<Blob>
  end(): void
}

/** `onFault` is called when the worker cannot be started or breaks. */
export function startLogClient(onFault: (message: string) => void): LogClient {
  const listeners = new Set<() => void>()
  const texts = new Map<number, (text: Blob) => void>()
  const { port1: port, port2 } = new MessageChannel()
  let view = NOTHING
  let nextText = 0
  const worker = new Worker(new URL('./worker/log-worker.ts', import.meta.url), { type: 'module' })
  worker.onerror = (event) => onFault(event.message || 'The log view failed to load.')
  worker.postMessage(null, [port2])
  const post = (request: LogRequest, transfer: Transferable[] = []) => port.postMessage(request, transfer)

  port.onmessage = ({ data }: MessageEvent<LogAnswer>) => {
    switch (data.kind) {
      case 'view':
        view = data.view
        for (const listener of listeners) listener()
        // Not called while the page is hidden: then nothing is drawn, and nothing comes.
        requestAnimationFrame(() => post({ kind: 'drawn' }))
        return
      case 'text':
        texts.get(data.id)?.(data.text)
        texts.delete(data.id)
        return
      default:
        data satisfies never
    }
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    request: post,
    read(streamId) {
      if (connection.kind === 'port') {
        const transport: LogTransport = { kind: 'port' }
        post({ kind: 'open', transport }, [connection.requestPort({ kind: 'stream', sessionId: streamId })])
        return
      }
      const { url, token } = connection
      const transport: LogTransport = {
        kind: 'websocket',
        url: url + STREAM_PATH + encodeURIComponent(streamId),
        protocols: [WEBSOCKET_PROTOCOL, token],
      }
      post({ kind: 'open', transport })
    },
    text(request) {
      const id = nextText++
      post({ kind: 'text', id, ...request })
      return new Promise((resolve) => texts.set(id, resolve))
    },
    end() {
      port.close()
      worker.terminate()
    },
  }
}
