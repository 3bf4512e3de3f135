import '@xterm/xterm/css/xterm.css'
import './terminal.css'
import { FitAddon } from '@xterm/addon-fit'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import { MAX_COLUMNS, MAX_ROWS } from '../../../shared/contract/terminals'
import type { StreamFrame } from '../../../shared/stream-frames'
import type { SessionStream, StreamState } from '../../resuming-stream'
import { copyText } from '../../ui/copy-button'
import { isMac } from '../../ui/platform'
import { createPacedInput } from './paced-input'
import { keyOwner } from './terminal-keys'
import { attachFastRenderer } from './terminal-renderer'
import { onThemeChange, readTerminalFont, readTerminalTheme } from './terminal-theme'

const SCROLLBACK_LINES = 5_000
/** A drag of the window's edge resizes once at its end and a few times on the way, not at every pixel: each makes the shell redraw. */
const RESIZE_DELAY_MS = 60

export interface TerminalSize {
  cols: number
  rows: number
}

interface TerminalViewOptions {
  host: HTMLElement
  stream: SessionStream
  /** As the core has it: the first screen is painted at this size. */
  size: TerminalSize
  fontSize: number
  screenReaderMode: boolean
  onState(state: StreamState): void
  onExit(exitCode: number): void
  /** The session is gone, without having said how it ended. */
  onGone(): void
  /** Text with line breaks is about to be pasted where each runs at once; `paste` it, or not. */
  onRiskyPaste(text: string): void
  /** Enter was pressed although the session has ended. */
  onEnterAfterEnd(): void
}

/** One session drawn in one element. */
export interface TerminalView {
  focus(): void
  paste(text: string): void
  setVisible(visible: boolean): void
  /** The core's size of the session has changed, maybe by another window: its next screen comes in it. */
  setSessionSize(size: TerminalSize): void
  setFontSize(fontSize: number): void
  setScreenReaderMode(on: boolean): void
  /** Also closes the stream; the session goes on. */
  dispose(): void
}

/** Draws a session and passes on what is typed. xterm keeps the same number of lines as the core does, which repaints them. */
export function createTerminalView(options: TerminalViewOptions): TerminalView {
  const { host, stream } = options
  const terminal = new Terminal({
    allowProposedApi: true,
    cols: options.size.cols,
    rows: options.size.rows,
    cursorBlink: false,
    disableStdin: true,
    drawBoldTextInBrightColors: false,
    fontFamily: readTerminalFont(),
    fontSize: options.fontSize,
    linkHandler: { activate: openLink, hover: () => hintAtLink(true), leave: () => hintAtLink(false) },
    macOptionIsMeta: true,
    minimumContrastRatio: 4.5,
    screenReaderMode: options.screenReaderMode,
    scrollback: SCROLLBACK_LINES,
    theme: readTerminalTheme(),
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(new Unicode11Addon())
  terminal.loadAddon(new WebLinksAddon(openLink, { hover: () => hintAtLink(true), leave: () => hintAtLink(false) }))
  terminal.unicode.activeVersion = '11'
  terminal.open(host)

  let visible = false
  let painted = false
  let ended = false
  let sessionSize = options.size
  let resizeTimer: ReturnType<typeof setTimeout> | undefined
  let detachRenderer = () => {}
  const input = createPacedInput((bytes) => stream.send({ type: 'stdin', bytes }))

  function fitToHost(): void {
    // A resize while the screen is still being painted would wrap it wrongly.
    if (!visible || !painted) return
    const proposed = fit.proposeDimensions()
    if (!proposed || Number.isNaN(proposed.cols) || Number.isNaN(proposed.rows)) return
    const cols = Math.min(proposed.cols, MAX_COLUMNS)
    const rows = Math.min(proposed.rows, MAX_ROWS)
    if (cols !== terminal.cols || rows !== terminal.rows) terminal.resize(cols, rows)
    if (ended || (cols === sessionSize.cols && rows === sessionSize.rows)) return
    sessionSize = { cols, rows }
    stream.send({ type: 'resize', cols, rows })
  }

  function fitSoon(): void {
    clearTimeout(resizeTimer)
    resizeTimer = setTimeout(fitToHost, RESIZE_DELAY_MS)
  }

  function receive(frame: StreamFrame): void {
    switch (frame.type) {
      case 'screen':
        painted = false
        // In the order of what is being written: output of the connection before may still be in the queue.
        terminal.write('', () => {
          terminal.reset()
          if (terminal.cols !== sessionSize.cols || terminal.rows !== sessionSize.rows) terminal.resize(sessionSize.cols, sessionSize.rows)
        })
        terminal.write(frame.bytes, () => {
          stream.send({ type: 'ack', byteCount: frame.bytes.length })
          painted = true
          fitToHost()
        })
        return
      case 'stdout':
      case 'stderr':
        terminal.write(frame.bytes, () => stream.send({ type: 'ack', byteCount: frame.bytes.length }))
        return
      case 'exit':
        end()
        options.onExit(frame.exitCode)
        return
      case 'ack':
        input.taken(frame.byteCount)
        return
      case 'stdin':
      case 'stdin-end':
      case 'resize':
        // Only ever sent the other way.
        return
      default:
        frame satisfies never
    }
  }

  function end(): void {
    ended = true
    terminal.options.disableStdin = true
    terminal.write('\x1b[?25l')
  }

  function openLink(event: MouseEvent, address: string): void {
    if (!(isMac ? event.metaKey : event.ctrlKey)) return
    const { protocol } = new URL(address)
    if (protocol === 'https:' || protocol === 'http:') window.open(address, '_blank', 'noopener,noreferrer')
  }

  function hintAtLink(over: boolean): void {
    if (over) host.title = isMac ? '⌘ and click to open' : 'Ctrl and click to open'
    else host.removeAttribute('title')
  }

  function paste(text: string): void {
    if (!ended) terminal.paste(text)
  }

  // Before xterm sees it: it would paste without asking.
  function onPaste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    event.preventDefault()
    event.stopPropagation()
    if (ended || text === '') return
    if (/[\r\n]/.test(text) && !terminal.modes.bracketedPasteMode) options.onRiskyPaste(text)
    else paste(text)
  }

  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return true
    if (ended && event.key === 'Enter') {
      event.preventDefault()
      options.onEnterAfterEnd()
      return false
    }
    const owner = keyOwner(event, isMac)
    if (owner === 'copy') {
      event.preventDefault()
      if (terminal.hasSelection()) void copyText(terminal.getSelection())
    }
    return owner === 'shell'
  })

  const encoder = new TextEncoder()
  terminal.onData((text) => input.write(encoder.encode(text)))
  // Mouse reports of the old kind: each character is one byte.
  terminal.onBinary((binary) => input.write(Uint8Array.from(binary, (character) => character.charCodeAt(0))))
  stream.onFrame(receive)
  stream.onClose(() => {
    end()
    options.onGone()
  })
  stream.onState((state) => {
    terminal.options.disableStdin = ended || state !== 'open'
    if (state === 'connecting') input.reset()
    options.onState(state)
  })
  host.addEventListener('paste', onPaste, { capture: true })
  const resizes = new ResizeObserver(fitSoon)
  resizes.observe(host)
  const stopFollowingTheme = onThemeChange(() => {
    terminal.options.theme = readTerminalTheme()
  })

  return {
    focus: () => terminal.focus(),
    paste,
    setVisible(next) {
      if (next === visible) return
      visible = next
      detachRenderer()
      detachRenderer = visible ? attachFastRenderer(terminal) : () => {}
      fitToHost()
    },
    setSessionSize({ cols, rows }) {
      sessionSize = { cols, rows }
    },
    setFontSize(fontSize) {
      terminal.options.fontSize = fontSize
      fitToHost()
    },
    setScreenReaderMode(on) {
      terminal.options.screenReaderMode = on
    },
    dispose() {
      clearTimeout(resizeTimer)
      resizes.disconnect()
      stopFollowingTheme()
      host.removeEventListener('paste', onPaste, { capture: true })
      stream.close()
      detachRenderer()
      terminal.dispose()
    },
  }
}

/** How many characters fit into an element, before a session is there to be drawn in it; null when it has no size. */
export function measureTerminal(host: HTMLElement, fontSize: number): TerminalSize | null {
  const probe = new Terminal({ fontFamily: readTerminalFont(), fontSize })
  const fit = new FitAddon()
  probe.loadAddon(fit)
  probe.open(host)
  const proposed = fit.proposeDimensions()
  probe.dispose()
  if (!proposed || Number.isNaN(proposed.cols) || Number.isNaN(proposed.rows)) return null
  return { cols: Math.min(proposed.cols, MAX_COLUMNS), rows: Math.min(proposed.rows, MAX_ROWS) }
}
