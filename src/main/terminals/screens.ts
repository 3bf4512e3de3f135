import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { log } from '../log'
import type { ScreenOptions, ScreenPicture } from './screen'
import type { FromScreens, ScreenProgress, ToScreens } from './screen-protocol'
import { serveScreens } from './serve-screens'
import type { TerminalSize } from './terminal-size'

/** Output on its way to the screen beyond which the source waits; a few batches, so that neither side idles. */
const WINDOW_BYTES = 256 * 1024

/** A thread that ends more often than this is given up: the screens are kept in this one, which is slower under a flood. */
const MOST_LOSSES = 3

/** A screen that is kept in another thread. */
export interface DistantScreen {
  write(bytes: Uint8Array): void
  /** True while so much waits to be drawn that the source has to wait too. */
  isBehind(): boolean
  /** Whether all that was written is surely on the screen. */
  isSettled(): boolean
  /** Resolves when all that was written before the call is on the screen, or the screen is disposed of. */
  settle(): Promise<void>
  /** Of all that was written before it resolves; null when the screen is disposed of meanwhile. */
  picture(): Promise<ScreenPicture | null>
  size(): TerminalSize
  resize(cols: number, rows: number): void
  /** After what was written before. */
  resizeWhenDrawn(cols: number, rows: number): void
  setScrollback(lines: number): void
  /** As far as the output is drawn, and as far as is known here. */
  ends(): ScreenProgress['ends']
  dispose(): void
}

export interface Screens {
  create(options: ScreenOptions): DistantScreen
  /** Disposes of all screens and ends the thread. */
  close(): void
}

interface Thread {
  post(message: ToScreens, transfer?: ArrayBuffer[]): void
  end(): void
}

interface Client {
  dispose(): void
  receive(message: FromScreens): void
  /** The thread is gone, and the screen with it: another one begins, empty. */
  openAgain(): void
}

/**
 * The screens of terminals, in a thread of their own that begins with the first one.
 * @param workerPath Absolute path of the built `screen-worker.ts`; null keeps them in this thread, for tests.
 */
export function createScreens(workerPath: string | null): Screens {
  const clients = new Map<number, Client>()
  let lastId = 0
  let thread: Thread | null = null
  let isClosed = false
  let losses = 0

  const receive = (message: FromScreens) => clients.get(message.screen)?.receive(message)

  function begin(): Thread {
    return workerPath === null || losses > MOST_LOSSES ? inThisThread(receive) : inWorker(workerPath, receive, lost)
  }

  function lost(error: unknown): void {
    thread = null
    if (isClosed) return
    losses += 1
    log.error({ err: error, losses }, 'The terminal screen thread ended; screens continue with new output only')
    for (const client of clients.values()) client.openAgain()
  }

  function post(message: ToScreens, transfer?: ArrayBuffer[]): void {
    if (isClosed) return
    thread ??= begin()
    thread.post(message, transfer)
  }

  return {
    create(options) {
      lastId += 1
      const id = lastId
      const { client, screen } = createClient(id, options, post, () => clients.delete(id))
      clients.set(id, client)
      return screen
    },
    close() {
      for (const client of clients.values()) client.dispose()
      isClosed = true
      thread?.end()
      thread = null
    },
  }
}

function createClient(
  id: number,
  { scrollback, onTitle, onReply, onProgress, ...given }: ScreenOptions,
  post: (message: ToScreens, transfer?: ArrayBuffer[]) => void,
  forget: () => void,
): { client: Client; screen: DistantScreen } {
  let size: TerminalSize = { cols: given.cols, rows: given.rows }
  let lines = scrollback
  let written = 0
  let settledAt = 0
  /** Bytes that an earlier thread was given. */
  let before = 0
  let progress: ScreenProgress = { accepted: 0, ends: { inAlternateScreen: false, atLineStart: true } }
  let isDisposed = false
  let lastQuestion = 0
  const questions = new Map<number, { ask(): void; answer(picture: ScreenPicture | null): void }>()

  function open(): void {
    post({ kind: 'open', screen: id, ...size, scrollback: lines })
  }

  /** Resolves with a picture if that was asked for; with null, too, when there will be none. */
  function ask(kind: 'settle' | 'picture'): Promise<ScreenPicture | null> {
    if (isDisposed) return Promise.resolve(null)
    lastQuestion += 1
    const question = lastQuestion
    return new Promise((resolve) => {
      const askNow = () => post({ kind, screen: id, id: question })
      questions.set(question, { ask: askNow, answer: resolve })
      askNow()
    })
  }

  function resize(cols: number, rows: number, whenDrawn: boolean): void {
    size = { cols, rows }
    post({ kind: 'resize', screen: id, ...size, whenDrawn })
  }

  async function settle(): Promise<void> {
    const at = written
    await ask('settle')
    settledAt = Math.max(settledAt, at)
  }

  function dispose(): void {
    if (isDisposed) return
    isDisposed = true
    post({ kind: 'close', screen: id })
    forget()
    for (const { answer } of questions.values()) answer(null)
    questions.clear()
  }

  open()
  return {
    client: {
      dispose,
      receive(message) {
        switch (message.kind) {
          case 'progress':
            progress = { accepted: before + message.accepted, ends: message.ends }
            return onProgress()
          case 'title':
            return onTitle(message.title)
          case 'reply':
            return onReply(message.reply)
          case 'settled':
          case 'picture': {
            const question = questions.get(message.id)
            questions.delete(message.id)
            question?.answer(message.kind === 'picture' ? message.picture : null)
            return
          }
          default:
            message satisfies never
        }
      },
      openAgain() {
        before = written
        progress = { accepted: written, ends: { inAlternateScreen: false, atLineStart: true } }
        open()
        for (const question of questions.values()) question.ask()
        onProgress()
      },
    },
    screen: {
      write(bytes) {
        if (isDisposed) return
        written += bytes.length
        // A copy: the window gets the same bytes, and what is transferred is gone here.
        const copy = new Uint8Array(bytes)
        post({ kind: 'write', screen: id, bytes: copy }, [copy.buffer])
      },
      isBehind: () => !isDisposed && written - progress.accepted > WINDOW_BYTES,
      isSettled: () => isDisposed || settledAt === written,
      settle,
      async picture() {
        for (;;) {
          const at = written
          const picture = await ask('picture')
          if (at === written || picture === null) return picture
        }
      },
      size: () => size,
      resize: (cols, rows) => resize(cols, rows, false),
      resizeWhenDrawn: (cols, rows) => resize(cols, rows, true),
      setScrollback(wanted) {
        if (wanted === lines) return
        lines = wanted
        post({ kind: 'scrollback', screen: id, lines })
      },
      ends: () => progress.ends,
      dispose,
    },
  }
}

function inWorker(path: string, receive: (message: FromScreens) => void, lost: (error: unknown) => void): Thread {
  const worker = new Worker(path, { name: 'terminal-screens' })
  // What it draws is worth nothing to a process that has nothing else to do.
  worker.unref()
  let failure: unknown = null
  worker.on('message', receive)
  worker.on('error', (error) => {
    failure = error
  })
  worker.on('exit', (code) => lost(failure ?? new Error(`It ended with code ${code}.`)))
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    end: () => void worker.terminate(),
  }
}

function inThisThread(receive: (message: FromScreens) => void): Thread {
  const { port1, port2 } = new MessageChannel()
  serveScreens(port2 as MessagePort)
  port1.on('message', receive)
  port1.unref()
  port2.unref()
  return {
    post: (message, transfer) => port1.postMessage(message, transfer),
    end: () => port1.close(),
  }
}
