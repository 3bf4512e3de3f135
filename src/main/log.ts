import pino from 'pino'

const destination = pino.destination({ fd: 2, sync: true })
// A full disk or a terminal that is gone must not end Berth; there is nowhere to say it, either.
destination.on('error', () => undefined)

/**
 * The log of the process, as JSON lines on stderr. Never holds a token, a key or the value of an environment variable.
 * BERTH_LOG_LEVEL sets how much it says; warnings and errors by default.
 */
export const log = pino({ level: process.env.BERTH_LOG_LEVEL ?? 'warn', base: null }, destination)
