import type { Chromium } from './chromium'

/** What the parts of the stand-in share. */
export const host: {
  isReady: boolean
  /** The number on the app's icon. */
  badge: number
  chromium: Chromium | null
} = { isReady: false, badge: 0, chromium: null }

/** Throws before the app is ready, as most of Electron does. */
export function chromium(): Chromium {
  if (host.chromium === null) throw new Error('The app is not ready')
  return host.chromium
}

/** What can go wrong with a window that is gone meanwhile is of no interest; all else is. */
export function ignoreEnd(work: Promise<unknown>): void {
  work.catch((error: Error) => {
    const isGone = /has ended|No session|not found|Target closed|Inspected target|Cannot find context|Invalid InterceptionId/.test(
      error.message,
    )
    if (!isGone) process.stderr.write(`The stand-in for Electron failed: ${error.stack}\n`)
  })
}

/** An event whose default can be prevented. */
export function preventableEvent<Details extends object>(
  details: Details,
): Details & { defaultPrevented: boolean; preventDefault(): void } {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true
    },
  }
  return event
}
