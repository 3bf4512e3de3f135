import pino from 'pino'
import { createStream } from 'rotating-file-stream'

const destination = pino.destination({ fd: 2, sync: true })
// A full disk or a terminal that is gone must not end Berth; there is nowhere to say it, either.
destination.on('error', () => undefined)

const asked = process.env.BERTH_LOG_LEVEL
const streams = pino.multistream([{ stream: destination, level: (asked ?? 'warn') as pino.Level }])

/**
 * The log of the process, as JSON lines on stderr. Never holds a token, a key or the value of an environment variable.
 * BERTH_LOG_LEVEL sets how much it says; warnings and errors by default.
 */
export const log = pino({ level: asked ?? 'warn', base: null }, streams)

const LARGEST_FILE = '2M'
const OLDER_FILES = 3

/** From now on also in this file of that folder, with what is only worth knowing after a problem; older lines go to a few files with numbers, which only the owner can read. */
export function logToFile(folder: string, name: string): void {
  const file = createStream(name, { path: folder, size: LARGEST_FILE, rotate: OLDER_FILES, mode: 0o600 })
  file.on('error', () => undefined)
  file.on('warning', () => undefined)
  streams.add({ stream: file, level: 'info' })
  if (asked === undefined) log.level = 'info'
}
