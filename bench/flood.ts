import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ElectronApplication, Page } from '@playwright/test'
import { electronHindrance, startDesktop } from '../e2e/desktop-process'
import { INSIDE, makeBenchWorkspace } from './support/bench-workspace'
import { median, quantile, table } from './support/measure'

/**
 * The desktop app while four terminals of its window are flooded: how soon its menu and the icon in the tray answer, and how late its event loop
 * is, beside the same at rest. On Electron where it is, else on what stands in for it.
 */
const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '200' },
    terminals: { type: 'string', default: '4' },
    clicks: { type: 'string', default: '100' },
  },
})
const megabytes = Number(values.megabytes)
const count = Number(values.terminals)
const clicks = Number(values.clicks)
const RESOLUTION_MS = 5
/** Longer than the page goes on preferring what somebody asks for to output. */
const PAUSE_MS = 3500

const berth = await startDesktop({ terminalScrollback: 10_000 })
try {
  const { app, page, client } = berth
  const { name } = await makeBenchWorkspace(client)
  console.log(`${electronHindrance() === null ? 'On Electron.' : `On what stands in for Electron: ${electronHindrance()}.`}\n`)
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.evaluate((hash) => location.assign(hash), `#/workspace/${name}/terminal`)
  await openPanes(page, count)
  await watchLoop(app)
  const rest = await respond(app, page, clicks)
  const restLoop = await readLoop(app)

  const sessions = await client.terminals.list({ workspace: name })
  const panes = page.locator('.xterm-helper-textarea')
  for (let index = 0; index < count; index++) {
    await panes.nth(index).focus()
    await page.keyboard.type(`${INSIDE}/flood text ${megabytes}; touch /tmp/over-${index}`)
  }
  for (let index = 0; index < count; index++) {
    await panes.nth(index).focus()
    await page.keyboard.press('Enter')
  }
  await sleep(500)
  await watchLoop(app)
  const begin = performance.now()
  let isOver = false
  const over = client.workspaces
    .exec({
      workspace: name,
      command: ['bash', '-c', `until [ "$(ls /tmp/over-* 2>/dev/null | wc -l)" = ${count} ]; do sleep 0.2; done`],
      timeoutSeconds: 1800,
    })
    .then(() => {
      isOver = true
    })
  const flood = await respond(app, page, clicks, () => isOver)
  await over
  const seconds = (performance.now() - begin) / 1000
  const floodLoop = await readLoop(app)
  const row = (label: string, { menu, tray }: Answers, loop: Loop) => [
    label,
    ...[menu, tray].map(
      (values) => `${median(values).toFixed(1)} / ${quantile(values, 0.99).toFixed(1)} / ${Math.max(...values).toFixed(1)} ms`,
    ),
    `${loop.p50.toFixed(1)} / ${loop.p99.toFixed(1)} / ${loop.max.toFixed(1)} ms`,
    String(menu.length),
  ]
  console.log(
    `${count} terminals (${sessions.length} sessions), ${megabytes} MB each: ${seconds.toFixed(0)} s, ${((count * megabytes) / seconds).toFixed(1)} MB/s.`,
  )
  console.log('Each: median / 99 % / most.\n')
  console.log(
    table(
      ['', 'menu to page', 'tray to core', 'event loop late', 'clicks'],
      [row('at rest', rest, restLoop), row('flood', flood, floodLoop)],
    ),
  )
} finally {
  await berth.dispose()
}

async function openPanes(page: Page, wanted: number): Promise<void> {
  const panes = page.locator('.xterm-helper-textarea')
  await panes.first().waitFor({ state: 'attached' })
  for (let open = 1; open < wanted; open++) {
    await page.waitForTimeout(1000)
    await panes.nth(open === 1 ? 0 : open - 1).focus()
    await page.keyboard.press(open % 2 === 1 ? 'Control+Shift+D' : 'Control+Shift+E')
    await panes.nth(open).waitFor({ state: 'attached' })
  }
  await page.waitForTimeout(1500)
}

interface Answers {
  menu: number[]
  tray: number[]
}

/** Milliseconds from a click in a menu until the page has shown what it asks for; and in the tray, until the core is asked. */
async function respond(app: ElectronApplication, page: Page, most: number, isOver = () => false): Promise<Answers> {
  const answers: Answers = { menu: [], tray: [] }
  for (let click = 0; click < most && !isOver(); click++) {
    answers.menu.push(await menuToPage(app, page))
    answers.tray.push(await trayOpens(app))
    await sleep(PAUSE_MS)
  }
  return answers
}

/** From before the click reaches the main process until the page has what it asks for, which goes away again. */
async function menuToPage(app: ElectronApplication, page: Page): Promise<number> {
  await page.evaluate(() => {
    const shown = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        if (document.querySelector('[role=dialog]') === null) return
        observer.disconnect()
        resolve(performance.timeOrigin + performance.now())
      })
      observer.observe(document.body, { childList: true, subtree: true })
    })
    Object.assign(globalThis, { shown })
  })
  const clickedAt = await click(app, 'menu')
  const shownAt = await page.evaluate(() => (globalThis as unknown as { shown: Promise<number> }).shown)
  await page.keyboard.press('Escape')
  await page.locator('[role=dialog]').waitFor({ state: 'detached' })
  return shownAt - clickedAt
}

/** From before the click reaches the main process until it has shown the window. */
async function trayOpens(app: ElectronApplication): Promise<number> {
  const clickedAt = await click(app, 'tray')
  return (await app.evaluate(() => globalThis.clickDone)) - clickedAt
}

/**
 * Milliseconds since the epoch at which somebody clicked: the click comes as the system's do, by a thread of its own and in a turn of the event loop.
 */
function click(app: ElectronApplication, where: 'menu' | 'tray'): Promise<number> {
  return app.evaluate(async ({ Menu }, where) => {
    const { Worker } = process.getBuiltinModule('node:worker_threads')
    globalThis.clicker ??= new Worker(
      'const { parentPort } = require("node:worker_threads"); parentPort.on("message", () => parentPort.postMessage(performance.timeOrigin + performance.now()))',
      { eval: true },
    )
    const { clicker } = globalThis
    const clickedAt = await new Promise<number>((resolve) => {
      clicker.once('message', resolve)
      clicker.postMessage(null)
    })
    if (where === 'tray') globalThis.systemParts.tray?.items.find(({ label }) => label === 'Open Berth')?.click()
    else {
      const view = Menu.getApplicationMenu()?.items.find(({ label }) => label === '&View')
      view?.submenu?.items.find(({ label }) => label === 'Command Palette…')?.click()
    }
    globalThis.clickDone = performance.timeOrigin + performance.now()
    return clickedAt
  }, where)
}

interface Loop {
  p50: number
  p99: number
  max: number
}

function watchLoop(app: ElectronApplication): Promise<void> {
  return app.evaluate((_, resolution) => {
    globalThis.loop?.disable()
    globalThis.loop = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution })
    globalThis.loop.enable()
  }, RESOLUTION_MS)
}

/** Milliseconds by which the turns of the event loop came late. */
function readLoop(app: ElectronApplication): Promise<Loop> {
  return app.evaluate((_, resolution) => {
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution)
    const { loop } = globalThis
    return { p50: late(loop.percentile(50)), p99: late(loop.percentile(99)), max: late(loop.max) }
  }, RESOLUTION_MS)
}

declare global {
  var clicker: import('node:worker_threads').Worker
  var clickDone: number
  var loop: ReturnType<typeof import('node:perf_hooks').monitorEventLoopDelay>
}
