import { SerializeAddon } from '@xterm/addon-serialize'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import headless from '@xterm/headless'
import { trackModes } from './terminal-modes'
import { createUnfinishedSequence } from './unfinished-sequence'

export const SCROLLBACK_LINES = 5000

const LONGEST_TITLE = 256

export interface Screen {
  write(bytes: Uint8Array): void
  /** Bytes written and not yet on the screen. */
  pendingBytes(): number
  /** Resolves when all that was written before the call is on the screen. */
  drained(): Promise<void>
  /** Escape sequences that paint the screen and its scrollback. True to the output only while nothing is pending. */
  paint(): Uint8Array
  /** What has begun and not ended in the output: it comes right after the painting. */
  unfinished(): Uint8Array
  resize(cols: number, rows: number): void
  dispose(): void
}

interface ScreenOptions {
  cols: number
  rows: number
  onTitle(title: string): void
  /** What a terminal answers to a program's question (where is the cursor, what are you). */
  onReply(reply: string): void
  /** Some bytes have got onto the screen. */
  onProgress(): void
}

/** The screen of a session as nobody sees it, so that a window that comes back can be shown it. */
export function createScreen({ cols, rows, onTitle, onReply, onProgress }: ScreenOptions): Screen {
  const terminal = new headless.Terminal({ cols, rows, scrollback: SCROLLBACK_LINES, allowProposedApi: true })
  const serializer = new SerializeAddon()
  terminal.loadAddon(serializer)
  // The windows measure characters by the same table; with another, lines would break elsewhere.
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  const modes = trackModes(terminal)
  const unfinished = createUnfinishedSequence()
  let pending = 0
  let title = ''
  terminal.onTitleChange((changed) => {
    title = withoutControls(changed).slice(0, LONGEST_TITLE)
    onTitle(title)
  })
  terminal.onData(onReply)

  return {
    write(bytes) {
      pending += bytes.length
      unfinished.feed(bytes)
      terminal.write(bytes, () => {
        pending -= bytes.length
        onProgress()
      })
    },
    pendingBytes: () => pending,
    drained: () => new Promise((resolve) => terminal.write('', resolve)),
    paint: () => Buffer.from(serializer.serialize() + modes.sequences() + (title === '' ? '' : `\x1b]2;${title}\x07`)),
    unfinished: unfinished.bytes,
    resize(newCols, newRows) {
      terminal.resize(newCols, newRows)
      modes.forgetScrollRegion()
    },
    dispose: () => terminal.dispose(),
  }
}

function withoutControls(text: string): string {
  return [...text].filter((character) => character >= ' ' && (character < '\x7f' || character > '\x9f')).join('')
}
