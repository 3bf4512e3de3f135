import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { CDPSession } from '@playwright/test'
import { browserOptions, isHeaded } from '../../e2e/browser-options'

/** A conversation with the browser or one of its targets, typed as Playwright types it. */
export type Session = Pick<CDPSession, 'send' | 'on'>

export interface Chromium {
  /** The browser itself. */
  browser: Session
  /** A conversation that `Target.attachToTarget` or an automatic attachment has begun. */
  session(id: string): Session
  /** Ends it; resolves once the process is gone, after five seconds at the latest. */
  close(): Promise<void>
}

const CLOSE_MS = 5000
const REFUSED_FEATURES = ['HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'PaintHolding', 'AvoidCorsURLLoaderRestartOnRedirect']

interface Answer {
  id?: number
  sessionId?: string
  method?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
}

/**
 * Starts a Chromium that ends with this process, since it ends with its pipe. Where its DevTools listen goes to stderr, as Electron says it. Throws when there is
 * no Chromium.
 */
export async function startChromium({
  profile,
  userAgent,
  switches,
}: {
  /** Absolute path of the folder for what it keeps. */
  profile: string
  userAgent: string
  /** Further switches of the command line. */
  switches: string[]
}): Promise<Chromium> {
  const path = browserOptions.executablePath
  if (path === undefined) throw new Error('There is no Chromium to show windows: install chromium, or set BERTH_CHROMIUM.')
  const child = spawn(
    path,
    [
      ...(browserOptions.args ?? []),
      ...(isHeaded ? [] : ['--headless', '--hide-scrollbars', '--mute-audio']),
      '--disable-popup-blocking',
      '--disable-back-forward-cache',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      '--disable-dev-shm-usage',
      '--enable-unsafe-swiftshader',
      '--password-store=basic',
      `--disable-features=${REFUSED_FEATURES.join(',')}`,
      `--user-agent=${userAgent}`,
      `--user-data-dir=${profile}`,
      '--remote-debugging-pipe',
      ...switches,
      '--no-startup-window',
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  )
  const gone = once(child, 'exit')
  const [, , errors, input, output] = child.stdio as unknown as [null, null, Readable, Writable, Readable]
  createInterface({ input: errors }).on('line', (line) => {
    if (line.startsWith('DevTools listening on') || process.env.BERTH_STAND_IN_DEBUG) process.stderr.write(`${line}\n`)
  })
  input.on('error', () => undefined)

  const sessions = new Map<string, EventEmitter>()
  const waiting = new Map<number, { method: string; resolve(result: unknown): void; reject(error: Error): void }>()
  let lastId = 0
  let isOpen = true

  function session(sessionId: string): Session {
    const emitter = sessions.get(sessionId) ?? new EventEmitter().setMaxListeners(0)
    sessions.set(sessionId, emitter)
    return {
      send(method: string, params?: object) {
        if (!isOpen) return Promise.reject(new Error(`${method}: Chromium has ended`))
        lastId += 1
        const id = lastId
        input.write(`${JSON.stringify({ id, method, params, ...(sessionId === '' ? {} : { sessionId }) })}\0`)
        return new Promise((resolve, reject) => waiting.set(id, { method, resolve, reject }))
      },
      on(event: string, listener: (payload: unknown) => void) {
        emitter.on(event, listener)
      },
    } as unknown as Session
  }

  function take({ id, sessionId = '', method, params, result, error }: Answer): void {
    if (id === undefined) {
      if (method !== undefined) sessions.get(sessionId)?.emit(method, params)
      return
    }
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error) asked?.reject(new Error(`${asked.method}: ${error.message}`))
    else asked?.resolve(result)
  }

  let rest: Buffer[] = []
  output.on('data', (chunk: Buffer) => {
    let from = 0
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, from)) {
      rest.push(chunk.subarray(from, end))
      const text = Buffer.concat(rest).toString()
      rest = []
      from = end + 1
      take(JSON.parse(text))
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
  })
  void gone.then(() => {
    isOpen = false
    for (const { method, reject } of waiting.values()) reject(new Error(`${method}: Chromium has ended`))
    waiting.clear()
  })

  const browser = session('')
  await browser.send('Browser.getVersion')
  return {
    browser,
    session,
    async close() {
      if (!isOpen) return
      void browser.send('Browser.close').catch(() => undefined)
      const limit = setTimeout(() => input.destroy(), CLOSE_MS / 2)
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, CLOSE_MS))])
      clearTimeout(limit)
    },
  }
}
