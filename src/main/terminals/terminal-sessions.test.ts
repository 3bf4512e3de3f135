import { createHash, randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import headless from '@xterm/headless'
import { beforeEach, expect, test, vi } from 'vitest'
import type { BerthEvent } from '../../shared/contract/events'
import { BerthError } from '../../shared/errors'
import { STREAM_WINDOW_BYTES, type StreamChannel, type StreamFrame } from '../../shared/stream-frames'
import { createScreens } from './screens'
import { createTerminalSessions, MOST_ENDED_SESSIONS, type OpenInput, type TerminalSessions } from './terminal-sessions'
import { createFakeExecEngine, type FakeCommand, type FakeExecEngine } from './testing/fake-exec'

const elsewhere = {
  useAgent: () => null,
  sshAccess: { privateKeyPath: '/nowhere', forwardsAgent: () => false, knownHost: async () => null },
  isStopping: () => false,
  scrollback: () => 5000,
}

let engine: FakeExecEngine
let events: BerthEvent[]
let sessions: TerminalSessions
let running: boolean
let resolveError: BerthError | null

beforeEach(() => {
  engine = createFakeExecEngine()
  events = []
  running = true
  resolveError = null
  sessions = createTerminalSessions({
    machineOf: () => engine,
    ...elsewhere,
    screens: createScreens(null),
    resolveWorkspace: () => {
      if (resolveError) throw resolveError
      return {
        id: 'w1',
        name: 'demo',
        containerId: 'c1',
        running,
        repoPath: '/home/workspace/repo',
        environment: {},
        ssh: null,
        unavailable: {},
      }
    },
    emit: (event) => events.push(event),
    now: () => new Date('2026-01-01T00:00:00Z'),
  })
})

async function open(input: Partial<OpenInput> = {}): Promise<{ id: string; command: FakeCommand }> {
  const { id } = await sessions.open({
    workspace: 'demo',
    user: 'workspace',
    tty: true,
    start: false,
    ephemeral: false,
    cols: 80,
    rows: 24,
    ...input,
  })
  const command = engine.commands.at(-1)
  if (!command) throw new Error('nothing was started')
  return { id, command }
}

/** A window: keeps the frames it gets, and acknowledges them unless told not to. */
function openChannel({ acknowledges = true } = {}) {
  const frames: StreamFrame[] = []
  let toCore: (frame: StreamFrame) => void = () => {}
  let closed: () => void = () => {}
  const channel: StreamChannel & { open: boolean } = {
    open: true,
    send(frame) {
      frames.push('bytes' in frame ? { ...frame, bytes: Buffer.from(frame.bytes) } : frame)
      if (acknowledges && 'bytes' in frame) queueMicrotask(() => toCore({ type: 'ack', byteCount: frame.bytes.length }))
    },
    onFrame(listener) {
      toCore = listener
    },
    onClose(listener) {
      closed = listener
    },
    close() {
      if (!channel.open) return
      channel.open = false
      closed()
    },
  }
  const bytesOf = (...types: StreamFrame['type'][]) =>
    Buffer.concat(frames.map((frame) => ('bytes' in frame && types.includes(frame.type) ? frame.bytes : Buffer.alloc(0))))
  return {
    channel,
    frames,
    send: (frame: StreamFrame) => toCore(frame),
    text: (...types: StreamFrame['type'][]) => bytesOf(...types).toString(),
    bytesOf,
    types: () => frames.map(({ type }) => type),
  }
}

async function flood(command: FakeCommand, total: Buffer, onWritten: (bytes: number) => void = () => undefined): Promise<void> {
  for (let from = 0; from < total.length; ) {
    // Cut anywhere, as a network does.
    const size = 1 + Math.floor(Math.random() * 9000)
    if (!command.stdout.write(total.subarray(from, from + size))) await new Promise((resolve) => command.stdout.once('drain', resolve))
    from += size
    onWritten(from)
  }
}

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('a session is a login shell in the repo, and its launcher’s first line is not seen', async () => {
  const { id, command } = await open()
  expect(command.options.command.slice(3)).toEqual(['sh', '', '/home/workspace/repo', 'cols 80 rows 24'])
  expect(command.options.environment).toMatchObject({ TERM: 'xterm-256color', COLORTERM: 'truecolor' })
  expect(sessions.list('w1')).toMatchObject([{ id, title: 'bash', command: ['/bin/bash', '-l'], exitCode: null }])
  expect(sessions.list('w2')).toEqual([])
  const window = openChannel()
  sessions.attach(id, window.channel)
  command.stdout.write('$ ')
  await vi.waitFor(() => expect(window.text('stdout')).toBe('$ '))
  expect(window.frames[0]?.type).toBe('screen')
})

test('says what is wrong with a workspace, folder, program or session', async () => {
  await expect(async () => sessions.attach('nope', openChannel().channel)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' })
  await expect(sessions.close('nope')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' })
  engine.firstLine = 'no-directory\r\n'
  await expect(open({ cwd: '/nowhere' })).rejects.toMatchObject({ code: 'EXEC_FAILED', message: expect.stringContaining('/nowhere') })
  engine.firstLine = 'no-program\n'
  await expect(open({ command: ['frob'] })).rejects.toMatchObject({ code: 'EXEC_FAILED', data: { command: 'frob' } })
  engine.firstLine = 'OCI runtime exec failed: "sh": not found\r\n'
  await expect(open()).rejects.toMatchObject({ code: 'EXEC_FAILED', message: expect.stringContaining('OCI runtime exec failed') })
  running = false
  await expect(open()).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
  expect(sessions.list()).toEqual([])
})

test('bytes pass through unchanged, and the exit comes after all of them', async () => {
  const { id, command } = await open({ tty: false, command: ['make'] })
  const window = openChannel()
  sessions.attach(id, window.channel)
  const total = randomBytes(3_000_000)
  await flood(command, total)
  command.stderr.write('warning')
  command.exit(3)
  await vi.waitFor(() => expect(window.frames.at(-1)).toEqual({ type: 'exit', exitCode: 3 }))
  expect(sha(window.bytesOf('stdout'))).toBe(sha(total))
  expect(window.text('stderr')).toBe('warning')
  expect(sessions.list()).toMatchObject([{ exitCode: 3, endedAt: '2026-01-01T00:00:00.000Z' }])
  expect(events.at(-1)).toMatchObject({ type: 'terminal', terminal: { exitCode: 3 } })
})

test('without a tty, nothing is lost before the first window comes, nor while there is none', async () => {
  const { id, command } = await open({ tty: false, command: ['cat'] })
  command.stdout.write('early ')
  await sleep(20)
  const first = openChannel()
  sessions.attach(id, first.channel)
  await vi.waitFor(() => expect(first.text('stdout')).toBe('early '))
  expect(first.types()).not.toContain('screen')
  first.channel.close()
  command.stdout.write('late')
  await sleep(20)
  const second = openChannel()
  sessions.attach(id, second.channel)
  await vi.waitFor(() => expect(second.text('stdout')).toBe('late'))
})

test('a window that does not acknowledge lets the program wait, and one that goes does not count', async () => {
  const { id, command } = await open()
  const slow = openChannel({ acknowledges: false })
  const quick = openChannel()
  sessions.attach(id, slow.channel)
  sessions.attach(id, quick.channel)
  const total = Buffer.alloc(4 * 1024 * 1024, 'x')
  const flooded = flood(command, total)
  await sleep(150)
  expect(slow.bytesOf('stdout').length).toBeGreaterThan(STREAM_WINDOW_BYTES)
  expect(slow.bytesOf('stdout').length).toBeLessThan(STREAM_WINDOW_BYTES + 256 * 1024)
  expect(quick.bytesOf('stdout').length).toBe(slow.bytesOf('stdout').length)
  expect(command.stdout.readableLength + command.stdout.writableLength).toBeLessThan(256 * 1024)

  slow.send({ type: 'ack', byteCount: 100_000 })
  await vi.waitFor(() => expect(slow.bytesOf('stdout').length).toBeGreaterThan(STREAM_WINDOW_BYTES + 64 * 1024))
  slow.channel.close()
  await flooded
  await vi.waitFor(() => expect(quick.bytesOf('stdout').length).toBe(total.length))
})

test('with no window, the screen alone takes the output, at its own pace', async () => {
  const { id, command } = await open()
  await flood(command, Buffer.from('0123456789\r\n'.repeat(200_000)))
  command.stdout.write('the end')
  await vi.waitFor(() => expect(command.stdout.readableLength).toBe(0))
  const window = openChannel()
  sessions.attach(id, window.channel)
  // What the screen had not taken yet when the window came follows it.
  await vi.waitFor(() => expect(window.text('screen', 'stdout')).toMatch(/0123456789\r\nthe end/), 5000)
})

test('whoever joins a flood sees exactly what one who was there from the start sees', async () => {
  const { id, command } = await open()
  const first = openChannel()
  sessions.attach(id, first.channel)
  const words = ['é', '🚢', '\x1b[31m', '\x1b[0m', '\x1b]0;a title\x07', '\r\n', '\x1b[1;44m', 'abc', '日本']
  const total = Buffer.from(Array.from({ length: 60_000 }, () => words[Math.floor(Math.random() * words.length)]).join(''))
  const joined: ReturnType<typeof openChannel>[] = []
  await flood(command, total, (written) => {
    if (joined.length >= 6 || written < ((joined.length + 1) * total.length) / 7) return
    const later = openChannel()
    sessions.attach(id, later.channel)
    joined.push(later)
  })
  command.exit(0)
  for (const window of [first, ...joined]) await vi.waitFor(() => expect(window.types().at(-1)).toBe('exit'), 5000)
  const expected = await screenOf(total)
  for (const later of joined) expect(await screenOf(later.bytesOf('screen', 'stdout'))).toEqual(expected)
  expect(sha(first.bytesOf('stdout'))).toBe(sha(total))
  expect(joined.some((later) => later.bytesOf('stdout').length > 0)).toBe(true)
})

async function screenOf(bytes: Uint8Array): Promise<string[]> {
  const terminal = new headless.Terminal({ cols: 80, rows: 24, scrollback: 100, allowProposedApi: true })
  const { Unicode11Addon } = await import('@xterm/addon-unicode11')
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  await new Promise<void>((resolve) => terminal.write(bytes, resolve))
  const { active } = terminal.buffer
  return [
    ...Array.from({ length: 24 }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? ''),
    `${active.cursorX},${active.cursorY}`,
  ]
}

test('a program that asks gets one answer: from the screen while nobody looks', async () => {
  const { id, command } = await open()
  const answers: string[] = []
  command.stdin.on('data', (bytes: Buffer) => answers.push(bytes.toString()))
  command.stdout.write('\x1b[6n')
  await vi.waitFor(() => expect(answers).toEqual(['\x1b[1;1R']))
  const window = openChannel()
  sessions.attach(id, window.channel)
  command.stdout.write('\x1b[6n')
  await vi.waitFor(() => expect(window.text('stdout')).toBe('\x1b[6n'))
  await sleep(20)
  expect(answers).toHaveLength(1)
})

test('input reaches the command, and is acknowledged when the command has taken it', async () => {
  const { id, command } = await open({ tty: false, command: ['cat'] })
  const window = openChannel()
  sessions.attach(id, window.channel)
  window.send({ type: 'stdin', bytes: Buffer.from('hello') })
  window.send({ type: 'stdin-end' })
  expect(await text(command.stdin)).toBe('hello')
  await vi.waitFor(() => expect(window.frames).toContainEqual({ type: 'ack', byteCount: 5 }))
})

test('a window that sends far more than the command reads is closed', async () => {
  const { id, command } = await open({ tty: false, command: ['sleep', '9'] })
  const window = openChannel()
  sessions.attach(id, window.channel)
  for (let megabyte = 0; megabyte < 12; megabyte++) window.send({ type: 'stdin', bytes: Buffer.alloc(1024 * 1024) })
  expect(window.channel.open).toBe(false)
  expect(command.stdin.writableLength).toBeLessThanOrEqual(8 * 1024 * 1024)
})

test('of many sizes at once the command gets the last, in order, and each window hears of it', async () => {
  const { id, command } = await open()
  let letThrough = () => {}
  engine.resizeGate = new Promise((resolve) => {
    letThrough = resolve
  })
  const window = openChannel()
  sessions.attach(id, window.channel)
  for (let cols = 90; cols <= 120; cols++) window.send({ type: 'resize', cols, rows: 30 })
  await sleep(10)
  window.send({ type: 'resize', cols: 40, rows: 10 })
  letThrough()
  await vi.waitFor(() => expect(command.sizes.at(-1)).toBe('40x10'))
  expect(command.sizes.length).toBeLessThanOrEqual(2)
  expect(events.at(-1)).toMatchObject({ type: 'terminal', terminal: { cols: 40, rows: 10 } })
  window.send({ type: 'resize', cols: 0, rows: 5 })
  await sleep(5)
  expect(command.sizes.at(-1)).toBe('40x10')
})

test('titles are passed on, a few times a second', async () => {
  const { id, command } = await open()
  for (let turn = 0; turn < 50; turn++) command.stdout.write(`\x1b]0;turn ${turn}\x07`)
  await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: 'terminal', terminal: { id, title: 'turn 49' } }))
  expect(events.filter(({ type }) => type === 'terminal').length).toBeLessThanOrEqual(3)
})

test('an ended session keeps its screen until it is closed', async () => {
  const { id, command } = await open()
  command.stdout.write('goodbye')
  command.exit(0)
  await vi.waitFor(() => expect(sessions.list()[0]?.exitCode).toBe(0))
  const window = openChannel()
  sessions.attach(id, window.channel)
  await vi.waitFor(() => expect(window.types()).toEqual(['screen', 'exit']))
  expect(window.text('screen')).toContain('goodbye')
  expect(await sessions.close(id)).toMatchObject({ id, exitCode: 0 })
  expect(command.killed).toBe(false)
  expect(window.channel.open).toBe(false)
  expect(sessions.list()).toEqual([])
  expect(events.at(-1)).toEqual({ type: 'terminal-removed', sessionId: id })
})

test('closing ends what runs, also when a window has stopped reading', async () => {
  const { id, command } = await open()
  const stuck = openChannel({ acknowledges: false })
  sessions.attach(id, stuck.channel)
  void flood(command, Buffer.alloc(4 * 1024 * 1024))
  await sleep(50)
  expect(await sessions.close(id)).toMatchObject({ exitCode: 129 })
  expect(command.killed).toBe(true)
  expect(stuck.frames.at(-1)).toEqual({ type: 'exit', exitCode: 129 })
  expect(stuck.channel.open).toBe(false)
})

test('closing what cannot be ended drops the connection to it', async () => {
  engine.onKill = () => {}
  const { id, command } = await open()
  expect(await sessions.close(id)).toMatchObject({ exitCode: 137 })
  expect(command.destroyed).toBe(true)
})

test('an ephemeral session ends with its last window', async () => {
  const { id, command } = await open({ tty: false, ephemeral: true, command: ['make'] })
  const [window, onlooker] = [openChannel(), openChannel()]
  sessions.attach(id, window.channel)
  sessions.attach(id, onlooker.channel)
  onlooker.channel.close()
  expect(command.killed).toBe(false)
  window.channel.close()
  await vi.waitFor(() => expect(sessions.list()).toEqual([]))
  expect(command.killed).toBe(true)
  expect(events.at(-1)).toEqual({ type: 'terminal-removed', sessionId: id })
})

test('an ephemeral session that nobody comes to ends by itself', async () => {
  vi.useFakeTimers()
  try {
    await open({ ephemeral: true })
    await vi.advanceTimersByTimeAsync(31_000)
    await vi.advanceTimersByTimeAsync(1000)
    expect(sessions.list()).toEqual([])
  } finally {
    vi.useRealTimers()
  }
})

test('a broken connection and a stopped workspace end a session with a code of their own', async () => {
  const broken = await open({ command: ['make'] })
  broken.command.stdout.destroy(new Error('ECONNRESET'))
  await vi.waitFor(() => expect(sessions.list()[0]?.exitCode).toBe(255))
  // What runs where nobody reaches it any more is ended.
  await vi.waitFor(() => expect(broken.command.killed).toBe(true))
  await open({ tty: false, command: ['sleep', '9'] })
  sessions.onWorkspaceStopped('w1')
  await vi.waitFor(() => expect(sessions.list()[1]).toMatchObject({ exitCode: 137, statusDetail: 'Its workspace was stopped.' }), 4000)
})

test('a shell of a stopped workspace waits with its screen, and begins anew when that runs', async () => {
  const { id, command } = await open()
  const window = openChannel()
  sessions.attach(id, window.channel)
  command.stdout.write('$ make\r\ndone\r\n$ \x1b[?1000h')
  await vi.waitFor(() => expect(window.text('screen', 'stdout')).toContain('done'))
  running = false
  sessions.onWorkspaceStopped('w1')
  command.exit(137)
  await vi.waitFor(() => expect(sessions.list()[0]).toMatchObject({ status: 'waiting', exitCode: null }))
  expect(sessions.list()[0]?.statusDetail).toContain('stopped')
  expect(window.types()).not.toContain('exit')
  window.send({ type: 'resize', cols: 100, rows: 30 })
  await vi.waitFor(() => expect(sessions.list()[0]).toMatchObject({ cols: 100, rows: 30 }))

  running = true
  sessions.onWorkspace({ id: 'w1', status: 'running', running: true })
  sessions.onWorkspace({ id: 'w1', status: 'running', running: true })
  await vi.waitFor(() => expect(sessions.list()[0]).toMatchObject({ status: 'running', statusDetail: null }))
  expect(engine.commands).toHaveLength(2)
  expect(engine.commands[1]?.options.command.slice(3)).toEqual(['sh', '', '/home/workspace/repo', 'cols 100 rows 30'])
  engine.commands[1]?.stdout.write('$ again')
  await vi.waitFor(() => expect(window.text('stdout')).toMatch(/restarted.*\$ again/s))
  const late = openChannel()
  sessions.attach(id, late.channel)
  await vi.waitFor(() => expect(late.text('screen')).toMatch(/done.*restarted.*\$ again/s))
  expect(late.text('screen')).not.toContain('?1000h')
})

test('an ended session is started anew with the same command, where its windows see it', async () => {
  const { id, command } = await open({ command: ['make', 'all'] })
  const window = openChannel()
  sessions.attach(id, window.channel)
  command.exit(2)
  await vi.waitFor(() => expect(sessions.list()[0]).toMatchObject({ status: 'ended', exitCode: 2 }))
  expect(await sessions.restart(id)).toMatchObject({ id, status: 'running', exitCode: null, endedAt: null })
  expect(engine.commands[1]?.options.command.slice(-2)).toEqual(['make', 'all'])
  engine.commands[1]?.stdout.write('all done')
  await vi.waitFor(() => expect(window.text('stdout')).toContain('all done'))
  window.send({ type: 'stdin', bytes: Buffer.from('yes') })
  await vi.waitFor(() => expect(engine.commands[1]?.stdin.read()?.toString()).toBe('yes'))
})

test('a session that runs is ended before it is started anew', async () => {
  const { id, command } = await open()
  await sessions.restart(id)
  expect(command.killed).toBe(true)
  expect(sessions.list()).toMatchObject([{ id, status: 'running' }])
})

test('a session whose workspace cannot be reached says why, and comes back with the engine', async () => {
  const { command } = await open()
  resolveError = new BerthError('ENGINE_UNREACHABLE', 'No engine.', { endpoint: 'unix:///x', tried: [], next: 'Start it.' })
  command.stdout.destroy(new Error('ECONNRESET'))
  await vi.waitFor(() => expect(sessions.list()[0]).toMatchObject({ status: 'waiting', statusDetail: expect.stringContaining('engine') }))
  resolveError = null
  sessions.onEngineBack(() => true)
  await vi.waitFor(() => expect(sessions.list()[0]).toMatchObject({ status: 'running' }))
  expect(command.killed).toBe(true)
  expect(engine.commands).toHaveLength(2)
})

test('sessions go with their workspace', async () => {
  await open()
  sessions.onWorkspaceRemoved('w1')
  await vi.waitFor(() => expect(sessions.list()).toEqual([]))
  expect(events.at(-1)).toMatchObject({ type: 'terminal-removed' })
})

test('a name is kept beside the title, and taken away by an empty one', async () => {
  const { id } = await open({ name: 'build' })
  expect(sessions.list()[0]).toMatchObject({ name: 'build', title: 'bash' })
  expect(sessions.rename(id, 'tests')).toMatchObject({ name: 'tests' })
  expect(events.at(-1)).toMatchObject({ type: 'terminal', terminal: { name: 'tests' } })
  expect(sessions.rename(id, '')).toMatchObject({ name: null })
})

test('ended sessions that nobody closes do not pile up', async () => {
  for (let count = 0; count < MOST_ENDED_SESSIONS + 5; count++) (await open({ cols: 10, rows: 2 })).command.exit(0)
  await vi.waitFor(() => expect(sessions.list()).toHaveLength(MOST_ENDED_SESSIONS))
  expect(sessions.list().every(({ exitCode }) => exitCode === 0)).toBe(true)
})

test('closing all ends all', async () => {
  await open()
  await open({ tty: false, command: ['make'] })
  await sessions.closeAll()
  expect(engine.commands.map(({ killed }) => killed)).toEqual([true, true])
  expect(sessions.list()).toEqual([])
})
