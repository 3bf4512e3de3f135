import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Operation, OperationStep } from '../../shared/operation'
import { operation as anyOperation, operationStep } from '../../shared/testing/operation'
import { type BuildLogs, createBuildLogs } from './build-logs'
import { entriesOf } from './entries'

let home = ''
let logs: BuildLogs
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-build-logs-'))
  logs = createBuildLogs(home, () => new Date('2026-01-01T00:00:00Z'))
})
afterEach(() => rm(home, { recursive: true }))

const step = (title: string, status: OperationStep['status'], detail: string | null = null) => operationStep(title, { status, detail })
const operation = (more: Partial<Operation>) => anyOperation({ id: 'o1', workspaceId: 'w1', ...more })

async function lines(): Promise<string[]> {
  const found: string[] = []
  const options = { follow: false, tail: 'all' as const, signal: new AbortController().signal }
  for await (const piece of logs.source('w1').read(options)) {
    for (const { bytes } of entriesOf(piece)) found.push(bytes.subarray(8).toString('utf8').trimEnd())
  }
  return found
}

test('keeps what an operation said, each thing once, and how it ended', async () => {
  logs.note(operation({ steps: [step('Get the image', 'running')] }))
  logs.note(operation({ steps: [step('Get the image', 'running', 'Step 1/3 : FROM base')] }))
  logs.note(operation({ steps: [step('Get the image', 'running', 'Step 1/3 : FROM base')] }))
  logs.note(operation({ steps: [step('Get the image', 'done'), step('Create container', 'running')] }))
  const error = { code: 'DISK_FULL' as const, message: 'The disk is full.', next: '', data: {} }
  logs.note(operation({ steps: [step('Create container', 'failed')], endedAt: '2026-01-01T00:00:01Z', error }))
  expect(await lines()).toEqual(
    ['Get the image', '  Step 1/3 : FROM base', 'Create container', 'ERROR: The disk is full.'].map(
      (text) => `2026-01-01T00:00:00.000Z ${text}`,
    ),
  )
  expect(await logs.bytes('w1')).toBeGreaterThan(0)
})

test('keeps nothing of what makes no workspace, and nothing of one that is gone', async () => {
  logs.note(operation({ kind: 'workspace.stop', steps: [step('Stop', 'running')] }))
  expect(await logs.bytes('w1')).toBeNull()
  logs.note(operation({ steps: [step('Create container', 'running')] }))
  logs.remove('w1')
  await logs.settle()
  expect(await readdir(join(home, 'logs'))).toEqual([])
  expect(await lines()).toEqual([])
})

test('stays small', async () => {
  for (let line = 0; line < 3000; line++) logs.note(operation({ steps: [step('Get the image', 'running', `${line} ${'x'.repeat(600)}`)] }))
  await logs.settle()
  expect(await logs.bytes('w1')).toBeLessThan(1.2 * 1024 * 1024)
  expect((await lines()).at(-1)).toContain('2999 xxx')
})
