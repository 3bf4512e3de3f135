import { MAX_COLUMNS, MAX_ROWS, type SessionSignal, type TerminalSession } from '../../shared/contract/terminals'
import type { StreamChannel, StreamFrame } from '../../shared/stream-frames'
import { log } from '../log'
import { createGate } from './gate'
import { createKeptScreen } from './kept-screen'
import type { OutputPart } from './output-buffer'
import { createProcessRun, type ProcessRun } from './process-run'
import type { Screens } from './screens'
import type { SessionProcess } from './session-process'
import { createSizeQueue, type TerminalSize } from './terminal-size'
import { createViewer, type Viewer } from './viewer'

/** Input that the command has not read. More than this, and the channel it came from is closed. */
export const MOST_INPUT_BYTES = 8 * 1024 * 1024
/** A session whose processes have been killed has this long to end by itself. */
const END_MILLISECONDS = 2000
const TITLE_MILLISECONDS = 200

/** Exit codes of what did not end by itself, as shells and ssh have them. */
const KILLED = 137
const CONNECTION_LOST = 255
/** By a hang-up, KILL or TERM: what the stop of a workspace does to what runs in it. Its news may come a little later. */
const ENDED_FROM_OUTSIDE = [129, 137, 143]
const STOP_NEWS_MILLISECONDS = 3000

const STOPPED = 'Its workspace is stopped. The session restarts with it.'
const LOST = 'The connection to the engine was lost. The session restarts when it is back.'
const ENDED_BY_STOP = 'Its workspace was stopped.'

export interface LiveSession {
  record(): TerminalSession
  viewerCount(): number
  rename(name: string | null): TerminalSession
  attach(channel: StreamChannel): void
  /** Another process in the place of one that has ended or is gone; a line on the screen says where it begins. */
  begin(process: SessionProcess): void
  /** Nothing runs, and something may again: the screen and the channels stay. */
  suspend(detail: string): void
  /** It does not come back by itself; `detail` says why. */
  giveUp(detail: string): void
  signal(signal: SessionSignal): Promise<void>
  /** Ends what runs, and keeps the session. */
  endProcess(): Promise<void>
  /** Ends what runs, says so to all channels, and closes them. Calling it again is fine. */
  close(): Promise<void>
  /** The container is gone: what the output still has is waited for, but not for long. */
  containerStopped(): Promise<void>
}

interface SessionOptions {
  record: TerminalSession
  process: SessionProcess
  screens: Screens
  scrollback: () => number
  /** Whether something may run in it again without being asked for: then the loss of what runs is no end. */
  returns: boolean
  /** Whether its workspace is about to stop, so that what ends does so for that reason. */
  isStopping(): boolean
  now: () => Date
  onChange(): void
  /** A channel went. */
  onDetach(): void
  /** The connection to what runs is lost; it may go on where it is. */
  onLost(process: SessionProcess): void
}

/** What runs, with its channels and, with a tty, its screen. */
export function createSession(options: SessionOptions): LiveSession {
  const { now, onChange, returns } = options
  let record = options.record
  let run: ProcessRun
  const viewers = new Set<Viewer>()
  const gate = createGate()
  /** Channels that are being shown the screen, and resizes; the output waits for them. */
  let holds = 0
  let closing = false
  let titleTimer: NodeJS.Timeout | null = null
  let stopNews: (() => void) | null = null
  /** The run that is being ended on purpose. */
  let asked: ProcessRun | null = null

  const screen = record.tty
    ? createKeptScreen({
        screens: options.screens,
        size: () => record,
        scrollback: options.scrollback,
        onTitle: changeTitle,
        // A window answers for itself; a program that asks while nobody looks must not wait for ever.
        onReply: (reply) => {
          if (viewers.size === 0 && record.status === 'running') run.process.stdin?.write(reply)
        },
        onProgress: gate.recheck,
      })
    : null
  const resize = createSizeQueue(applySize, (error) => log.debug({ err: error, session: record.id }, 'a terminal was not resized'))

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
    if (screen ? screen.isBehind() : viewers.size === 0) return false
    for (const viewer of viewers) if (viewer.isBehind()) return false
    return true
  }

  /** In one turn to the screen and to all channels: whoever joins has either all of it on the screen, or gets all of it. */
  function deliver(batch: OutputPart[]): void {
    if (closing) return
    for (const { stream, bytes } of batch) {
      screen?.write(bytes)
      for (const viewer of viewers) viewer.send(stream, bytes)
    }
  }

  function startRun(process: SessionProcess): ProcessRun {
    process.stdin?.on('error', (error) => log.debug({ err: error, session: record.id }, 'the input of a session has closed'))
    const started = createProcessRun(process, { flows: () => gate.until(mayFlow), deliver })
    started.ended.then(
      (exitCode) => processEnded(started, exitCode),
      (error: unknown) => processLost(started, error),
    )
    return started
  }

  async function processEnded(ended: ProcessRun, exitCode: number): Promise<void> {
    if (ended !== run || record.status !== 'running') return
    if (
      returns &&
      ended !== asked &&
      !closing &&
      (options.isStopping() || (ENDED_FROM_OUTSIDE.includes(exitCode) && (await hearsOfStop())))
    ) {
      if (ended === run && record.status === 'running') suspend(STOPPED)
      return
    }
    finish(exitCode, options.isStopping() ? ENDED_BY_STOP : null)
  }

  function processLost(lost: ProcessRun, error: unknown): void {
    if (lost !== run || lost.isCut() || record.status !== 'running') return
    log.warn({ err: error, session: record.id }, 'The connection to a session was lost')
    if (returns && !closing) suspend(LOST)
    else finish(CONNECTION_LOST, 'The connection to the engine was lost.')
    options.onLost(lost.process)
  }

  async function hearsOfStop(): Promise<boolean> {
    const news = new Promise<void>((resolve) => {
      stopNews = resolve
    })
    const heard = await settlesWithin(news, STOP_NEWS_MILLISECONDS)
    stopNews = null
    return heard
  }

  function suspend(statusDetail: string): void {
    if (record.status === 'waiting' && record.statusDetail === statusDetail) return
    update({ status: 'waiting', statusDetail, exitCode: null, endedAt: null })
    void keepFinalScreen()
  }

  function finish(exitCode: number, statusDetail: string | null = null): void {
    if (record.status === 'ended') return
    update({ status: 'ended', statusDetail, exitCode, endedAt: now().toISOString() })
    for (const viewer of viewers) viewer.sendExit(exitCode)
    void keepFinalScreen()
  }

  /** A painted screen takes a fraction of the memory of a live one. */
  async function keepFinalScreen(): Promise<void> {
    if (!screen) return
    await whileHeld(async () => {
      if (record.status !== 'running') await screen.freeze()
    })
  }

  async function applySize({ cols, rows }: TerminalSize): Promise<void> {
    if (!screen || closing || (cols === record.cols && rows === record.rows)) return
    // What comes back later begins with the size of its window, and its screen is painted in that size.
    await whileHeld(() => {
      screen.resize(cols, rows)
      update({ cols, rows })
    })
    if (record.status === 'running') await run.process.resize(cols, rows)
  }

  /** Acts at a moment at which the screen has all of the output that was delivered. */
  async function whileHeld(act: () => void | Promise<void>): Promise<void> {
    holds++
    try {
      // Checked in the same turn as it acts: what was on its way to the screen may have come meanwhile.
      while (screen && !screen.isSettled()) await screen.settle()
      await act()
    } finally {
      holds--
      gate.recheck()
    }
  }

  async function show(viewer: Viewer): Promise<void> {
    await whileHeld(async () => {
      const picture = screen && (await screen.picture())
      if (!viewer.isOpen() || closing) return
      if (picture) {
        viewer.send('screen', picture.painting)
        viewer.send('stdout', picture.unfinished)
      }
      viewers.add(viewer)
      if (record.exitCode !== null) viewer.sendExit(record.exitCode)
    })
  }

  function leave(viewer: Viewer): void {
    if (!viewer.isOpen()) return
    viewer.close()
    viewers.delete(viewer)
    gate.recheck()
    options.onDetach()
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
        if (!record.tty) run.process.stdin?.end()
        return
      case 'resize':
        if (frame.cols >= 2 && frame.cols <= MAX_COLUMNS && frame.rows >= 1 && frame.rows <= MAX_ROWS) resize(frame)
        return
      case 'stdout':
      case 'stderr':
      case 'screen':
      case 'exit':
        log.warn({ session: record.id, type: frame.type }, 'A client sent a frame that only the core may send')
        leave(viewer)
        return
      default:
        frame satisfies never
    }
  }

  function writeInput(viewer: Viewer, bytes: Uint8Array): void {
    const { stdin } = run.process
    if (record.status !== 'running' || !stdin?.writable) {
      viewer.sendAck(bytes.length)
    } else if (stdin.writableLength + bytes.length > MOST_INPUT_BYTES) {
      log.warn({ session: record.id }, 'A client sent more input than the command reads; its channel was closed')
      leave(viewer)
    } else stdin.write(bytes, () => viewer.sendAck(bytes.length))
  }

  async function endProcess(): Promise<void> {
    if (record.status !== 'running') return
    const ending = run
    asked = ending
    ending.read()
    try {
      await ending.process.end()
    } catch (error) {
      log.warn({ err: error, session: record.id }, 'The process of a session could not be ended')
    }
    await endSoon(ending)
  }

  /** When the output does not come to its end in time, it is cut off. */
  async function endSoon(ending: ProcessRun): Promise<void> {
    if (!(await settlesWithin(ending.ended, END_MILLISECONDS))) ending.cut()
  }

  run = startRun(options.process)
  // Without a tty there is no screen to keep the output, so nothing is read before somebody looks.
  if (screen) run.read()

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
        log.error({ err: error, session: record.id }, 'A session could not be shown to a client')
        leave(viewer)
      })
      run.read()
    },
    begin(process) {
      if (closing) {
        process.end().catch((error: unknown) => log.warn({ err: error }, 'The process of a closed session could not be ended'))
        return
      }
      const separator = screen?.revive()
      if (separator) for (const viewer of viewers) viewer.send('stdout', separator)
      run = startRun(process)
      run.read()
      update({ status: 'running', statusDetail: null, exitCode: null, endedAt: null, command: process.command })
    },
    suspend,
    giveUp: (detail) => finish(CONNECTION_LOST, detail),
    async signal(signal) {
      if (record.status === 'running') await run.process.signal(signal)
    },
    async endProcess() {
      await endProcess()
      finish(KILLED)
    },
    async close() {
      if (!closing) {
        closing = true
        gate.recheck()
        await endProcess()
      }
      finish(KILLED)
      if (titleTimer) clearTimeout(titleTimer)
      for (const viewer of viewers) viewer.close()
      viewers.clear()
      screen?.dispose()
    },
    async containerStopped() {
      if (record.status === 'waiting') return suspend(STOPPED)
      if (record.status !== 'running') return
      const before = run
      stopNews?.()
      await endSoon(before)
      if (run !== before || record.status !== 'running') return
      if (returns) suspend(STOPPED)
      else finish(KILLED, ENDED_BY_STOP)
    },
  }
}

async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const settled = await Promise.race([
    promise.then(
      () => true as const,
      () => true as const,
    ),
    late,
  ])
  clearTimeout(timer)
  return settled
}
