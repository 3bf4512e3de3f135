import { openLogChannel } from './log-channel'
import { createLogReader } from './log-reader'
import type { LogAnswer, LogPhase, LogRequest } from './protocol'
import { startSearcher } from './searcher'

// Holds the lines of one view, away from the thread that draws.
addEventListener('message', ({ ports: [port] }) => {
  if (port) serve(port)
})

function serve(port: MessagePort): void {
  let phase: LogPhase = { kind: 'reading' }
  let leave = () => {}
  /** The page has yet to draw the last view: the next one waits, and is the newest when it goes. */
  let isDrawing = false
  let isChanged = false
  let isScheduled = false

  const reader = createLogReader({ makeSearcher: startSearcher, onChange: change })
  const post = (answer: LogAnswer) => port.postMessage(answer)

  function change(): void {
    isChanged = true
    if (isDrawing || isScheduled) return
    isScheduled = true
    // After what has arrived already has been taken.
    setTimeout(() => {
      isScheduled = false
      if (!isChanged || isDrawing) return
      isChanged = false
      isDrawing = true
      post({ kind: 'view', view: reader.view(phase) })
    })
  }

  function setPhase(next: LogPhase): void {
    phase = next
    change()
  }

  function open(request: Extract<LogRequest, { kind: 'open' }>, streamPort: MessagePort | undefined): void {
    leave()
    let isFresh = true
    // Only now: what was read before stays in sight until there is something new.
    const begin = () => {
      if (isFresh) reader.reset()
      isFresh = false
    }
    setPhase({ kind: 'reading' })
    leave = openLogChannel(request.transport, streamPort, {
      opened: () => setPhase({ kind: 'following' }),
      message(message) {
        begin()
        switch (message.kind) {
          case 'live':
            reader.store().appendLive(message.bytes)
            break
          case 'history':
            reader.store().appendHistory(message.bytes)
            break
          case 'history-end':
            reader.store().endHistory(message.joined)
            break
          case 'gap':
            reader.store().appendGap()
            break
          case 'problem':
            phase = { kind: 'failed', json: message.json }
            break
          default:
            message satisfies never
        }
        change()
      },
      ended() {
        begin()
        if (phase.kind !== 'failed') setPhase({ kind: 'ended' })
      },
      lost: () => setPhase({ kind: 'lost' }),
    })
  }

  port.onmessage = ({ data, ports: [streamPort] }: MessageEvent<LogRequest>) => {
    switch (data.kind) {
      case 'open':
        return open(data, streamPort)
      case 'close':
        return leave()
      case 'want':
        return reader.want(data.rows)
      case 'drawn':
        isDrawing = false
        if (isChanged) change()
        return
      case 'clear':
        return reader.clear()
      case 'filter':
        return reader.filter(data.leastLevel, data.onlyMatching)
      case 'search':
        return reader.search(data.query, data.near)
      case 'step':
        return reader.step(data.direction, data.near)
      case 'reveal-time':
        return reader.revealTime(data.time)
      case 'text':
        return post({ kind: 'text', id: data.id, text: reader.text(data) })
      default:
        data satisfies never
    }
  }
}
