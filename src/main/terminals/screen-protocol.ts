import type { Screen, ScreenPicture } from './screen'

/** Where the output has got to, and how much of it waits no longer. */
export interface ScreenProgress {
  /** Bytes, of all that were written. */
  accepted: number
  ends: ReturnType<Screen['ends']>
}

/** To the thread that has the screens; messages are handled in their order. Bytes are transferred. */
export type ToScreens =
  | { kind: 'open'; screen: number; cols: number; rows: number; scrollback: number }
  | { kind: 'write'; screen: number; bytes: Uint8Array }
  | { kind: 'resize'; screen: number; cols: number; rows: number; whenDrawn: boolean }
  | { kind: 'scrollback'; screen: number; lines: number }
  /** Answered once all that was written before is drawn. */
  | { kind: 'settle'; screen: number; id: number }
  | { kind: 'picture'; screen: number; id: number }
  | { kind: 'close'; screen: number }

/** And back. */
export type FromScreens =
  | ({ kind: 'progress'; screen: number } & ScreenProgress)
  | { kind: 'title'; screen: number; title: string }
  | { kind: 'reply'; screen: number; reply: string }
  | { kind: 'settled'; screen: number; id: number }
  | { kind: 'picture'; screen: number; id: number; picture: ScreenPicture }
