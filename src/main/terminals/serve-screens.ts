import type { MessagePort } from 'node:worker_threads'
import { createScreen, type Screen } from './screen'
import type { FromScreens, ToScreens } from './screen-protocol'

interface Entry {
  screen: Screen
  /** Bytes. */
  written: number
}

/** Keeps the screens that the other end asks for, and answers it. */
export function serveScreens(port: MessagePort): void {
  const screens = new Map<number, Entry>()
  const behind = new Set<number>()
  const post = (message: FromScreens) => port.postMessage(message)

  /** Once for all that happens in a turn. */
  function tellSoon(id: number): void {
    if (behind.size === 0) setImmediate(tell)
    behind.add(id)
  }

  function tell(): void {
    for (const id of behind) {
      const entry = screens.get(id)
      if (entry) post({ kind: 'progress', screen: id, accepted: entry.written - entry.screen.pending(), ends: entry.screen.ends() })
    }
    behind.clear()
  }

  /** Nobody waits for an answer of a screen that has been closed meanwhile. */
  function answer(kind: 'settle' | 'picture', entry: Entry, { screen: id, id: question }: { screen: number; id: number }): void {
    if (screens.get(id) !== entry) return
    tell()
    if (kind === 'settle') post({ kind: 'settled', screen: id, id: question })
    else post({ kind: 'picture', screen: id, id: question, picture: entry.screen.picture() })
  }

  function handle(message: ToScreens): void {
    const { screen: id } = message
    if (message.kind === 'open') {
      const { cols, rows, scrollback } = message
      const screen = createScreen({
        cols,
        rows,
        scrollback,
        onTitle: (title) => post({ kind: 'title', screen: id, title }),
        onReply: (reply) => post({ kind: 'reply', screen: id, reply }),
        onProgress: () => tellSoon(id),
      })
      screens.set(id, { screen, written: 0 })
      return
    }
    const entry = screens.get(id)
    if (entry === undefined) return
    const { screen } = entry
    switch (message.kind) {
      case 'write':
        entry.written += message.bytes.length
        screen.write(message.bytes)
        tellSoon(id)
        return
      case 'resize':
        if (message.whenDrawn) screen.resizeWhenDrawn(message.cols, message.rows)
        else screen.resize(message.cols, message.rows)
        return
      case 'scrollback':
        screen.setScrollback(message.lines)
        return
      case 'settle':
      case 'picture':
        void screen.settle().then(() => answer(message.kind, entry, message))
        return
      case 'close':
        screens.delete(id)
        screen.dispose()
        return
      default:
        message satisfies never
    }
  }

  port.on('message', handle)
}
