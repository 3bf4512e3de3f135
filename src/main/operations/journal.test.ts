import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { operationKindSchema } from '../../shared/operation'
import type { OperationKind } from '../../shared/operation-kinds'
import { firstVersion } from './first-version'
import { openJournal } from './journal'
import { createOperations } from './operations'

describe('a journal', () => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'berth-journal-'))
    await mkdir(join(home, 'operations'))
  })
  afterEach(() => rm(home, { recursive: true }))

  const write = (id: string, text: string) => writeFile(join(home, 'operations', `${id}.json`), text)

  /** An entry as Berth 0.1.0 wrote it. */
  const first = (kind: OperationKind, stepIndex: number, steps = firstVersion(kind).steps) =>
    JSON.stringify({
      version: 1,
      operation: {
        ...{ id: 'one', kind, workspaceId: 'w1', workspaceName: 'demo', status: 'running', cancellable: true },
        steps: steps.map((name) => ({
          name,
          title: name,
          status: 'pending',
          startedAt: null,
          endedAt: null,
          progress: null,
          detail: null,
        })),
        ...{ startedAt: '2026-01-01T00:00:00.000Z', endedAt: null, notices: [], error: null },
      },
      pending: { input: { id: 'w1' }, stepIndex, undoing: false },
    })

  it.each(operationKindSchema.options.filter((kind) => firstVersion(kind).steps.length > 0))(
    'of Berth 0.1.0 is read with the names of the steps that %s had then',
    async (kind) => {
      const { steps } = firstVersion(kind)
      for (const [index, step] of steps.entries()) {
        await write('one', first(kind, index))
        const { entries } = await openJournal(home).readAll()
        expect(entries).toMatchObject([{ version: 2, definitionVersion: 1, pending: { step, memory: {} } }])
      }
    },
  )

  it.each([
    ['is not JSON', 'no', null],
    ['has steps that Berth 0.1.0 did not have', first('workspace.stop', 0, ['halt']), 'w1'],
    ['has a step beyond its last', first('workspace.stop', 4), 'w1'],
    ['is of a newer Berth', JSON.stringify({ version: 9, operation: { workspaceId: 'w1', kind: 'workspace.fly' } }), 'w1'],
  ])('with an entry that %s reports it, and holds the workspace if it can be told', async (_, text, workspaceId) => {
    await write('one', text)
    const operations = await createOperations({ journal: openJournal(home), now: () => new Date(), definitions: () => [] })
    expect(operations.get('one')).toMatchObject({
      workspaceId,
      endedAt: null,
      needsDecision: true,
      waiting: { for: 'decision', problem: { code: 'JOURNAL_UNREADABLE' } },
    })
    expect(await operations.accept('one')).toMatchObject({ status: 'failed', accepted: true })
    const { entries, unreadable } = await openJournal(home).readAll()
    expect({ entries: entries.map(({ pending }) => pending), unreadable }).toEqual({ entries: [null], unreadable: [] })
  })
})
