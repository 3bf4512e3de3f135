import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BerthError } from '../../shared/errors'
import { openJournal } from './journal'
import type { OperationDefinition, Step } from './operation-definition'
import { createOperations, type Operations } from './operations'

const subject = { workspaceId: 'w1', workspaceName: 'one' }

describe('an operation', () => {
  let home: string
  let trace: string[]
  const opened: Operations[] = []
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'berth-operations-'))
    trace = []
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((operations) => operations.settle(1000)))
    await rm(home, { recursive: true, force: true })
  })

  const step = (name: string, run: Step<object>['run'] = async () => undefined): Step<object> => ({
    name,
    title: name,
    async run(context) {
      trace.push(name)
      await run(context)
    },
    async undo() {
      trace.push(`undo ${name}`)
    },
  })

  async function open(definition: OperationDefinition<object>, onFaultPoint?: () => void) {
    const operations = await createOperations({
      journal: openJournal(home),
      now: () => new Date(),
      definitions: () => [definition as never],
      onFaultPoint,
    })
    opened.push(operations)
    return operations
  }

  const definition = (steps: Step<object>[], commitStep: string | null = null): OperationDefinition<object> => ({
    kind: 'workspace.create',
    steps,
    commitStep,
    cancellable: true,
  })
  const failure = () => new BerthError('TIMED_OUT', 'It took too long.', { what: 'x', seconds: 1, next: 'Try again.' })

  it('runs its steps in order and ends as succeeded', async () => {
    const create = definition([step('a'), step('b')])
    const operations = await open(create)
    const { id } = await operations.begin(create, {}, subject)
    expect(await operations.whenEnded(id)).toMatchObject({
      status: 'succeeded',
      error: null,
      steps: [{ status: 'done' }, { status: 'done' }],
    })
    expect(trace).toEqual(['a', 'b'])
  })

  it('that fails takes back what had begun, last first, and says why', async () => {
    const create = definition([
      step('a'),
      step('b', async () => {
        throw failure()
      }),
      step('c'),
    ])
    const operations = await open(create)
    const { id } = await operations.begin(create, {}, subject)
    expect(await operations.whenEnded(id)).toMatchObject({
      status: 'failed',
      error: { code: 'TIMED_OUT', next: 'Try again.' },
      steps: [{ status: 'done' }, { status: 'failed' }, { status: 'skipped' }],
    })
    expect(trace).toEqual(['a', 'b', 'undo b', 'undo a'])
  })

  it('that fails after its commit step takes nothing back', async () => {
    const create = definition(
      [
        step('a'),
        step('b', async () => {
          throw failure()
        }),
      ],
      'b',
    )
    const operations = await open(create)
    const { id } = await operations.begin(create, {}, subject)
    expect((await operations.whenEnded(id)).status).toBe('failed')
    expect(trace).toEqual(['a', 'b'])
  })

  it('that finds no room to be taken back is taken back when another has ended', async () => {
    let full = true
    const create = definition([
      {
        ...step('a', async () => {
          throw failure()
        }),
        async undo() {
          if (full) throw failure()
          trace.push('undo a')
        },
      },
    ])
    const operations = await open(create)
    const { id } = await operations.begin(create, {}, subject)
    await operations.settle(1000)
    expect(operations.get(id)).toMatchObject({ status: 'rolling-back', endedAt: null })
    full = false
    await operations.begin(definition([step('b')]), {}, { workspaceId: 'w2', workspaceName: 'two' })
    expect((await operations.whenEnded(id)).status).toBe('failed')
    expect(trace).toEqual(['a', 'b', 'undo a'])
  })

  it('that fails for a reason nobody foresaw says so, and is taken back too', async () => {
    const create = definition([
      step('a', async () => {
        throw new TypeError('oops')
      }),
    ])
    const operations = await open(create)
    const { id } = await operations.begin(create, {}, subject)
    expect(await operations.whenEnded(id)).toMatchObject({ status: 'failed', error: { code: 'INTERNAL' } })
    expect(trace).toEqual(['a', 'undo a'])
  })

  it('is cancelled in the middle of a step, and taken back', async () => {
    const waiting = step(
      'a',
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    )
    const create = definition([waiting])
    const operations = await open(create)
    const { id } = await operations.begin(create, {}, subject)
    while (!trace.includes('a')) await new Promise((resolve) => setImmediate(resolve))
    expect(await operations.cancel(id)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
    expect(trace).toEqual(['a', 'undo a'])
    await expect(operations.cancel(id)).rejects.toMatchObject({ code: 'OPERATION_NOT_CANCELLABLE' })
  })

  it('keeps others off its workspace, and only while it runs', async () => {
    const create = definition([step('a')])
    const operations = await open(create)
    const { id } = await operations.begin(create, {}, subject)
    await expect(operations.begin(create, {}, subject)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY', data: { operationId: id } })
    await operations.begin(create, {}, { workspaceId: 'w2', workspaceName: 'two' })
    await operations.whenEnded(id)
    await operations.begin(create, {}, subject)
  })

  it.each([
    ['before its commit step is taken back', null, ['undo b', 'undo a'], 'failed'],
    ['after it goes on', 'b', ['b', 'c'], 'succeeded'],
  ] as const)('that a dead process left %s', async (_, commitStep, then, status) => {
    const dead = definition([step('a'), step('b', () => new Promise(() => undefined)), step('c')], commitStep)
    const first = await open(dead)
    const { id } = await first.begin(dead, {}, subject)
    while (!trace.includes('b')) await new Promise((resolve) => setImmediate(resolve))
    trace = []
    const next = definition([step('a'), step('b'), step('c')], commitStep)
    const second = await open(next)
    expect(second.activeOn('w1'), 'the workspace is busy until the engine is there').toMatchObject({ id })
    await second.resume()
    expect(await second.whenEnded(id)).toMatchObject({ status })
    expect(trace).toEqual(then)
  })

  it('whose undoing needs an engine that is away is taken up when it is back', async () => {
    let away = true
    const create = definition([
      {
        ...step('a', async () => {
          throw failure()
        }),
        async undo() {
          if (away) throw new BerthError('ENGINE_UNREACHABLE', 'Away.', { endpoint: '', tried: [], next: 'Wait.' })
          trace.push('undo a')
        },
      },
    ])
    const operations = await open(create)
    const { id } = await operations.begin(create, {}, subject)
    while (operations.get(id).status !== 'rolling-back') await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(operations.get(id).endedAt).toBeNull()
    away = false
    await operations.resume()
    expect((await operations.whenEnded(id)).status).toBe('failed')
    expect(trace).toEqual(['a', 'undo a'])
  })

  it('is still known after a restart, and only the last two hundred are', async () => {
    const create = definition([step('a')])
    const first = await open(create)
    for (let index = 0; index < 205; index++) {
      const { id } = await first.begin(create, {}, { workspaceId: `w${index}`, workspaceName: null })
      await first.whenEnded(id)
    }
    await first.settle(5000)
    const second = await open(create)
    expect(second.list().length).toBe(200)
    expect(second.list()[0]?.workspaceId).toBe('w204')
  })
})
