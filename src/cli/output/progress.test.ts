import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Operation } from '../../shared/operation'
import type { OperationKind } from '../../shared/operation-kinds'
import type { CliContext } from '../context'
import { fakeHost } from '../testing/fake-host'
import { fakeOperation } from '../testing/fake-records'
import { createProgress, progressText } from './progress'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const QUIET_OPTIONS = { json: false, quiet: false, verbose: false, autostart: true }

function context(options: Partial<CliContext['options']> = {}, terminal = true) {
  const host = fakeHost('/home', { terminal, env: { NO_COLOR: '1' } })
  return { ...host, options: { ...QUIET_OPTIONS, ...options } }
}

function pulling(name: string, done: number): Operation {
  const progress = { done, total: 28.6 * 1024 ** 2, unit: 'bytes' as const }
  const step = {
    name: 'pull',
    title: 'Pull image',
    status: 'running' as const,
    startedAt: null,
    endedAt: null,
    progress,
    detail: null,
    skipped: null,
  }
  return fakeOperation('workspace.create', name, { steps: [step] })
}

const ended = (operation: Operation): Operation => ({ ...operation, status: 'succeeded', endedAt: '2026-01-01T00:00:01.200Z' })

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CURSOR = /(\n|\r\u001b\[2K|\u001b\[1A)/

/** What a terminal shows in the end: each return and clear starts the line anew. */
function shown(text: string): string[] {
  const lines = ['']
  let at = 0
  for (const part of text.split(CURSOR)) {
    if (part === '\n') at++
    else if (part === '\u001b[1A') at--
    else if (part === '\r\u001b[2K') lines[at] = ''
    else lines[at] = (lines[at] ?? '') + part
  }
  return lines.slice(0, at + 1)
}

test('on a terminal one line moves, and ends with a tick', () => {
  const host = context()
  let now = 0
  const progress = createProgress(host, () => now)
  progress.update(pulling('demo', 0))
  now = 4200
  progress.update(pulling('demo', 12 * 1024 ** 2))
  expect(shown(host.stderr.text())).toEqual(['◐ demo: Pull image · 41 % · 12 MiB of 28.6 MiB · 4.2 s'])
  progress.update(ended(pulling('demo', 28.6 * 1024 ** 2)))
  progress.end()
  expect(shown(host.stderr.text())).toEqual(['✔ demo created 1.2 s', ''])
})

test('the elapsed time goes on while nothing is heard, and stops with the end', () => {
  const host = context()
  let now = 0
  const progress = createProgress(host, () => now)
  progress.update(pulling('demo', 0))
  now = 7000
  vi.advanceTimersByTime(500)
  expect(shown(host.stderr.text()).at(-1)).toContain('7.0 s')
  progress.end()
  const before = host.stderr.text()
  vi.advanceTimersByTime(500)
  expect(host.stderr.text()).toBe(before)
  expect(shown(before)).toEqual([''])
})

test('a line never wraps', () => {
  const host = context()
  Object.assign(host.stderr, { columns: 30 })
  createProgress(host, () => 0).update(pulling('a-very-long-name-of-a-workspace', 0))
  for (const line of shown(host.stderr.text())) expect(line.length).toBeLessThan(30)
})

test('several at once have a line each, and each ends on its own', () => {
  const host = context()
  const progress = createProgress(host, () => 0)
  progress.update(pulling('a', 0))
  progress.update(pulling('b', 0))
  expect(shown(host.stderr.text())).toEqual([expect.stringMatching(/^◐ a: /), expect.stringMatching(/^◐ b: /)])
  progress.update(ended(pulling('a', 0)))
  expect(shown(host.stderr.text())).toEqual(['✔ a created 1.2 s', expect.stringMatching(/^◐ b: /)])
})

test('more than a terminal has room for share the last line', () => {
  const host = context()
  Object.assign(host.stderr, { rows: 4 })
  const progress = createProgress(host, () => 0)
  for (const name of ['a', 'b', 'c', 'd']) progress.update(pulling(name, 0))
  expect(shown(host.stderr.text())).toEqual([expect.stringMatching(/^◐ a: /), '◐ and 3 more'])
  progress.end()
  expect(shown(host.stderr.text())).toEqual([''])
})

test('without a terminal nothing is shown, with --verbose a line per step', () => {
  const silent = context({}, false)
  createProgress(silent).update(pulling('demo', 0))
  expect(silent.stderr.text()).toBe('')

  const verbose = context({ verbose: true }, false)
  const progress = createProgress(verbose)
  progress.update(pulling('demo', 0))
  progress.update(pulling('demo', 5))
  progress.update(ended(pulling('demo', 9)))
  expect(verbose.stderr.text()).toBe('demo: Pull image: running\ndemo: created (1.2 s)\n')
})

test('--json keeps stderr for errors', () => {
  const host = context({ json: true })
  const progress = createProgress(host)
  progress.update(pulling('demo', 0))
  progress.say('Cancelling.')
  progress.end()
  expect(host.stderr.text()).toBe('')
})

test('an undone operation says so instead of its step', () => {
  expect(progressText({ ...pulling('demo', 5), status: 'rolling-back' }, 4000, 0)).toBe('demo: Undoing what was done · 4.0 s')
})

function copying(kind: OperationKind, done: number, total: number | null): Operation {
  const progress = { done, total, unit: 'bytes' as const }
  const startedAt = '2026-01-01T00:00:00.000Z'
  const step = {
    name: 'volumes',
    title: 'Copy volumes',
    status: 'running' as const,
    startedAt,
    endedAt: null,
    progress,
    detail: null,
    skipped: null,
  }
  return fakeOperation(kind, 'demo', { steps: [step] })
}

const GIB = 1024 ** 3
const BEGUN = Date.parse('2026-01-01T00:00:00Z')

test('a copy says how fast it goes, and the time left instead of the time gone', () => {
  const text = (done: number, total: number | null, seconds: number) =>
    progressText(copying('workspace.clone', done, total), BEGUN + seconds * 1000, BEGUN)
  expect(text(1.2 * GIB, 4.1 * GIB, 10)).toBe('demo: Copy volumes · 29 % · 1.2 GiB of 4.1 GiB · 123 MiB/s · 25 s left')
  expect(text(1.2 * GIB, null, 10)).toBe('demo: Copy volumes · 1.2 GiB · 123 MiB/s · 10 s')
  expect(text(5 * 1024 ** 2, 4.1 * GIB, 1)).toBe('demo: Copy volumes · 0 % · 5 MiB of 4.1 GiB · 1.0 s')
})

test('the line of a copy fits on a terminal of 80 columns, time left and all', () => {
  const host = context()
  createProgress(host, () => BEGUN + 10_000).update(copying('snapshot.restore', 1.2 * GIB, 4.1 * GIB))
  expect(shown(host.stderr.text()).at(-1)).toMatch(/25 s left$/)
})

test('what became of a snapshot is told of the snapshot, not of its workspace', () => {
  const host = context()
  const progress = createProgress(host, () => BEGUN)
  progress.update(ended(copying('snapshot.create', 9, 9)))
  progress.update({ ...ended(copying('snapshot.restore', 9, 9)), status: 'failed' })
  expect(shown(host.stderr.text()).slice(0, 2)).toEqual(['✔ Snapshot of demo made 1.2 s', '✕ demo not restored 1.2 s'])
})
