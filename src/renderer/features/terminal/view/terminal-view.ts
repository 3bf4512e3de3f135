import '@xterm/xterm/css/xterm.css'
import './terminal.css'
import { FitAddon } from '@xterm/addon-fit'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { type ITerminalOptions, Terminal } from '@xterm/xterm'
import { MAX_COLUMNS, MAX_ROWS } from '../../../../shared/contract/terminals'
import type { StreamFrame } from '../../../../shared/stream-frames'
import { trackScrollRegion } from '../../../../shared/terminal-output/scroll-region'
import type { SessionStream, StreamState } from '../../../resuming-stream'
import { isAttentionElsewhere } from '../../../ui/attention'
import { copyText } from '../../../ui/copy-button'
import { isMac } from '../../../ui/platform'
import { onThemeChange, readTerminalFont, readTerminalTheme } from '../../../workspace-model/terminal/terminal-theme'
import { measureNextFrame } from '../flood/measure-next-frame'
import { createOutputFeed } from '../flood/output-feed'
import { createPictureTicker } from '../flood/picture-ticker'
import { catchClipboardWrites } from './clipboard-writes'
import { createPacedInput } from './paced-input'
import { keyOwner } from './terminal-keys'
import { findLinks, linkHandler } from './terminal-links'
import type { TerminalLook } from './terminal-look'
import { attachFastRenderer } from './terminal-renderer'
import { createTerminalSearch, type SearchResult, type TerminalSearch } from './terminal-search'

/** A drag of the window's edge resizes once at its end and a few times on the way, not at every pixel: each makes the shell redraw. */
const RESIZE_DELAY_MS = 60

// Of all terminals of the page.
const now = () => performance.now()
const pictures = createPictureTicker({ now, measureNextFrame })

export interface TerminalSize {
  cols: number
  rows: number
}

interface TerminalViewOptions {
  host: HTMLElement
  openStream(): SessionStream
  /** As the core has it: the first screen is painted at this size. */
  size: TerminalSize
  look: TerminalLook
  onState(state: StreamState): void
  /** The stream has said how the session ended, or that it is gone; `resume` opens another. */
  onEnd(exitCode: number | null): void
  /** Text with line breaks is about to be pasted where each runs at once; `paste` it, or not. */
  onRiskyPaste(text: string): void
  /** Enter was pressed although the session has ended. */
  onEnterAfterEnd(): void
  onBell(): void
  /** A program wants to write this to the clipboard. */
  onClipboardWrite(text: string): void
  onFocus(): void
  onSearchResult(result: SearchResult): void
}

/** One session drawn in one element. */
export interface TerminalView {
  focus(): void
  paste(text: string): void
  /** A hidden one draws nothing, gives its graphics memory back, and never holds its program up. */
  setVisible(visible: boolean): void
  /** The core's size of the session has changed, maybe by another window: its next screen comes in it. */
  setSessionSize(size: TerminalSize): void
  setLook(look: TerminalLook): void
  /** Follows the session again, if its stream had come to an end. */
  resume(): void
  search: TerminalSearch
  /** Also closes the stream; the session goes on. */
  dispose(): void
}

/** Draws a session and passes on what is typed. xterm keeps the same number of lines as the core does, which repaints them. */
export function createTerminalView(options: TerminalViewOptions): TerminalView {
  const { host } = options
  const links = linkHandler(host)
  let look = options.look
  const terminal = new Terminal({
    ...lookOptions(look),
    allowProposedApi: true,
    cols: options.size.cols,
    rows: options.size.rows,
    cursorBlink: false,
    disableStdin: true,
    drawBoldTextInBrightColors: false,
    linkHandler: links,
    macOptionIsMeta: true,
    minimumContrastRatio: 4.5,
    theme: readTerminalTheme(),
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(new Unicode11Addon())
  findLinks(terminal, links)
  terminal.unicode.activeVersion = '11'
  terminal.open(host)
  const region = trackScrollRegion(terminal)
  terminal.onResize(region.forget)
  const search = createTerminalSearch(terminal, options.onSearchResult)

  let stream: SessionStream
  let state: StreamState = 'connecting'
  let visible = false
  let painted = false
  let ended = false
  let sessionSize = options.size
  let resizeTimer: ReturnType<typeof setTimeout> | undefined
  let detachRenderer = () => {}
  const input = createPacedInput((bytes) => stream.send({ type: 'stdin', bytes }))
  const feed = createOutputFeed({
    write: (piece, done) => terminal.write(piece, done),
    acknowledge: (byteCount) => stream.send({ type: 'ack', byteCount }),
    scrollback: () => terminal.options.scrollback ?? 0,
    rows: () => terminal.rows,
    scrolls: region.scrollsScreen,
    now,
    givesWay: () => isAttentionElsewhere(host),
    pictures,
  })

  function fitToHost(): void {
    // A resize while the screen is still being painted would wrap it wrongly.
    if (!visible || !painted) return
    const proposed = proposeSize(fit)
    if (proposed === null) return
    if (proposed.cols !== terminal.cols || proposed.rows !== terminal.rows) terminal.resize(proposed.cols, proposed.rows)
    if (ended || (proposed.cols === sessionSize.cols && proposed.rows === sessionSize.rows)) return
    sessionSize = proposed
    stream.send({ type: 'resize', ...proposed })
  }

  function fitSoon(): void {
    clearTimeout(resizeTimer)
    resizeTimer = setTimeout(fitToHost, RESIZE_DELAY_MS)
  }

  /** What a hidden terminal left out comes as a whole screen when somebody looks again. */
  function followVisibility(): void {
    const isSeen = visible && !document.hidden
    feed.setSeen(isSeen)
    if (isSeen && feed.isStale()) stream.renew()
  }

  function receive(frame: StreamFrame): void {
    switch (frame.type) {
      case 'screen':
        painted = false
        feed.startAnew()
        // In the order of what is being written: output of the connection before may still be in the queue.
        terminal.write('', () => {
          terminal.reset()
          region.forget()
          if (terminal.cols !== sessionSize.cols || terminal.rows !== sessionSize.rows) terminal.resize(sessionSize.cols, sessionSize.rows)
        })
        feed.write(frame.bytes, () => {
          painted = true
          fitToHost()
        })
        return
      case 'stdout':
      case 'stderr':
        feed.write(frame.bytes)
        return
      case 'exit':
        end(frame.exitCode)
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

  function end(exitCode: number | null): void {
    ended = true
    terminal.options.disableStdin = true
    terminal.write('\x1b[?25l')
    options.onEnd(exitCode)
  }

  function follow(next: SessionStream): void {
    stream = next
    ended = false
    stream.onFrame(receive)
    stream.onClose(() => end(null))
    stream.onState((changed) => {
      state = changed
      terminal.options.disableStdin = ended || state !== 'open'
      if (state === 'connecting') input.reset()
      options.onState(state)
    })
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

  /** At the end of the selection, not at each character on the way. */
  function onPointerDown(): void {
    // It may be let go anywhere.
    if (look.copyOnSelect) window.addEventListener('pointerup', copySelection, { once: true })
  }

  function copySelection(): void {
    if (terminal.hasSelection()) void copyText(terminal.getSelection())
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
  terminal.onData((text) => {
    input.write(encoder.encode(text))
  })
  // Mouse reports of the old kind: each character is one byte.
  terminal.onBinary((binary) => input.write(Uint8Array.from(binary, (character) => character.charCodeAt(0))))
  terminal.onBell(options.onBell)
  catchClipboardWrites(terminal, options.onClipboardWrite)
  follow(options.openStream())
  host.addEventListener('paste', onPaste, { capture: true })
  host.addEventListener('pointerdown', onPointerDown)
  host.addEventListener('focusin', options.onFocus)
  document.addEventListener('visibilitychange', followVisibility)
  const resizes = new ResizeObserver(fitSoon)
  resizes.observe(host)
  const stopFollowingTheme = onThemeChange(() => {
    terminal.options.theme = readTerminalTheme()
  })

  return {
    focus: () => terminal.focus(),
    paste,
    search,
    setVisible(next) {
      if (next === visible) return
      visible = next
      detachRenderer()
      detachRenderer = visible ? attachFastRenderer(terminal) : () => {}
      followVisibility()
      fitToHost()
    },
    setSessionSize({ cols, rows }) {
      sessionSize = { cols, rows }
    },
    setLook(next) {
      look = next
      Object.assign(terminal.options, lookOptions(next))
      fitToHost()
    },
    resume() {
      if (state === 'closed') follow(options.openStream())
    },
    dispose() {
      clearTimeout(resizeTimer)
      feed.dispose()
      resizes.disconnect()
      stopFollowingTheme()
      document.removeEventListener('visibilitychange', followVisibility)
      host.removeEventListener('paste', onPaste, { capture: true })
      host.removeEventListener('pointerdown', onPointerDown)
      window.removeEventListener('pointerup', copySelection)
      host.removeEventListener('focusin', options.onFocus)
      stream.close()
      detachRenderer()
      terminal.dispose()
    },
  }
}

function lookOptions({ fontFamily, fontSize, scrollback, screenReaderMode }: TerminalLook): ITerminalOptions {
  const ownFont = readTerminalFont()
  return { fontFamily: fontFamily === null ? ownFont : `${fontFamily}, ${ownFont}`, fontSize, scrollback, screenReaderMode }
}

function proposeSize(fit: FitAddon): TerminalSize | null {
  const proposed = fit.proposeDimensions()
  if (!proposed || Number.isNaN(proposed.cols) || Number.isNaN(proposed.rows)) return null
  return { cols: Math.min(proposed.cols, MAX_COLUMNS), rows: Math.min(proposed.rows, MAX_ROWS) }
}

/** How many characters fit into an element, before a session is there to be drawn in it; null when it has no size. */
export function measureTerminal(host: HTMLElement, look: TerminalLook): TerminalSize | null {
  const probe = new Terminal(lookOptions(look))
  const fit = new FitAddon()
  probe.loadAddon(fit)
  probe.open(host)
  const size = proposeSize(fit)
  probe.dispose()
  return size
}
