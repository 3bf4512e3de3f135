import { SerializeAddon } from '@xterm/addon-serialize'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import headless from '@xterm/headless'
import { createFloodBuffer } from '../../shared/terminal-output/flood-buffer'
import { trackScrollRegion } from '../../shared/terminal-output/scroll-region'
import { trackModes } from './terminal-modes'
import { createUnfinishedSequence } from './unfinished-sequence'

const LONGEST_TITLE = 256
/** Output is drawn this long after it came, together with what came meanwhile; what comes faster than `FLOOD_BYTES` in this time waits on. */
const DRAW_MILLISECONDS = 25
const FLOOD_BYTES = 64 * 1024

/** What a window needs to show the same. */
export interface ScreenPicture {
  /** Escape sequences that paint the screen and its scrollback. */
  painting: Uint8Array
  /** What has begun and not ended in the output: it comes right after the painting. */
  unfinished: Uint8Array
}

export interface Screen {
  write(bytes: Uint8Array): void
  /** Bytes that are on their way onto the screen. What is held back of a flood, and may never get there, is not among them. */
  pending(): number
  /** Whether all that was written is on the screen. */
  isSettled(): boolean
  /** Resolves when all that was written before the call is on the screen. */
  settle(): Promise<void>
  /** True to the output only when settled. */
  picture(): ScreenPicture
  resize(cols: number, rows: number): void
  /** After what was written before. */
  resizeWhenDrawn(cols: number, rows: number): void
  setScrollback(lines: number): void
  /** Where the output has got to, as far as it is drawn. */
  ends(): { inAlternateScreen: boolean; atLineStart: boolean }
  dispose(): void
}

export interface ScreenOptions {
  cols: number
  rows: number
  /** Lines kept above the screen. */
  scrollback: number
  onTitle(title: string): void
  /** What a terminal answers to a program's question (where is the cursor, what are you). */
  onReply(reply: string): void
  /** Some bytes have got onto the screen. */
  onProgress(): void
}

/** The screen of a session as nobody sees it, so that a window that comes back can be shown it. */
export function createScreen({ cols, rows, scrollback, onTitle, onReply, onProgress }: ScreenOptions): Screen {
  const terminal = new headless.Terminal({ cols, rows, scrollback, allowProposedApi: true })
  const serializer = new SerializeAddon()
  terminal.loadAddon(serializer)
  // The windows measure characters by the same table; with another, lines would break elsewhere.
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  const region = trackScrollRegion(terminal)
  const modes = trackModes(terminal, region)
  const unfinished = createUnfinishedSequence()
  /** Bytes given to the terminal and not drawn; of these, how many may change how it scrolls. */
  let pending = 0
  let pendingChanges = 0
  let title = ''
  let timer: NodeJS.Timeout | null = null
  let sinceTimer = 0
  let disposed = false
  terminal.onTitleChange((changed) => {
    title = withoutControls(changed).slice(0, LONGEST_TITLE)
    onTitle(title)
  })
  terminal.onData(onReply)

  const backlog = createFloodBuffer({
    feed(bytes, plain) {
      if (bytes.length === 0) return
      const changes = plain ? 0 : bytes.length
      pending += bytes.length
      pendingChanges += changes
      terminal.write(bytes, () => {
        pending -= bytes.length
        pendingChanges -= changes
        onProgress()
      })
    },
    scrollback: () => terminal.options.scrollback ?? 0,
    rows: () => terminal.rows,
    scrolls: () => (pendingChanges > 0 ? null : region.scrollsScreen()),
  })

  function drawSoon(): void {
    timer ??= setTimeout(() => {
      timer = null
      const flood = sinceTimer > FLOOD_BYTES
      sinceTimer = 0
      if (flood) drawSoon()
      else backlog.flush()
    }, DRAW_MILLISECONDS)
  }

  return {
    write(bytes) {
      unfinished.feed(bytes)
      sinceTimer += bytes.length
      backlog.write(bytes)
      if (backlog.held() > 0) drawSoon()
    },
    pending: () => pending,
    isSettled: () => disposed || (pending === 0 && backlog.held() === 0),
    settle() {
      backlog.flush()
      return new Promise((resolve) => terminal.write('', resolve))
    },
    picture: () => ({
      painting: Buffer.from(serializer.serialize() + modes.sequences() + (title === '' ? '' : `\x1b]2;${title}\x07`)),
      unfinished: unfinished.bytes(),
    }),
    resize(newCols, newRows) {
      terminal.resize(newCols, newRows)
      region.forget()
    },
    resizeWhenDrawn(newCols, newRows) {
      backlog.flush()
      terminal.write('', () => {
        if (disposed) return
        terminal.resize(newCols, newRows)
        region.forget()
      })
    },
    setScrollback(lines) {
      if (terminal.options.scrollback !== lines) terminal.options.scrollback = lines
    },
    ends: () => ({ inAlternateScreen: terminal.buffer.active.type === 'alternate', atLineStart: terminal.buffer.active.cursorX === 0 }),
    dispose() {
      disposed = true
      if (timer) clearTimeout(timer)
      terminal.dispose()
    },
  }
}

function withoutControls(text: string): string {
  return [...text].filter((character) => character >= ' ' && (character < '\x7f' || character > '\x9f')).join('')
}
