import type { ScreenOptions, ScreenPicture } from './screen'
import type { DistantScreen, Screens } from './screens'
import type { TerminalSize } from './terminal-size'

/** Leaves all that a program may have set and not taken back; where the cursor is, it stays. */
const RESET_MODES = [
  '\x18', // whatever sequence was not ended
  '\x1b[!p',
  ...[1, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004].map((mode) => `\x1b[?${mode}l`),
  '\x1b>',
  '\x1b[0 q',
  '\x1b[0m',
].join('')
const LEAVE_ALTERNATE_SCREEN = '\x1b[?1049l'
const SEPARATOR_TEXT = '── restarted ──'

/** The screen of a session, of which nothing but a painting is kept while nothing runs in it. */
export interface KeptScreen extends Pick<DistantScreen, 'write' | 'isBehind' | 'isSettled' | 'settle' | 'picture' | 'resize' | 'dispose'> {
  /** Nothing more comes for now. */
  freeze(): Promise<void>
  /** Something runs in it again: returns what is to be written to every window so that they show the same. */
  revive(): Uint8Array
}

interface KeptScreenOptions extends Pick<ScreenOptions, 'onTitle' | 'onReply' | 'onProgress'> {
  screens: Screens
  size(): TerminalSize
  scrollback(): number
}

interface Frozen extends ScreenPicture {
  size: TerminalSize
  ends: ReturnType<DistantScreen['ends']>
}

export function createKeptScreen({ screens, size, scrollback, ...listeners }: KeptScreenOptions): KeptScreen {
  const create = ({ cols, rows }: TerminalSize) => screens.create({ cols, rows, scrollback: scrollback(), ...listeners })
  let current: { live: DistantScreen } | { frozen: Frozen } = { live: create(size()) }
  let revivals = 0
  let disposed = false

  return {
    write(bytes) {
      if ('live' in current) current.live.write(bytes)
    },
    isBehind: () => 'live' in current && current.live.isBehind(),
    isSettled: () => !('live' in current) || current.live.isSettled(),
    async settle() {
      if ('live' in current) await current.live.settle()
    },
    async picture() {
      if ('frozen' in current) return current.frozen
      current.live.setScrollback(scrollback())
      return await current.live.picture()
    },
    resize(cols, rows) {
      if ('live' in current) current.live.resize(cols, rows)
    },
    async freeze() {
      if (disposed || 'frozen' in current) return
      const { live } = current
      const revivalsBefore = revivals
      const picture = await live.picture()
      if (picture === null || revivals > revivalsBefore) return
      current = { frozen: { ...picture, size: live.size(), ends: live.ends() } }
      live.dispose()
    },
    revive() {
      revivals += 1
      const ends = 'live' in current ? current.live.ends() : current.frozen.ends
      if ('frozen' in current) {
        const { frozen } = current
        const live = create(frozen.size)
        live.write(frozen.painting)
        live.write(frozen.unfinished)
        // What was painted for another width has to be drawn before the width changes.
        const wanted = size()
        if (wanted.cols !== frozen.size.cols || wanted.rows !== frozen.size.rows) live.resizeWhenDrawn(wanted.cols, wanted.rows)
        current = { live }
      }
      const separator = Buffer.from(
        `\x18${ends.inAlternateScreen ? LEAVE_ALTERNATE_SCREEN : ''}${RESET_MODES}${ends.atLineStart ? '' : '\r\n'}\x1b[2m${SEPARATOR_TEXT}\x1b[0m\r\n`,
      )
      current.live.write(separator)
      return separator
    },
    dispose() {
      disposed = true
      if ('live' in current) current.live.dispose()
    },
  }
}
