import { MAX_COLUMNS, MAX_ROWS, type TerminalSession } from '../../shared/contract/terminals'
import type { StreamChannel, StreamFrame } from '../../shared/stream-frames'
import { log } from '../log'
import { createGate } from './gate'
import { createOutputBuffer, type OutputBuffer, type OutputPart } from './output-buffer'
import { createScreen, type Screen } from './screen'
import { createSizeQueue, type TerminalSize } from './terminal-size'
import type { TrackedExec } from './tracked-exec'
import { createViewer, type Viewer } from './viewer'

/** Output on its way to the screen beyond which the source waits; a few batches, so that neither side idles. */
const SCREEN_WINDOW_BYTES = 256 * 1024
/** Input that the command has not read. More than this, and the channel it came from is closed. */
export const MOST_INPUT_BYTES = 8 * 1024 * 1024
/** A session whose processes have been killed has this long to end by itself. */
const END_MILLISECONDS = 2000
const TITLE_MILLISECONDS = 200

/** Exit codes of what did not end by itself, as shells and ssh have them. */
const KILLED = 137
const CONNECTION_LOST = 255

export interface LiveSession {
  record(): TerminalSession
  viewerCount(): number
  rename(name: string | null): TerminalSession
  attach(channel: StreamChannel): void
  /** Ends what runs, says so to all channels, and closes them. Calling it again is fine. */
  close(): Promise<void>
  /** The container is gone: what the output still has is waited for, but not for long. */
  containerStopped(): Promise<void>
}

interface SessionOptions {
  record: TerminalSession
  exec: TrackedExec
  now: () => Date
  onChange(): void
  /** A channel went. */
  onDetach(): void
}

/** A command with its channels and, with a tty, its screen. */
export function createSession({ record: initial, exec, now, onChange, onDetach }: SessionOptions): LiveSession {
  let record = initial
  const viewers = new Set<Viewer>()
  const gate = createGate()
  /** Channels that are being shown the screen, and resizes; the output waits for them. */
  let holds = 0
  let closing = false
  let output: OutputBuffer | null = null
  let finalScreen: { painting: Uint8Array; unfinished: Uint8Array } | null = null
  let titleTimer: NodeJS.Timeout | null = null
  let setEnded = () => {}
  const ended = new Promise<void>((resolve) => {
    setEnded = resolve
  })

  const screen: Screen | null = record.tty
    ? createScreen({
        cols: record.cols,
        rows: record.rows,
        onTitle: changeTitle,
        // A window answers for itself; a program that asks while nobody looks must not wait for ever.
        onReply: (reply) => {
          if (viewers.size === 0 && record.exitCode === null) exec.stdin?.write(reply)
        },
        onProgress: gate.recheck,
      })
    : null
  const resize = createSizeQueue(applySize, (error) => log.debug({ err: error, session: record.id }, 'a terminal was not resized'))
  exec.stdin?.on('error', (error) => log.debug({ err: error, session: record.id }, 'the input of a session has closed'))

  function update(changes: Partial<TerminalSession>): void {
    record = { ...record, ...changes }
    onChange()
  }

  /** Prompts set the title at every turn: it is passed on a few times a second at most. */
  function changeTitle(title: string): void {
    if (title === '' || title === record.title) return
    record = { ...record, title }
    titleTimer ??= setTimeout(() => {
      titleTimer = null
      onChange()
    }, TITLE_MILLISECONDS)
  }

  function mayFlow(): boolean {
    if (closing) return true
    if (holds > 0) return false
    if (screen ? screen.pendingBytes() > SCREEN_WINDOW_BYTES : viewers.size === 0) return false
    for (const viewer of viewers) if (viewer.isBehind()) return false
    return true
  }

  /** Without a tty there is no screen to keep the output, so nothing is read before somebody looks. */
  function startReading(): void {
    if (output) return
    output = createOutputBuffer(exec.stdout, exec.stderr)
    pump(output)
      .then(() => exec.exitCode())
      .then(finish, (error: unknown) => {
        if (record.exitCode !== null) return
        log.warn({ err: error, session: record.id }, 'the connection to a session was lost')
        finish(CONNECTION_LOST)
      })
  }

  async function pump(source: OutputBuffer): Promise<void> {
    for (;;) {
      await gate.until(mayFlow)
      const batch = await source.take()
      if (batch === null) return
      await gate.until(mayFlow)
      deliver(batch)
    }
  }

  /** In one turn to the screen and to all channels: whoever joins has either all of it on the screen, or gets all of it. */
  function deliver(batch: OutputPart[]): void {
    if (closing) return
    for (const { stream, bytes } of batch) {
      screen?.write(bytes)
      for (const viewer of viewers) viewer.send(stream, bytes)
    }
  }

  function finish(exitCode: number): void {
    if (record.exitCode !== null) return
    update({ status: 'ended', exitCode, endedAt: now().toISOString() })
    for (const viewer of viewers) viewer.sendExit(exitCode)
    setEnded()
    void keepFinalScreen()
  }

  /** A painted screen takes a fraction of the memory of a live one. */
  async function keepFinalScreen(): Promise<void> {
    if (!screen) return
    await whileHeld(screen, () => {
      finalScreen = { painting: screen.paint(), unfinished: screen.unfinished() }
      screen.dispose()
    })
  }

  async function applySize({ cols, rows }: TerminalSize): Promise<void> {
    if (!screen || closing || record.exitCode !== null || (cols === record.cols && rows === record.rows)) return
    await whileHeld(screen, () => {
      if (!finalScreen) screen.resize(cols, rows)
    })
    if (record.exitCode !== null) return
    update({ cols, rows })
    await exec.resize(cols, rows)
  }

  /** Acts at a moment at which the screen has all of the output that was delivered. */
  async function whileHeld(shown: Screen, act: () => void): Promise<void> {
    holds++
    try {
      while (shown.pendingBytes() > 0) await shown.drained()
      act()
    } finally {
      holds--
      gate.recheck()
    }
  }

  async function show(viewer: Viewer): Promise<void> {
    const join = () => {
      if (!viewer.isOpen() || closing) return
      if (screen) {
        viewer.send('screen', finalScreen?.painting ?? screen.paint())
        viewer.send('stdout', finalScreen?.unfinished ?? screen.unfinished())
      }
      viewers.add(viewer)
      if (record.exitCode !== null) viewer.sendExit(record.exitCode)
    }
    if (screen) await whileHeld(screen, join)
    else join()
    gate.recheck()
  }

  function leave(viewer: Viewer): void {
    if (!viewer.isOpen()) return
    viewer.close()
    viewers.delete(viewer)
    gate.recheck()
    onDetach()
  }

  function receive(viewer: Viewer, frame: StreamFrame): void {
    if (!viewer.isOpen()) return
    switch (frame.type) {
      case 'ack':
        viewer.acknowledge(frame.byteCount)
        gate.recheck()
        return
      case 'stdin':
        writeInput(viewer, frame.bytes)
        return
      case 'stdin-end':
        if (!record.tty) exec.stdin?.end()
        return
      case 'resize':
        if (frame.cols >= 2 && frame.cols <= MAX_COLUMNS && frame.rows >= 1 && frame.rows <= MAX_ROWS) resize(frame)
        return
      case 'stdout':
      case 'stderr':
      case 'screen':
      case 'exit':
        log.warn({ session: record.id, type: frame.type }, 'a client sent a frame that only the core may send')
        leave(viewer)
        return
      default:
        frame satisfies never
    }
  }

  function writeInput(viewer: Viewer, bytes: Uint8Array): void {
    const { stdin } = exec
    if (record.exitCode !== null || !stdin?.writable) {
      viewer.sendAck(bytes.length)
    } else if (stdin.writableLength + bytes.length > MOST_INPUT_BYTES) {
      log.warn({ session: record.id }, 'a client sent more input than the command reads; its channel is closed')
      leave(viewer)
    } else stdin.write(bytes, () => viewer.sendAck(bytes.length))
  }

  /** When the output does not come to its end in time, it is cut off. */
  async function endSoon(exitCode: number): Promise<void> {
    if (!(await settlesWithin(ended, END_MILLISECONDS))) {
      finish(exitCode)
      exec.destroy()
      output?.stop()
    }
  }

  if (screen) startReading()

  return {
    record: () => record,
    viewerCount: () => viewers.size,
    rename(name) {
      update({ name })
      return record
    },
    attach(channel) {
      const viewer = createViewer(channel)
      channel.onFrame((frame) => receive(viewer, frame))
      channel.onClose(() => leave(viewer))
      show(viewer).catch((error: unknown) => {
        log.error({ err: error, session: record.id }, 'a window could not be shown a session')
        leave(viewer)
      })
      startReading()
    },
    async close() {
      if (!closing) {
        closing = true
        gate.recheck()
        startReading()
        if (record.exitCode === null) {
          try {
            await exec.end()
          } catch (error) {
            log.warn({ err: error, session: record.id }, 'what runs in a session could not be ended')
          }
        }
      }
      await endSoon(KILLED)
      if (titleTimer) clearTimeout(titleTimer)
      for (const viewer of viewers) viewer.close()
      viewers.clear()
      screen?.dispose()
    },
    containerStopped: () => endSoon(KILLED),
  }
}

async function settlesWithin(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const settled = await Promise.race([promise.then(() => true as const), late])
  clearTimeout(timer)
  return settled
}
