import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BerthError } from '../../shared/errors'
import { type Journal, openJournal } from './journal'
import type { OperationDefinition, Step } from './operation-definition'
import { createOperations, type Operations } from './operations'

const subject = { workspaceId: 'w1', workspaceName: 'one' }
const other = { workspaceId: 'w2', workspaceName: 'two' }
const nothing = () => ({})
const failure = () => new BerthError('TIMED_OUT', 'It took too long.', { what: 'x', seconds: 1, next: 'Try again.' })
const away = () => new BerthError('ENGINE_UNREACHABLE', 'Away.', { endpoint: '', tried: [], next: 'Wait.' })
const full = () => new BerthError('DISK_FULL', 'Full.', { where: 'x', next: 'Free some.' })
const turn = () => new Promise((resolve) => setImmediate(resolve))

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 4000
  while (!isSo()) {
    if (Date.now() > end) throw new Error('it never came to that')
    await turn()
  }
}

describe('an operation', () => {
  let home: string
  let trace: string[]
  /** Those that wait for their time to be tried again; a test says when it is over. */
  let timers: { milliseconds: number; callback: () => void }[]
  const opened: Operations[] = []
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'berth-operations-'))
    trace = []
    timers = []
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((operations) => operations.settle(1000)))
    await rm(home, { recursive: true, force: true })
  })

  const step = (name: string, run: Step<object>['run'] = async () => undefined, more: Partial<Step<object>> = {}): Step<object> => ({
    name,
    title: name,
    async run(context) {
      trace.push(name)
      await run(context)
    },
    async undo() {
      trace.push(`undo ${name}`)
    },
    ...more,
  })

  async function open(definition: OperationDefinition<object>, journal: Journal = openJournal(home)) {
    const operations = await createOperations({
      journal,
      now: () => new Date(),
      definitions: () => [definition as never],
      timer(milliseconds, callback) {
        const timer = { milliseconds, callback }
        timers.push(timer)
        return () => {
          timers = timers.filter((one) => one !== timer)
        }
      },
    })
    opened.push(operations)
    return operations
  }

  const definition = (
    steps: Step<object>[],
    commitStep: string | null = null,
    more: Partial<OperationDefinition<object>> = {},
  ): OperationDefinition<object> => ({
    kind: 'workspace.create',
    version: 2,
    input: z.object({}),
    steps,
    commitStep,
    cancellable: true,
    ...more,
  })

  /** As the timer would. */
  async function elapse(): Promise<void> {
    await until(() => timers.length > 0)
    for (const { callback } of timers.splice(0)) callback()
  }

  it('runs its steps in order and ends as succeeded', async () => {
    const create = definition([step('a'), step('b')])
    const operations = await open(create)
    const { id } = await operations.begin(create, subject, nothing)
    expect(await operations.whenEnded(id)).toMatchObject({
      status: 'succeeded',
      error: null,
      committed: false,
      steps: [{ status: 'done' }, { status: 'done' }],
    })
    expect(trace).toEqual(['a', 'b'])
  })

  it('that fails takes back what had begun, last first, and says why', async () => {
    const create = definition([step('a'), step('b', () => Promise.reject(failure())), step('c')])
    const operations = await open(create)
    const { id } = await operations.begin(create, subject, nothing)
    expect(await operations.whenEnded(id)).toMatchObject({
      status: 'failed',
      committed: false,
      error: { code: 'TIMED_OUT', next: 'Try again.' },
      steps: [{ status: 'done' }, { status: 'failed' }, { status: 'skipped' }],
    })
    expect(trace).toEqual(['a', 'b', 'undo b', 'undo a'])
  })

  it('keeps why a step had nothing to do', async () => {
    const create = definition([step('a', async ({ skip }) => skip('It is there.'))])
    const operations = await open(create)
    const { id } = await operations.begin(create, subject, nothing)
    expect(await operations.whenEnded(id)).toMatchObject({ steps: [{ status: 'skipped', skipped: 'It is there.' }] })
  })

  describe('whose change stands', () => {
    it('is tried again, later each time, until it succeeds', async () => {
      let failures = 7
      const create = definition(
        [
          step('a'),
          step('b', async () => {
            if (failures-- > 0) throw failure()
          }),
          step('c'),
        ],
        'b',
      )
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      const delays: number[] = []
      for (let attempt = 0; attempt < 7; attempt++) {
        await until(() => timers.length > 0)
        delays.push(timers[0]?.milliseconds ?? 0)
        expect(operations.get(id)).toMatchObject({
          committed: true,
          error: null,
          waiting: { for: 'retry', attempts: attempt + 1, problem: { code: 'TIMED_OUT' } },
        })
        await elapse()
      }
      expect(await operations.whenEnded(id)).toMatchObject({ status: 'succeeded', waiting: null, committed: true, error: null })
      expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000])
      expect(trace).toEqual(['a', ...Array(8).fill('b'), 'c'])
    })

    it.each([
      ['when the engine is back', away, 'engine', (operations: Operations) => operations.resume()],
      ['at once by a retry', full, 'disk', (operations: Operations, id: string) => operations.retry(id)],
    ] as const)('goes on %s', async (_, error, waitsFor, wake) => {
      let isSo = true
      const create = definition([step('a', async () => (isSo ? Promise.reject(error()) : undefined))], 'a')
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenStill(id)).toMatchObject({ waiting: { for: waitsFor }, endedAt: null })
      await expect(operations.begin(create, subject, nothing)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' })
      isSo = false
      await wake(operations, id)
      expect((await operations.whenEnded(id)).status).toBe('succeeded')
    })

    it('never sees an aborted signal, and is not cancelled', async () => {
      const release = Promise.withResolvers<void>()
      let aborted: boolean | null = null
      const create = definition(
        [
          step('a', async ({ signal }) => {
            await release.promise
            aborted = signal.aborted
          }),
        ],
        'a',
      )
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      await until(() => trace.includes('a'))
      await expect(operations.cancel(id)).rejects.toMatchObject({ code: 'OPERATION_NOT_CANCELLABLE' })
      release.resolve()
      expect((await operations.whenEnded(id)).status).toBe('succeeded')
      expect(aborted).toBe(false)
    })

    it.each([
      ['fails', () => Promise.reject(failure()), { status: 'failed', error: { code: 'TIMED_OUT' } }],
      [
        'is cancelled',
        ({ signal }: { signal: AbortSignal }) =>
          new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
        { status: 'cancelled', error: { code: 'CANCELLED' } },
      ],
    ] as const)('and whose follow-up %s ends so at once, and takes nothing back', async (what, run, ending) => {
      const create = definition([step('a'), step('b'), step('c', run, { followUp: true }), step('d')], 'b')
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      await until(() => trace.includes('c'))
      if (what === 'is cancelled') await operations.cancel(id)
      expect(await operations.whenEnded(id)).toMatchObject({ ...ending, committed: true })
      expect(trace).toEqual(['a', 'b', 'c'])
    })

    it('tries a follow-up again when the engine went away', async () => {
      let isAway = true
      const create = definition([step('a'), step('b', async () => (isAway ? Promise.reject(away()) : undefined), { followUp: true })], 'a')
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenStill(id)).toMatchObject({ waiting: { for: 'engine' } })
      isAway = false
      await operations.resume()
      expect((await operations.whenEnded(id)).status).toBe('succeeded')
    })

    it('takes an atomic commit step back that did not come about', async () => {
      const create = definition([step('a'), step('b', () => Promise.reject(failure()), { atomic: true })], 'b')
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenEnded(id)).toMatchObject({ status: 'failed', committed: false })
      expect(trace).toEqual(['a', 'b', 'undo b', 'undo a'])
    })
  })

  it.each(Array.from({ length: 24 }, (_, turns) => turns))(
    'that is cancelled %i turns after it began is either undone whole or refuses and does all',
    async (turns) => {
      const slow = (name: string) =>
        step(name, async () => {
          await turn()
          trace.push(`${name} done`)
        })
      const create = definition([slow('a'), slow('commit'), slow('finish')], 'commit')
      const operations = await open(create, memoryJournal())
      const { id } = await operations.begin(create, subject, nothing)
      for (let count = 0; count < turns; count++) await Promise.resolve().then(() => (count % 3 === 0 ? turn() : undefined))
      const cancelled = await operations.cancel(id).then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'OPERATION_NOT_CANCELLABLE' })
          return false
        },
      )
      const ended = await operations.whenEnded(id)
      if (cancelled) {
        expect(ended).toMatchObject({ status: 'cancelled', committed: false })
        expect(trace).not.toContain('commit')
        if (trace.includes('a')) expect(trace.at(-1)).toBe('undo a')
      } else {
        expect(ended).toMatchObject({ status: 'succeeded', committed: true })
        expect(trace).toEqual(['a', 'a done', 'commit', 'commit done', 'finish', 'finish done'])
      }
    },
  )

  it('is not cancelled any more once its last step is over', async () => {
    const journal = memoryJournal()
    const operations = await open(definition([step('a')]), {
      ...journal,
      async finish(entry) {
        await expect(operations.cancel(entry.operation.id)).rejects.toMatchObject({ code: 'OPERATION_NOT_CANCELLABLE' })
        await journal.finish(entry)
      },
    })
    const { id } = await operations.begin(definition([step('a')]), subject, nothing)
    expect((await operations.whenEnded(id)).status).toBe('succeeded')
  })

  describe('whose undoing fails', () => {
    const stuck = (isInTheWay: () => boolean) =>
      definition([
        step('a', () => Promise.reject(failure()), {
          async undo() {
            if (isInTheWay()) throw full()
            trace.push('undo a')
          },
        }),
      ])

    it('is taken back when another has ended', async () => {
      let isFull = true
      const create = stuck(() => isFull)
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenStill(id)).toMatchObject({ status: 'rolling-back', endedAt: null, waiting: { for: 'disk' } })
      isFull = false
      await operations.begin(definition([step('b')]), other, nothing)
      expect((await operations.whenEnded(id)).status).toBe('failed')
      expect(trace).toEqual(['a', 'b', 'undo a'])
    })

    it('asks for a decision after three times, and ends when it is accepted', async () => {
      const create = stuck(() => true)
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      await expect(operations.accept(id)).rejects.toMatchObject({ code: 'OPERATION_NOT_WAITING' })
      for (let attempt = 1; attempt < 3; attempt++) {
        await until(() => timers.length > 0)
        expect(operations.get(id).needsDecision).toBe(false)
        await elapse()
      }
      expect(await operations.whenDecidable(id)).toMatchObject({ needsDecision: true, waiting: { problem: { code: 'DISK_FULL' } } })
      expect(timers, 'it goes on trying').toHaveLength(1)
      expect(await operations.accept(id)).toMatchObject({
        status: 'failed',
        accepted: true,
        needsDecision: false,
        error: { code: 'TIMED_OUT' },
        notices: [expect.stringContaining('Not undone: a')],
      })
      expect(timers).toEqual([])
      await operations.begin(definition([step('b')]), subject, nothing)
      const after = await open(create)
      await after.resume()
      expect(after.get(id)).toMatchObject({ status: 'failed', accepted: true })
    })

    it('keeps the last of many notices, and so what was accepted', async () => {
      const talkative = step('a', async ({ notice }) => {
        for (let number = 1; number <= 20; number++) notice(`notice ${number}`)
        throw failure()
      })
      const create = definition([
        {
          ...talkative,
          async undo() {
            throw full()
          },
        },
      ])
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      await operations.whenStill(id)
      const { notices } = await operations.accept(id)
      expect(notices).toHaveLength(16)
      expect(notices.at(-2)).toBe('notice 20')
      expect(notices.at(-1)).toContain('Not undone: a')
    })

    it('for want of an engine is taken up when that is back', async () => {
      let isAway = true
      const create = definition([
        step('a', () => Promise.reject(failure()), {
          async undo() {
            if (isAway) throw away()
            trace.push('undo a')
          },
        }),
      ])
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenStill(id)).toMatchObject({ waiting: { for: 'engine' }, needsDecision: false })
      isAway = false
      await operations.resume()
      expect((await operations.whenEnded(id)).status).toBe('failed')
      expect(trace).toEqual(['a', 'undo a'])
    })
  })

  describe('whose journal cannot be written', () => {
    it('does nothing when that is so from the start', async () => {
      const create = definition([step('a')])
      const operations = await open(create, { ...openJournal(home), write: () => Promise.reject(full()) })
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenEnded(id)).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } })
      expect(trace).toEqual([])
    })

    it('before its commit step takes all back', async () => {
      const journal = memoryJournal()
      const create = definition([step('a'), step('b')], 'b')
      const write: Journal['write'] = (entry) => (entry.pending?.step === 'b' ? Promise.reject(full()) : journal.write(entry))
      const operations = await open(create, { ...journal, write })
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenEnded(id)).toMatchObject({ status: 'failed', committed: false, error: { code: 'DISK_FULL' } })
      expect(trace).toEqual(['a', 'undo a'])
    })

    it('past its commit step waits with the next step', async () => {
      const journal = memoryJournal()
      let isFull = true
      const create = definition([step('a'), step('b')], 'a')
      const write: Journal['write'] = (entry) => (entry.pending?.step === 'b' && isFull ? Promise.reject(full()) : journal.write(entry))
      const operations = await open(create, { ...journal, write })
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenStill(id)).toMatchObject({ committed: true, waiting: { for: 'disk' } })
      expect(trace).toEqual(['a'])
      isFull = false
      await operations.retry(id)
      expect((await operations.whenEnded(id)).status).toBe('succeeded')
      expect(trace.at(-1)).toBe('b')
    })

    it('at its end holds its workspace until it can be, and is finished by the next process at the latest', async () => {
      const journal = openJournal(home)
      const create = definition([step('a'), step('b')], 'b')
      const refused = new Error('EIO')
      const operations = await open(create, { ...journal, finish: () => Promise.reject(refused) })
      const { id } = await operations.begin(create, subject, nothing)
      expect(await operations.whenStill(id)).toMatchObject({ status: 'running', committed: true, endedAt: null, waiting: { for: 'retry' } })
      await expect(operations.begin(create, subject, nothing)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' })
      expect(await operations.retry(id)).toMatchObject({ endedAt: null })
      expect(trace, 'what was done is not done again').toEqual(['a', 'b'])

      const next = await open(create)
      await next.resume()
      expect((await next.whenEnded(id)).status).toBe('succeeded')
      expect(trace).toEqual(['a', 'b', 'b'])
    })
  })

  it('that fails for a reason nobody foresaw says so, and is taken back too', async () => {
    const create = definition([step('a', () => Promise.reject(new TypeError('oops')))])
    const operations = await open(create)
    const { id } = await operations.begin(create, subject, nothing)
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
    const { id } = await operations.begin(create, subject, nothing)
    await until(() => trace.includes('a'))
    expect(await operations.cancel(id)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
    expect(trace).toEqual(['a', 'undo a'])
    await expect(operations.cancel(id)).rejects.toMatchObject({ code: 'OPERATION_NOT_CANCELLABLE' })
  })

  describe('and its lock', () => {
    it('keeps others off its workspace, and only while it runs', async () => {
      const create = definition([step('a')])
      const operations = await open(create)
      const { id } = await operations.begin(create, subject, nothing)
      await expect(operations.begin(create, subject, nothing)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY', data: { operationId: id } })
      await operations.begin(create, other, nothing)
      await operations.whenEnded(id)
      await operations.begin(create, subject, nothing)
    })

    it('reads what it acts on only when nobody else can change it', async () => {
      const create = definition([step('a')])
      const operations = await open(create)
      const read = Promise.withResolvers<object>()
      const begun = operations.begin(create, subject, () => read.promise)
      await expect(operations.begin(create, subject, nothing)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' })
      expect(operations.list(), 'nobody sees it before it knows what to do').toEqual([])
      read.resolve({})
      await begun
    })

    it('lets go when there is nothing to act on, and tells those that wait', async () => {
      const create = definition([step('a')])
      const operations = await open(create)
      const read = Promise.withResolvers<object>()
      const begun = operations.begin(create, subject, () => read.promise)
      const busy = await operations.begin(create, subject, nothing).then(
        () => '',
        (error: BerthError<'WORKSPACE_BUSY'>) => error.data.operationId,
      )
      const waiting = operations.whenEnded(busy)
      read.reject(failure())
      await expect(begun).rejects.toMatchObject({ code: 'TIMED_OUT' })
      expect(await waiting).toMatchObject({ status: 'failed' })
      await operations.begin(create, subject, nothing)
    })

    it('lets small changes happen one after the other, and waits for them', async () => {
      const create = definition([step('operation')])
      const operations = await open(create)
      const change = (name: string) =>
        operations.whileIdle('w1', async () => {
          await turn()
          trace.push(name)
        })
      const changes = [change('one'), change('two')]
      const begun = operations.begin(create, subject, nothing)
      await Promise.all(changes)
      const { id } = await begun
      await expect(change('three')).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' })
      await operations.whenEnded(id)
      expect(trace).toEqual(['one', 'two', 'operation'])
    })
  })

  describe('that a dead process left', () => {
    /** One that hangs in its step b, as after a kill. */
    async function leave(more: Partial<OperationDefinition<object>> = {}, commitStep: string | null = null): Promise<string> {
      const dead = definition(
        [
          step('a'),
          step('b', async ({ remember }) => {
            await remember('made', 'id-1')
            trace.push('remembered')
            return new Promise(() => undefined)
          }),
          step('c'),
        ],
        commitStep,
        more,
      )
      const operations = await open(dead)
      opened.pop()
      const { id } = await operations.begin(dead, subject, nothing)
      await until(() => trace.includes('remembered'))
      trace = []
      return id
    }

    it.each([
      ['before its commit step is taken back', null, ['undo b', 'undo a'], 'failed'],
      ['after it goes on', 'b', ['b', 'c'], 'succeeded'],
    ] as const)('%s', async (_, commitStep, then, status) => {
      const id = await leave({}, commitStep)
      const next = await open(definition([step('a'), step('b'), step('c')], commitStep))
      expect(next.activeOn('w1'), 'the workspace is busy until the engine is there').toMatchObject({ id, waiting: { for: 'engine' } })
      await next.resume()
      expect(await next.whenEnded(id)).toMatchObject({ status })
      expect(trace).toEqual(then)
    })

    it('knows what its steps remembered', async () => {
      const id = await leave()
      let recalled: string | null = null
      const undo: Step<object>['undo'] = async (_, { recall }) => {
        recalled = recall('made')
      }
      const next = await open(definition([step('a'), step('b', undefined, { undo }), step('c')]))
      await next.resume()
      await next.whenEnded(id)
      expect(recalled).toBe('id-1')
    })

    it('is finished by the rules it began under, found by the names of its steps', async () => {
      const id = await leave({ version: 2 }, 'b')
      const next = await open(
        definition([step('new'), step('a'), step('c')], 'c', {
          version: 3,
          older: [{ version: 2, steps: ['a', 'b', 'c'], commitStep: 'b', retired: [step('b')] }],
        }),
      )
      await next.resume()
      expect((await next.whenEnded(id)).status).toBe('succeeded')
      expect(trace).toEqual(['b', 'c'])
    })

    it.each([
      ['a version', { version: 4 }, {}],
      ['a step', {}, { steps: 'x' }],
      ['an input', {}, { input: z.object({ id: z.string() }) }],
    ])('with %s that this Berth does not know is reported, holds its workspace, and ends when it is accepted', async (_, dead, unlike) => {
      const id = await leave(dead, 'b')
      const steps = 'steps' in unlike ? [step('a'), step('x'), step('c')] : [step('a'), step('b'), step('c')]
      const next = await open(definition(steps, 'c', 'input' in unlike ? { input: unlike.input as never } : {}))
      await next.resume()
      expect(next.get(id)).toMatchObject({ needsDecision: true, waiting: { for: 'decision', problem: { code: 'JOURNAL_UNREADABLE' } } })
      await expect(next.begin(definition([step('z')]), subject, nothing)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' })
      expect(trace, 'nothing is guessed').toEqual([])
      expect(await next.accept(id)).toMatchObject({ status: 'failed', accepted: true, error: { code: 'JOURNAL_UNREADABLE' } })
      await next.begin(definition([step('z')]), subject, nothing)
    })
  })

  it('is still known after a restart, and only the last two hundred are', async () => {
    const create = definition([step('a')])
    const first = await open(create)
    for (let index = 0; index < 205; index++) {
      const { id } = await first.begin(create, { workspaceId: `w${index}`, workspaceName: null }, nothing)
      await first.whenEnded(id)
    }
    await first.settle(5000)
    const second = await open(create)
    expect(second.list().length).toBe(200)
    expect(second.list()[0]?.workspaceId).toBe('w204')
  })

  it('writes names of steps to its journal, not their places', async () => {
    const release = Promise.withResolvers<void>()
    const create = definition([step('a'), step('b', () => release.promise)])
    const operations = await open(create)
    const { id } = await operations.begin(create, subject, nothing)
    await until(() => trace.includes('b'))
    const entry: unknown = JSON.parse(await readFile(join(home, 'operations', `${id}.json`), 'utf8'))
    expect(entry).toMatchObject({ version: 2, definitionVersion: 2, pending: { step: 'b', undoing: false } })
    release.resolve()
  })
})

function memoryJournal(): Journal {
  return {
    readAll: async () => ({ entries: [], unreadable: [] }),
    write: () => turn().then(() => undefined),
    finish: () => turn().then(() => undefined),
    remove: async () => undefined,
  }
}
