import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from '@playwright/test'
import { startBerth, uniqueName } from '../e2e/berth-process'
import { DOOR_FILE, doorSchema } from '../src/shared/door'
import { launchBareBrowser } from './support/bare-browser'
import { median, quantile, table, timed } from './support/measure'
import { allRenderersMemory, framesDuring, framesInWords, launchBrowser, rendererMemory } from './support/page-probe'
import { readLogStream } from './support/read-log-stream'

/**
 * A log of a million lines, from the engine to the screen: beside the engine's own reading of it, and beside a page that holds the same
 * lines as an array of objects.
 */
const quick = process.argv.includes('--quick')
const LINES = quick ? 200_000 : 1_000_000
const ROUNDS = quick ? 1 : 3
const FOLLOW_LINES_PER_SECOND = 20_000
const FOLLOW_SECONDS = quick ? 4 : 15

/** Lines of about 120 bytes, one in 997 with a word to look for. */
const WRITE = `BEGIN{for(i=1;i<=${LINES};i++){l=(i%50==0?"ERROR":(i%10==0?"WARN":"INFO"));printf "%s request %08d handled in %03d ms by worker-%d path=/api/v1/items/%03d status=200 user=someone@example.org %s trace=%06d\\n",l,i,i%97,i%8,i*7%1000,(i%997==0?"needle":"------"),i%7919}}`
const FOLLOW = `use Time::HiRes qw(time sleep); $|=1; my $start=time; my $n=0; while(time-$start<${FOLLOW_SECONDS}){ my $due=int((time-$start)*${FOLLOW_LINES_PER_SECOND}); my $b=""; while($n<$due){ $n++; $b.=sprintf("INFO follow %08d at=%d a line that comes while somebody looks, of about one hundred and twenty bytes all in all\\n",$n,time*1000) } print $b; sleep 0.01 } print "FOLLOW DONE $n\\n"`

const berth = await startBerth()
const name = uniqueName('bench-logs')
const rows: string[][] = []
const add = (what: string, floor: string, own: string, ratio = '') => {
  rows.push([what, floor, own, ratio])
  console.error(`${what}: ${own} (${floor})`)
}

const inContainer = (command: string[]) => berth.client.workspaces.exec({ workspace: name, user: 'root', command })
const status = (page: Page, wanted: string) =>
  page.waitForFunction(
    (text) => document.querySelector('[role=tabpanel][data-state=active] p:last-of-type')?.textContent?.includes(text),
    wanted,
    { timeout: 300_000, polling: 'raf' },
  )

/** The engine's own log, read as fast as it comes. */
function readRaw(containerId: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const path = `/containers/${containerId}/logs?stdout=1&stderr=1&timestamps=1&tail=all`
    request({ socketPath: '/var/run/docker.sock', path }, (response) => {
      let bytes = 0
      response.on('data', (data: Buffer) => {
        bytes += data.length
      })
      response.on('end', () => resolve(bytes))
    })
      .on('error', reject)
      .end()
  })
}

try {
  await berth.client.workspaces.create({ name, wait: true })
  const { containerId } = await berth.client.workspaces.get({ workspace: name })
  if (containerId === null) throw new Error('The workspace has no container.')
  await inContainer(['sh', '-c', `awk '${WRITE}' >/proc/1/fd/1`])
  while ((await lastLine()) === undefined || !(await lastLine())?.includes(String(LINES).padStart(8, '0')))
    await new Promise((resolve) => setTimeout(resolve, 500))

  const raw: number[] = []
  const own: number[] = []
  const door = doorSchema.parse(JSON.parse(await readFile(join(berth.home, DOOR_FILE), 'utf8')))
  for (let round = 0; round < ROUNDS; round++) {
    raw.push(await timed(() => readRaw(containerId)))
    own.push(
      await timed(async () => {
        const { streamId } = await berth.client.logs.open({ workspace: name })
        const { lines } = await readLogStream(door, streamId)
        if (lines < LINES) throw new Error(`${lines} of ${LINES} lines came.`)
      }),
    )
  }
  const perSecond = (milliseconds: number) => `${Math.round(LINES / milliseconds)} k lines/s`
  add(
    'transport, engine to client',
    `${perSecond(median(raw))} (the engine’s own)`,
    perSecond(median(own)),
    (median(raw) / median(own)).toFixed(2),
  )

  const browser = await launchBrowser()
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(berth.link)
  await page
    .getByRole('link', { name: new RegExp(name) })
    .first()
    .click()
  await page.getByRole('tab', { name: 'Logs' }).waitFor()
  await page.waitForTimeout(1000)
  const idle = await framesDuring(page, () => page.waitForTimeout(2000))
  const before = await rendererMemory(browser, page)

  const clicks: { first: number[]; again: number[] } = { first: [], again: [] }
  for (let round = 0; round < Math.max(3, ROUNDS); round++) {
    const { first, again } = await clicksToFirstScreen()
    clicks.first.push(first)
    clicks.again.push(again)
  }
  add('click → first screen, first time', 'goal 300 ms', `${median(clicks.first).toFixed(0)} ms`)
  add('click → first screen, again', 'goal 300 ms', `${median(clicks.again).toFixed(0)} ms`)
  await page.getByRole('tab', { name: 'Logs' }).click()
  const loadBegin = performance.now()
  const loadFrames = await framesDuring(page, () => status(page, `${(LINES + 1).toLocaleString('en')} lines`))
  add(
    'all lines held',
    `${(median(raw) / 1000).toFixed(1)} s (the engine’s own reading)`,
    `${((performance.now() - loadBegin) / 1000).toFixed(1)} s`,
  )
  add('frames while loading', framesInWords(idle), framesInWords(loadFrames))
  const loaded = await rendererMemory(browser, page)

  for (const [what, text, isPattern] of [
    ['search, a word', 'needle', false],
    ['search, a frequent word', 'worker-3', false],
    ['search, a pattern', 'handled in 0\\d[13579] ms.*(?:needle|trace=00[0-4])', true],
  ] as const) {
    const { milliseconds, found, gaps } = await search(page, text, isPattern)
    add(`${what} (${found})`, 'goal 1000 ms', `${milliseconds.toFixed(0)} ms`)
    add(`frames of ${what}`, framesInWords(idle), framesInWords(gaps))
  }
  const searched = await rendererMemory(browser, page)
  await page.getByRole('searchbox', { name: 'Search in the log' }).fill('')

  const scrolled = await framesDuring(page, () => scrollSteps(page, 300, 54))
  add('frames while scrolling, 3 lines a frame', framesInWords(idle), framesInWords(scrolled))
  const fast = await framesDuring(page, () => scrollSteps(page, 200, 5000))
  add('frames while scrolling, 280 lines a frame', framesInWords(idle), framesInWords(fast))
  const jumping = await framesDuring(page, () => scrollSteps(page, 120, 1_000_000))
  add('frames while dragging the bar', framesInWords(idle), framesInWords(jumping))

  const plain = await plainList(browser)
  add(
    'memory of the page for it',
    `${plain.toFixed(0)} MB (array of objects)`,
    `${(loaded - before).toFixed(0)} MB; ${(searched - before).toFixed(0)} MB after searching`,
    (plain / (loaded - before)).toFixed(1),
  )
  add('memory of the renderer, all in all', 'goal 300 MB', `${loaded.toFixed(0)} MB; ${searched.toFixed(0)} MB after searching`)

  const floorLags = await followRaw(containerId)
  await page.getByRole('button', { name: 'Follow' }).click()
  const lags: number[] = []
  const followFrames = await framesDuring(page, async () => {
    const writing = writeFollowed()
    const end = performance.now() + FOLLOW_SECONDS * 1000
    await page.waitForTimeout(1000)
    while (performance.now() < end - 500) {
      const lag = await page.evaluate(() => {
        const at = /at=(\d+)/.exec([...document.querySelectorAll('.log-row')].at(-1)?.textContent ?? '')?.[1]
        return at === undefined ? null : Date.now() - Number(at)
      })
      if (lag !== null) lags.push(lag)
      await page.waitForTimeout(100)
    }
    await writing
  })
  const written = await lastLine()
  const behind = await timed(() => page.getByText('FOLLOW DONE').waitFor({ timeout: 60_000 }))
  add(
    `follow at ${FOLLOW_LINES_PER_SECOND} lines/s: lag of the last line p50 / p95`,
    `${quantile(floorLags, 0.5).toFixed(0)} / ${quantile(floorLags, 0.95).toFixed(0)} ms (the engine’s own)`,
    `${quantile(lags, 0.5).toFixed(0)} / ${quantile(lags, 0.95).toFixed(0)} ms`,
  )
  add(
    'follow: end on the screen after the writer ended',
    '',
    `${behind.toFixed(0)} ms (${/DONE (\d+)/.exec(written ?? '')?.[1] ?? '?'} lines)`,
  )
  add('frames while following', framesInWords(idle), framesInWords(followFrames))
  await browser.close()
} finally {
  await berth.dispose()
}

console.log(`${LINES.toLocaleString('en')} lines of about 120 bytes; frames: p50 / p95 / longest gap; how many longer than 33 ms.\n`)
console.log(table(['', 'floor or goal', 'Berth', 'ratio'], rows))

async function lastLine(): Promise<string | undefined> {
  let last: string | undefined
  for await (const { entries } of await berth.client.workspaces.logs({ workspace: name, tail: 1 })) last = entries.at(-1)?.text
  return last
}

/**
 * Measured in the page, from the event of the click to the frame in which lines are drawn. In a browser that has just been started:
 * Playwright would hold the worker of the log back until it has looked at it.
 */
async function clicksToFirstScreen(): Promise<{ first: number; again: number }> {
  const browser = await launchBareBrowser()
  try {
    const page = await browser.newPage()
    await page.goto(berth.link)
    await page.goto(`${berth.url}/#/workspace/${name}`)
    await page.until(() => document.querySelectorAll('[role=tab]').length > 3, null)
    /** Milliseconds until the rows of a log are there, or are gone. */
    const openTab = (label: string, hasRows: boolean) =>
      page.evaluate(
        ([wanted, awaited]) =>
          new Promise<number>((resolve) => {
            const begin = performance.now()
            const look = () => {
              if (document.querySelectorAll('.log-row').length > 10 === awaited) resolve(performance.now() - begin)
              else requestAnimationFrame(look)
            }
            const tab = [...document.querySelectorAll('[role=tab]')].find(({ textContent }) => textContent === wanted)
            tab?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
            requestAnimationFrame(look)
          }),
        [label, hasRows] as const,
      )
    await sleep(1500)
    const first = await openTab('Logs', true)
    await openTab('Overview', false)
    await sleep(300)
    return { first, again: await openTab('Logs', true) }
  } finally {
    await browser.close()
  }
}

async function search(page: Page, text: string, isPattern: boolean): Promise<{ milliseconds: number; found: string; gaps: number[] }> {
  const pattern = page.getByRole('button', { name: 'Regular expression' })
  await page.getByRole('searchbox', { name: 'Search in the log' }).fill('')
  if (((await pattern.getAttribute('aria-pressed')) === 'true') !== isPattern) await pattern.click()
  let milliseconds = 0
  const gaps = await framesDuring(page, async () => {
    const measured = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          document.addEventListener(
            'input',
            () => {
              const begin = performance.now()
              const look = () => {
                const found = document.querySelector('output')?.textContent ?? ''
                if (found !== '' && !found.endsWith('…')) resolve(performance.now() - begin)
                else requestAnimationFrame(look)
              }
              requestAnimationFrame(() => requestAnimationFrame(look))
            },
            { capture: true, once: true },
          )
        }),
    )
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill(text)
    milliseconds = await measured
  })
  return { milliseconds, found: (await page.locator('output').first().textContent()) ?? '', gaps }
}

/** A step a frame, up from the end. */
function scrollSteps(page: Page, steps: number, pixels: number): Promise<void> {
  return page.evaluate(
    ([count, distance]) =>
      new Promise<void>((resolve) => {
        const list = document.querySelector('[role=log]')
        if (list === null) throw new Error('There is no list.')
        list.scrollTop = list.scrollHeight
        let done = 0
        const step = () => {
          if (done++ >= count) return resolve()
          list.scrollTop = distance >= 1_000_000 ? ((done * 7919) % 1000) * (list.scrollHeight / 1000) : list.scrollTop - distance
          requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      }),
    [steps, pixels] as const,
  )
}

/** What the same lines take as an array of objects, in MB: all renderers before and after, since it is not known which is the page's. */
async function plainList(browser: Browser): Promise<number> {
  const page = await browser.newPage()
  await page.goto('about:blank')
  const begin = await allRenderersMemory(browser, page)
  await page.evaluate((count) => {
    const decoder = new TextDecoder()
    const encoder = new TextEncoder()
    const lines: unknown[] = []
    for (let number = 0; number < count; number++) {
      const raw = decoder.decode(
        encoder.encode(
          `INFO request ${String(number).padStart(8, '0')} handled in 042 ms by worker-3 path=/api/v1/items/007 status=200 user=someone@example.org ------ trace=000042`,
        ),
      )
      lines.push({ number, time: new Date(number).toISOString(), stream: 'stdout', raw, text: raw })
    }
    Object.assign(globalThis, { lines })
  }, LINES)
  const taken = (await allRenderersMemory(browser, page)) - begin
  await page.close()
  return taken
}

/** The lag of each piece of the engine's own log, followed without anything in between, while the writer writes. */
async function followRaw(containerId: string): Promise<number[]> {
  const lags: number[] = []
  const path = `/containers/${containerId}/logs?stdout=1&stderr=1&follow=1&tail=0`
  const reading = request({ socketPath: '/var/run/docker.sock', path }, (response) => {
    response.on('data', (data: Buffer) => {
      const at = [...data.toString('latin1').matchAll(/at=(\d+)/g)].at(-1)?.[1]
      if (at !== undefined) lags.push(Date.now() - Number(at))
    })
  })
  // Its end is cut off below.
  reading.on('error', () => {})
  reading.end()
  await writeFollowed()
  reading.destroy()
  return lags
}

function writeFollowed() {
  return inContainer(['sh', '-c', `perl -e '${FOLLOW}' >/proc/1/fd/1`])
}
