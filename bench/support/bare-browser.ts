import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from '@playwright/test'
import WebSocket from 'ws'
import { z } from 'zod'
import { browserOptions } from '../../e2e/browser-options'

const VIEWPORT = { width: 1280, height: 800 }
const POLL_MS = 50
const LONGEST_WAIT_MS = 30_000
const CONTROL = 2

/** What Playwright sets too, so that a page works on whether it is looked at or not. */
const ARGUMENTS = [
  '--headless=new',
  '--remote-debugging-port=0',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--hide-scrollbars',
  `--window-size=${VIEWPORT.width},${VIEWPORT.height}`,
]

/** A page that is told what to do, and is not listened to. Functions run in the page, with what JSON can carry. */
export interface BarePage {
  goto(url: string): Promise<void>
  evaluate<Result>(act: () => Result): Promise<Awaited<Result>>
  evaluate<Result, Argument>(act: (argument: Argument) => Result, argument: Argument): Promise<Awaited<Result>>
  /** Waits until the function returns true. */
  until<Argument>(condition: (argument: Argument) => boolean, argument: Argument): Promise<void>
  /** A character, `Enter`, or `Control+` and a letter. */
  press(key: string): Promise<void>
  type(text: string): Promise<void>
  bringToFront(): Promise<void>
  /** Used memory of the page's scripts, without what is garbage. */
  heapBytes(): Promise<number>
}

export interface BareBrowser {
  version: string
  newPage(): Promise<BarePage>
  close(): Promise<void>
}

/**
 * The browser without Playwright, which has every message of every WebSocket sent to itself: of a flood that takes as much of the
 * machine as the flood does.
 */
export async function launchBareBrowser(): Promise<BareBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-browser-'))
  const program = browserOptions.executablePath ?? chromium.executablePath()
  const child = spawn(program, [...(browserOptions.args ?? []), ...ARGUMENTS, `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const send = await connect(child)
  const { product } = z.object({ product: z.string() }).parse(await send('Browser.getVersion'))
  return {
    version: product,
    async newPage() {
      const { targetId } = z.object({ targetId: z.string() }).parse(await send('Target.createTarget', { url: 'about:blank' }))
      const { sessionId } = z.object({ sessionId: z.string() }).parse(await send('Target.attachToTarget', { targetId, flatten: true }))
      const page = barePage((method, params) => send(method, params, sessionId))
      await send('Emulation.setDeviceMetricsOverride', { ...VIEWPORT, deviceScaleFactor: 1, mobile: false }, sessionId)
      return page
    },
    async close() {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<unknown>

const answerSchema = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
})

async function connect(child: ChildProcess): Promise<Send> {
  if (child.stderr === null) throw new Error('The browser says nothing.')
  const lines = createInterface({ input: child.stderr })
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const found = /^DevTools listening on (ws:\S+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error('The browser ended before it listened.')))
  })
  const socket = new WebSocket(url, { perMessageDeflate: false })
  await once(socket, 'open')
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let last = 0
  socket.on('message', (text: Buffer) => {
    const { id, result, error } = answerSchema.parse(JSON.parse(text.toString()))
    const asked = id === undefined ? undefined : waiting.get(id)
    if (id === undefined || !asked) return
    waiting.delete(id)
    if (error) asked.reject(new Error(error.message))
    else asked.resolve(result)
  })
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The browser is gone.'))
  })
  return (method, params = {}, sessionId) => {
    const asked = Promise.withResolvers<unknown>()
    waiting.set(++last, asked)
    socket.send(JSON.stringify({ id: last, method, params, sessionId }))
    return asked.promise
  }
}

const evaluatedSchema = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.object({ text: z.string(), exception: z.object({ description: z.string().optional() }).optional() }).optional(),
})

function barePage(send: (method: string, params?: object) => Promise<unknown>): BarePage {
  async function evaluate(act: (argument: never) => unknown, argument?: unknown): Promise<unknown> {
    const expression = `(${act})(${JSON.stringify(argument) ?? ''})`
    const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    const { result, exceptionDetails: thrown } = evaluatedSchema.parse(answer)
    if (thrown) throw new Error(thrown.exception?.description ?? thrown.text)
    return result.value
  }

  async function until(condition: (argument: never) => boolean, argument?: unknown): Promise<void> {
    for (const end = performance.now() + LONGEST_WAIT_MS; performance.now() < end; await sleep(POLL_MS)) {
      if (await evaluate(condition, argument)) return
    }
    throw new Error(`It did not come to be: ${condition}`)
  }

  async function press(key: string): Promise<void> {
    const isControl = key.startsWith('Control+')
    const events = isControl
      ? [keyEvent('Control'), { ...keyEvent(key.slice('Control+'.length)), text: '', modifiers: CONTROL }]
      : [keyEvent(key)]
    for (const event of events) await send('Input.dispatchKeyEvent', { type: event.text ? 'keyDown' : 'rawKeyDown', ...event })
    for (const event of events.toReversed()) await send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }

  return {
    evaluate: evaluate as BarePage['evaluate'],
    until,
    press,
    async goto(url) {
      await send('Page.navigate', { url })
      await until(() => location.href !== 'about:blank' && document.readyState === 'complete')
    },
    async type(text) {
      for (const character of text) await press(character)
    },
    async bringToFront() {
      await send('Page.bringToFront')
    },
    async heapBytes() {
      await send('Performance.enable')
      await send('HeapProfiler.collectGarbage')
      const { metrics } = z
        .object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) })
        .parse(await send('Performance.getMetrics'))
      return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN
    },
  }
}

function keyEvent(key: string) {
  const isLetter = /^[a-z]$/i.test(key)
  const code = key === 'Enter' ? 13 : key === 'Control' ? 17 : isLetter || /^\d$/.test(key) ? key.toUpperCase().charCodeAt(0) : 0
  return {
    key,
    code: isLetter ? `Key${key.toUpperCase()}` : key === 'Control' ? 'ControlLeft' : key,
    windowsVirtualKeyCode: code,
    text: key === 'Enter' ? '\r' : key === 'Control' ? '' : key,
  }
}
