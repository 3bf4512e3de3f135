import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestCore, done, inside, running, type TestCore, uniqueName } from './support/test-core'

const MEGABYTE = 1024 * 1024

describe('commands in a workspace', () => {
  let test: TestCore
  const name = uniqueName('exec')
  const exec = (command: string[], options: Partial<Parameters<TestCore['core']['workspaces']['exec']>[1]> = {}, signal?: AbortSignal) =>
    test.core.workspaces.exec(name, { command, user: 'workspace', ...options }, signal)
  /** Of the sleeping programs of the tests, those that still run. */
  const sleepers = () => inside(test.core, name, "pgrep -af '^sleep 88' || true", 'root')

  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.create({ name }))
    await running(test.core, name)
  }, 120_000)
  afterAll(() => test.dispose(), 60_000)

  it('run as the given user, in the given folder and with the given variables', async () => {
    expect((await exec(['id', '-un'])).stdout).toBe('workspace\n')
    expect((await exec(['id', '-u'], { user: '4321' })).stdout).toBe('4321\n')
    expect((await exec(['id', '-un'], { user: 'www-data' })).stdout).toBe('www-data\n')
    expect((await exec(['sh', '-c', 'echo "$PWD $WORD"'], { cwd: '/tmp', env: { WORD: 'a  b' } })).stdout).toBe('/tmp a  b\n')
    expect(await exec(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
      truncated: false,
    })
  })

  it('say what is not there', async () => {
    await expect(exec(['no-such-program'])).rejects.toMatchObject({ code: 'EXEC_FAILED', data: { command: 'no-such-program' } })
    await expect(exec(['true'], { cwd: '/no/such' })).rejects.toMatchObject({ code: 'EXEC_FAILED' })
    await expect(exec(['true'], { user: 'nobody-of-that-name' })).rejects.toMatchObject({
      code: 'EXEC_FAILED',
      message: expect.stringContaining('nobody-of-that-name'),
    })
  })

  it('give 10 MB of any bytes back as they came', async () => {
    const bytes = randomBytes(10 * MEGABYTE)
    const { stdout, exitCode, truncated } = await exec(['cat'], {
      stdin: bytes.toString('base64'),
      encoding: 'base64',
      maxOutputBytes: 20 * MEGABYTE,
    })
    expect({ exitCode, truncated }).toEqual({ exitCode: 0, truncated: false })
    expect(Buffer.from(stdout, 'base64').equals(bytes)).toBe(true)
  })

  it('are cut off after as much output as is wanted', async () => {
    const result = await exec(['sh', '-c', 'seq 1 1000000; echo end >&2'], { maxOutputBytes: 100 })
    expect(result).toMatchObject({ exitCode: 0, truncated: true, stderr: 'end\n' })
    expect(result.stdout).toHaveLength(100)
  })

  it('end with everything they started when their time is over', async () => {
    const began = performance.now()
    const script = 'sleep 8801 & (setsid sleep 8802 &) ; sudo sleep 8803 & (trap "" TERM; sleep 8804) & sleep 8805'
    expect(await exec(['sh', '-c', script], { timeoutSeconds: 1 })).toMatchObject({ exitCode: null, timedOut: true })
    expect(performance.now() - began).toBeLessThan(20_000)
    expect(await sleepers()).toBe('')
  })

  it('end when nothing waits for them any longer', async () => {
    const controller = new AbortController()
    const running = exec(['sh', '-c', 'sleep 8811 | sleep 8812'], {}, controller.signal)
    await vi.waitFor(async () => expect(await sleepers()).toMatch(/8811.*8812/s), { timeout: 20_000 })
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await sleepers()).toBe('')
  })

  it('are heard as they speak, at the pace of who listens', async () => {
    const events = test.core.workspaces.execStream(name, {
      command: ['sh', '-c', 'read word; echo "$word" >&2; head -c 30000000 /dev/zero; exit 5'],
      user: 'workspace',
      stdin: 'go\n',
    })
    const hash = createHash('sha256')
    const types: string[] = []
    let stderr = ''
    let last: unknown
    for await (const event of events) {
      if (types.at(-1) !== event.type) types.push(event.type)
      if (event.type === 'stdout') hash.update(Buffer.from(event.data, 'base64'))
      if (event.type === 'stderr') stderr += Buffer.from(event.data, 'base64').toString()
      last = event
    }
    expect([types[0], types.at(-1)]).toEqual(['started', 'exit'])
    expect(stderr).toBe('go\n')
    expect(hash.digest('hex')).toBe(createHash('sha256').update(Buffer.alloc(30_000_000)).digest('hex'))
    expect(last).toEqual({ type: 'exit', exitCode: 5, timedOut: false })
  })

  it('end when who listened hangs up', async () => {
    for await (const event of test.core.workspaces.execStream(name, { command: ['sh', '-c', 'yes & sleep 8821'], user: 'workspace' })) {
      if (event.type === 'stdout') break
    }
    expect(await sleepers()).toBe('')
    expect(await inside(test.core, name, 'pgrep -x yes || true')).toBe('')
  })

  it('start the workspace first if that is asked for', async () => {
    await done(test.core, test.core.workspaces.stop(name))
    await expect(exec(['true'])).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
    expect((await exec(['echo', 'up'], { start: true })).stdout).toBe('up\n')
    expect(test.core.workspaces.get(name).status).toBe('running')
  }, 60_000)
})
