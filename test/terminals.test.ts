import { createCipheriv, createHash } from 'node:crypto'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { createScreens } from '../src/main/terminals/screens'
import { createTerminalSessions, type OpenInput, type TerminalSessions } from '../src/main/terminals/terminal-sessions'
import type { BerthEvent } from '../src/shared/contract/events'
import { openWindow } from './support/session-window'
import { connectEngine, processesOf, startContainer } from './support/test-container'

const MEGABYTE = 1024 * 1024
const elsewhere = {
  useAgent: () => null,
  sshAccess: { privateKeyPath: '/nowhere', forwardsAgent: () => false, knownHost: async () => null },
  isStopping: () => false,
  scrollback: () => 5000,
}

describe('sessions in a container of a real engine', () => {
  let engine: Engine
  let container: Docker.Container
  let sessions: TerminalSessions
  const events: BerthEvent[] = []

  beforeAll(async () => {
    engine = await connectEngine()
    container = await startContainer('term')
    sessions = createTerminalSessions({
      machineOf: () => engine,
      ...elsewhere,
      screens: createScreens(null),
      resolveWorkspace: () => ({
        id: 'w1',
        name: 'demo',
        containerId: container.id,
        running: true,
        repoPath: '/home/workspace/repo',
        environment: {},
        ssh: null,
        unavailable: {},
      }),
      emit: (event) => events.push(event),
      now: () => new Date(),
    })
  })
  afterAll(async () => {
    await sessions.closeAll()
    await container.remove({ force: true })
    engine.close()
  })

  const open = (input: Partial<OpenInput> = {}) =>
    sessions.open({ workspace: 'demo', user: 'workspace', tty: true, start: false, ephemeral: false, cols: 80, rows: 24, ...input })

  it('are a login shell at home, of the right size, that can be typed into and resized', async () => {
    const session = await open()
    expect(session).toMatchObject({ command: ['/bin/bash', '-l'], title: 'bash' })
    const window = openWindow()
    sessions.attach(session.id, window.channel)
    window.type('echo "at $PWD $TERM $COLORTERM $LANG $SHELL $(stty size)"\n')
    await vi.waitFor(() => expect(window.tail()).toContain('at /home/workspace xterm-256color truecolor C.UTF-8 /bin/bash 24 80'), 20_000)
    for (let cols = 81; cols <= 120; cols++) window.send({ type: 'resize', cols, rows: 50 })
    await vi.waitFor(() => expect(sessions.list()[0]).toMatchObject({ cols: 120, rows: 50 }))
    await sleep(100)
    window.type('stty size\n')
    await vi.waitFor(() => expect(window.tail()).toContain('50 120'), 20_000)
    window.type('exit 7\n')
    await vi.waitFor(() => expect(window.exitCode()).toBe(7), 20_000)
    await sessions.close(session.id)
  })

  it('begin in the repo if there is one', async () => {
    await runInside(container, ['mkdir', '/home/workspace/repo'])
    const session = await open({ command: ['pwd'], tty: false })
    const window = openWindow()
    sessions.attach(session.id, window.channel)
    await vi.waitFor(() => expect(window.tail()).toBe('/home/workspace/repo\n'), 20_000)
  })

  it('bring 50 MB through unchanged, while windows come and go', async () => {
    const zeros = '0'.repeat(32)
    const script = `head -c ${50 * MEGABYTE} /dev/zero | openssl enc -aes-128-ctr -K ${zeros} -iv ${zeros}`
    const expected = createHash('sha256').update(
      createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(50 * MEGABYTE)),
    )
    const session = await open({ tty: false, command: ['bash', '-c', script] })
    const window = openWindow()
    sessions.attach(session.id, window.channel)
    for (let visit = 0; visit < 10; visit++) {
      const visitor = openWindow()
      sessions.attach(session.id, visitor.channel)
      await sleep(15)
      visitor.leave()
    }
    await vi.waitFor(() => expect(window.exitCode()).toBe(0), 60_000)
    expect(window.byteCount()).toBe(50 * MEGABYTE)
    expect(window.digest()).toBe(expected.digest('hex'))
    expect(window.types.at(-1)).toBe('exit')
  }, 120_000)

  it('show a window that joins a flood of lines the last of them, and memory stays flat', async () => {
    const session = await open({ command: ['bash', '-c', 'seq 1 4000000; echo; sleep 60'] })
    const before = process.memoryUsage().rss
    const first = openWindow()
    sessions.attach(session.id, first.channel)
    await sleep(300)
    first.leave()
    await sleep(300)
    const second = openWindow()
    sessions.attach(session.id, second.channel)
    await vi.waitFor(() => expect(second.tail()).toContain('3999999\r\n4000000\r\n'), 60_000)
    expect(second.types[0]).toBe('screen')
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MEGABYTE)
    await sessions.close(session.id)
  }, 120_000)

  it('take 20 MB of input at the pace of the command', async () => {
    const session = await open({ tty: false, command: ['sh', '-c', 'sleep 0.5; wc -c'] })
    const window = openWindow()
    sessions.attach(session.id, window.channel)
    for (let sent = 0; sent < 20 * MEGABYTE; sent += MEGABYTE) {
      await vi.waitFor(() => expect(window.acknowledged()).toBeGreaterThanOrEqual(sent - 4 * MEGABYTE), { timeout: 10_000, interval: 5 })
      window.send({ type: 'stdin', bytes: Buffer.alloc(MEGABYTE) })
    }
    window.send({ type: 'stdin-end' })
    await vi.waitFor(() => expect(window.exitCode()).toBe(0), 10_000)
    expect(window.tail().trim()).toBe(String(20 * MEGABYTE))
  })

  it('give the exit code of the command, and of one that a signal ended', async () => {
    for (const [command, exitCode] of [
      [['sh', '-c', 'exit 42'], 42],
      [['sh', '-c', 'kill -9 $$'], 137],
    ] as const) {
      const session = await open({ tty: false, command: [...command] })
      const window = openWindow()
      sessions.attach(session.id, window.channel)
      await vi.waitFor(() => expect(window.exitCode()).toBe(exitCode), 20_000)
    }
  })

  it('say that there is no such program, folder or container', async () => {
    await expect(open({ command: ['no-such-program'] })).rejects.toMatchObject({
      code: 'EXEC_FAILED',
      data: { command: 'no-such-program' },
    })
    await expect(open({ cwd: '/no/such/folder' })).rejects.toMatchObject({
      code: 'EXEC_FAILED',
      message: expect.stringContaining('/no/such/folder'),
    })
    await expect(open({ cwd: '/root' })).rejects.toMatchObject({ code: 'EXEC_FAILED' })
  })

  it('end with everything they started, also what ignores a hang-up, has another session, or is root', async () => {
    const running = await processesOf(container)
    const session = await open()
    const window = openWindow()
    sessions.attach(session.id, window.channel)
    window.type('nohup sleep 1001 & sleep 1002 & sudo sleep 1003 & setsid -w sleep 1004 & (trap "" HUP TERM; sleep 1005; sleep 1006) &\n')
    window.type('(setsid sleep 1007 &)\n')
    await vi.waitFor(async () => {
      const programs = (await processesOf(container)).join()
      for (const sleeper of ['1001', '1002', '1003', '1004', '1005', '1007']) expect(programs).toContain(`sleep ${sleeper}`)
    }, 20_000)
    const closed = await sessions.close(session.id)
    expect(closed.exitCode).not.toBeNull()
    // What cut itself loose on purpose lives on, as in any terminal.
    expect((await processesOf(container)).filter((program) => !running.includes(program))).toEqual(['sleep 1007'])
    expect(events.at(-1)).toEqual({ type: 'terminal-removed', sessionId: session.id })
    await runInside(container, ['pkill', '-f', 'sleep 1007'])
  })

  it('end with their only window when they are ephemeral', async () => {
    const session = await open({ tty: false, ephemeral: true, command: ['sh', '-c', 'sleep 1011 | sleep 1012'] })
    const window = openWindow()
    sessions.attach(session.id, window.channel)
    await sleep(100)
    window.leave()
    await vi.waitFor(() => expect(sessions.list().map(({ id }) => id)).not.toContain(session.id), 20_000)
    expect((await processesOf(container)).join()).not.toMatch(/101[12]/)
  })

  it('wait when the container is stopped', async () => {
    const other = await startContainer('term-stop')
    try {
      const others = createTerminalSessions({
        machineOf: () => engine,
        ...elsewhere,
        screens: createScreens(null),
        resolveWorkspace: () => ({
          id: 'w2',
          name: 'other',
          containerId: other.id,
          running: true,
          repoPath: null,
          environment: {},
          ssh: null,
          unavailable: {},
        }),
        emit: () => {},
        now: () => new Date(),
      })
      const { id } = await others.open({
        workspace: 'other',
        user: 'root',
        tty: true,
        start: false,
        ephemeral: false,
        cols: 80,
        rows: 24,
      })
      await other.stop({ t: 0 })
      others.onWorkspaceStopped('w2')
      await vi.waitFor(() => expect(others.list()[0]).toMatchObject({ status: 'waiting', exitCode: null }), 20_000)
      expect(await others.close(id)).toMatchObject({ exitCode: 137 })
    } finally {
      await other.remove({ force: true })
    }
  })
})

/** Past Berth. */
async function runInside(container: Docker.Container, command: string[]): Promise<void> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true })
  const stream = await exec.start({})
  await finished(stream.resume())
}
