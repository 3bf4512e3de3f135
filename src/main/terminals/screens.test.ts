import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import headless from '@xterm/headless'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ScreenOptions } from './screen'
import { createScreens, type Screens } from './screens'

const SIZE = { cols: 20, rows: 5 }
let folder: string
let workerPath: string
let screens: Screens

beforeAll(async () => {
  // Beside node_modules, so that packages are found.
  folder = await mkdtemp(resolve('node_modules/.cache-screens-'))
  await build({
    root: resolve('.'),
    configFile: false,
    logLevel: 'error',
    build: { ssr: resolve('src/main/terminals/screen-worker.ts'), outDir: folder, target: 'node24' },
  })
  workerPath = join(folder, 'screen-worker.js')
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => screens.close())

const open = (options: Partial<ScreenOptions> = {}) =>
  screens.create({ ...SIZE, scrollback: 100, onTitle: () => {}, onReply: () => {}, onProgress: () => {}, ...options })

/** What a window shows that is given the picture. */
async function lines(screen: ReturnType<typeof open>): Promise<string[]> {
  const picture = await screen.picture()
  const terminal = new headless.Terminal({ ...screen.size(), scrollback: 100, allowProposedApi: true })
  for (const bytes of picture ? [picture.painting, picture.unfinished] : [])
    await new Promise<void>((resolve) => terminal.write(bytes, resolve))
  const { active } = terminal.buffer
  return Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(true) ?? '').filter((line) => line)
}

const text = (value: string) => Buffer.from(value)

describe.each([
  ['in a thread of their own', () => createScreens(workerPath)],
  ['in this thread', () => createScreens(null)],
])('screens %s', (_, create) => {
  test('show what was written, each its own, and leave the bytes to whoever else has them', async () => {
    screens = create()
    const [one, other] = [open(), open()]
    const bytes = text('one\r\ntwo')
    one.write(bytes)
    other.write(text('other'))
    expect(one.isSettled()).toBe(false)
    expect(await lines(one)).toEqual(['one', 'two'])
    expect(await lines(other)).toEqual(['other'])
    expect(bytes.toString()).toBe('one\r\ntwo')
    await one.settle()
    expect(one.isSettled()).toBe(true)
    expect(one.ends()).toEqual({ inAlternateScreen: false, atLineStart: false })
  })

  test('tell titles and replies, and follow sizes', async () => {
    screens = create()
    const said: string[] = []
    const screen = open({ onTitle: (title) => said.push(title), onReply: (reply) => said.push(reply) })
    screen.write(text('\x1b]2;make\x07\x1b[6n'))
    screen.resize(40, 5)
    screen.write(text('a line that is longer than twenty'))
    expect(await lines(screen)).toEqual(['a line that is longer than twenty'])
    expect(said).toEqual(['make', '\x1b[1;1R'])
  })

  test('say when they are behind, and when not any more', async () => {
    screens = create()
    let wake = () => {}
    const screen = open({ onProgress: () => wake() })
    // Nothing of this can be left out.
    const heavy = text('\x1b[2J\x1b[Hsome words'.repeat(20_000))
    screen.write(heavy)
    expect(screen.isBehind()).toBe(true)
    while (screen.isBehind()) await new Promise<void>((resolve) => (wake = resolve))
    await screen.settle()
    expect(await lines(screen)).toEqual(['some words'])
  })

  test('have what was written while the picture was made', async () => {
    screens = create()
    const screen = open()
    screen.write(text('before '))
    const picture = lines(screen)
    screen.write(text('after'))
    expect(await picture).toEqual(['before after'])
  })

  test('answer everything that waits when they are disposed of', async () => {
    screens = create()
    const screen = open()
    screen.write(text('words'))
    const waiting = [screen.settle(), screen.picture()]
    screen.dispose()
    expect(await Promise.all(waiting)).toEqual([undefined, null])
    expect(await open().picture()).not.toBeNull()
    const late = open()
    const last = late.picture()
    screens.close()
    expect(await last).toBeNull()
    expect(late.isBehind()).toBe(false)
  })
})

test('a thread that ends takes no session with it: its screens go on with what comes then', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'berth-screens-')), 'ending.mjs')
  await writeFile(
    path,
    `import { parentPort, threadId } from 'node:worker_threads'
     import { existsSync, writeFileSync } from 'node:fs'
     const isFirst = !existsSync(${JSON.stringify(`${path}.ended`)})
     parentPort.on('message', ({ kind }) => {
       if (!isFirst || kind !== 'write') return
       writeFileSync(${JSON.stringify(`${path}.ended`)}, '')
       process.exit(3)
     })
     if (!isFirst) await import(${JSON.stringify(workerPath)})`,
  )
  screens = createScreens(path)
  const screen = open()
  screen.write(text('lost'))
  const picture = lines(screen)
  expect(await picture).toEqual([])
  expect(screen.isBehind()).toBe(false)
  screen.write(text('goes on'))
  expect(await lines(screen)).toEqual(['goes on'])
})

test('threads that cannot be started are given up, and sessions go on without', async () => {
  screens = createScreens(join(folder, 'nothing.js'))
  const screen = open()
  await expect.poll(() => lines(screen)).toEqual([])
  screen.write(text('goes on'))
  expect(await lines(screen)).toEqual(['goes on'])
})
