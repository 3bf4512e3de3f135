import { formatBytes } from '../../../shared/byte-size'
import type { CliContext } from '../../context'
import { oneLine } from '../../output/format/plain-text'
import { plural } from '../../output/format/quantities'
import { cutToWidth } from '../../output/format/text-width'

const FRAME_MILLISECONDS = 120
const CLEAR_LINE = '\r\u001b[2K'

export interface CopyProgress {
  files: number
  bytes: number
  /** null while it is not known. */
  totalBytes: number | null
  end(): void
}

/** One line that moves, on a terminal; nothing elsewhere. Whoever copies counts. */
export function showCopyProgress(context: CliContext, what: string): CopyProgress {
  const { stderr, options, env } = context
  const began = Date.now()
  const progress: CopyProgress = { files: 0, bytes: 0, totalBytes: null, end: () => undefined }
  if (options.json || options.quiet || stderr.isTTY !== true || env.TERM === 'dumb') return progress
  let drawn = false
  const timer = setInterval(() => {
    stderr.write(CLEAR_LINE + cutToWidth(copyProgressText(what, progress, Date.now() - began), Math.max(10, (stderr.columns || 80) - 1)))
    drawn = true
  }, FRAME_MILLISECONDS)
  progress.end = () => {
    clearInterval(timer)
    if (drawn) stderr.write(CLEAR_LINE)
  }
  return progress
}

/** “notes.txt: 29 % · 1.2 GiB of 4.1 GiB · 120 MiB/s” */
export function copyProgressText(what: string, { files, bytes, totalBytes }: Omit<CopyProgress, 'end'>, milliseconds: number): string {
  const share = totalBytes ? `${Math.min(100, Math.floor((bytes / totalBytes) * 100))} % · ` : ''
  const amount = totalBytes === null ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`
  const count = files > 1 ? `${plural(files, 'file')} · ` : ''
  return `${oneLine(what)}: ${count}${share}${amount} · ${formatBytes((bytes / Math.max(milliseconds, 1)) * 1000)}/s`
}
