import { describe, expect, test, vi } from 'vitest'
import { fakeHost, fakeStream } from '../../testing/fake-host'
import { fakeOperation, fakeWorkspace } from '../../testing/fake-records'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo', 'other'])
const { run } = fake
const listening = () => vi.waitFor(() => expect(fake.berth.events.listeners()).toBe(1))
const changed = (name: string, changes: Parameters<typeof fakeWorkspace>[1]) =>
  fake.berth.events.tell({ type: 'workspace', workspace: fakeWorkspace(name, changes) })
const removed = (name: string) => fake.berth.events.tell({ type: 'workspace-removed', workspaceId: `id-${name}` })

describe('wait', () => {
  test('ends at once when the workspace is as asked for', async () => {
    expect(await run(['wait', 'demo'])).toMatchObject({ code: 0, stdout: 'demo is ready\n' })
    expect((await run(['wait', 'demo', '--for', 'running', '--json'])).json()).toMatchObject({ name: 'demo' })
    expect(await run(['wait', 'nix', '--for', 'deleted'])).toMatchObject({ code: 0, stdout: 'nix is deleted\n' })
  })

  test('ends when it has come to that, and not before', async () => {
    const waiting = run(['wait', 'demo', '--for', 'stopped'])
    await listening()
    changed('other', { status: 'stopped', running: false })
    changed('demo', { status: 'stopping' })
    changed('demo', { status: 'stopped', running: false })
    expect(await waiting).toMatchObject({ code: 0, stdout: 'demo is stopped\n' })
  })

  test('ready is not yet while an operation is under way', async () => {
    fake.berth.workspaces.set('demo', fakeWorkspace('demo', { operationId: 'x' }))
    expect(await run(['wait', 'demo', '--timeout', '0.2'])).toMatchObject({ code: 124, stderr: 'demo is not ready after 0.2 s.\n' })
    expect(await run(['wait', 'demo', '--for', 'running'])).toMatchObject({ code: 0 })
  })

  test('fails when it is deleted first, or has failed', async () => {
    const waiting = run(['wait', 'demo', '--for', 'stopped', '--json'])
    await listening()
    removed('demo')
    const gone = await waiting
    expect(gone).toMatchObject({ code: 1, stdout: '' })
    expect(gone.error()).toMatchObject({ code: 'WORKSPACE_NOT_FOUND' })
    const problem = { code: 'IMAGE_UNAVAILABLE' as const, message: 'No image.', next: 'Build one.', data: {} }
    fake.berth.workspaces.set('demo', fakeWorkspace('demo', { status: 'error', running: false, problem }))
    expect(await run(['wait', 'demo'])).toMatchObject({ code: 1, stderr: 'error: No image.\nBuild one.\n' })
    expect(await run(['wait', 'demo', '--for', 'error'])).toMatchObject({ code: 0 })
    expect(await run(['wait', 'demo', '--for', 'deleted', '--timeout', '0.2'])).toMatchObject({ code: 124 })
    expect((await run(['wait', 'nix', '--json'])).error()).toMatchObject({ code: 'WORKSPACE_NOT_FOUND' })
  })

  test('a deletion is waited for', async () => {
    const waiting = run(['wait', 'demo', '--for', 'deleted', '--json'])
    await listening()
    removed('demo')
    expect((await waiting).json()).toEqual({ deleted: 'demo' })
  })

  test('ends with Ctrl-C', async () => {
    const host = fakeHost(fake.home)
    const waiting = run(['wait', 'demo', '--for', 'stopped'], host)
    await listening()
    host.signal('SIGINT')
    expect(await waiting).toMatchObject({ code: 130 })
  })

  test.each(['0', 'soon', '8d'])('a timeout is refused as “%s”', async (timeout) => {
    expect(await run(['wait', 'demo', '--timeout', timeout])).toMatchObject({ code: 2 })
  })
})

describe('events', () => {
  test('are a line each, of all or of one workspace, until it is deleted', async () => {
    const host = fakeHost(fake.home)
    const all = run(['events'], host)
    await listening()
    changed('demo', { status: 'stopping', statusDetail: 'Ending\nprograms' })
    fake.berth.events.tell({ type: 'operation', operation: fakeOperation('workspace.stop', 'demo') })
    fake.berth.events.tell({ type: 'operation', operation: fakeOperation('workspace.stop', 'demo') })
    fake.berth.events.tell({ type: 'library' })
    removed('demo')
    await vi.waitFor(() => expect(host.stdout.text()).toContain('deleted'))
    host.signal('SIGINT')
    const { code, stdout } = await all
    expect(code).toBe(130)
    expect(stdout.replaceAll(/^\S+Z /gm, '').split('\n')).toEqual([
      'workspace demo stopping: Ending programs',
      expect.stringMatching(/^operation workspace\.stop demo running/),
      'library changed',
      'workspace demo deleted',
      '',
    ])
  })

  test('are JSON a line, with the time', async () => {
    const one = run(['events', '--workspace', 'demo', '--json'])
    await listening()
    changed('other', {})
    changed('demo', { status: 'stopped' })
    removed('demo')
    const { code, stdout } = await one
    const [first, second] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(first).toMatchObject({ type: 'workspace', time: expect.any(String), workspace: { name: 'demo', status: 'stopped' } })
    expect(second).toMatchObject({ type: 'workspace-removed', workspaceId: 'id-demo' })
  })
})

describe('the list', () => {
  test('is written with the fields that are asked for', async () => {
    expect(await run(['ls', '--format', '{name}\\t{status} {port}{label}'])).toMatchObject({
      stdout: 'demo\trunning 2200\nother\trunning 2200\n',
    })
    const unknown = await run(['ps', '--format', '{nmae}'])
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('name, id, status') })
    expect(await run(['list', '--format', 'name'])).toMatchObject({ code: 2 })
    expect(await run(['list', '--format', '{name}', '--json'])).toMatchObject({ code: 2 })
  })

  test('that is watched is drawn again on a terminal, and a line a change elsewhere', async () => {
    const terminal = {
      ...fakeHost(fake.home, { terminal: true, env: { NO_COLOR: '1' } }),
      stdout: fakeStream({ isTTY: true, columns: 80 }),
    }
    const drawn = run(['list', '--watch'], terminal)
    await listening()
    changed('demo', { status: 'stopped', running: false })
    await vi.waitFor(() => expect(terminal.stdout.text()).toContain('stopped'))
    terminal.signal('SIGINT')
    expect((await drawn).code).toBe(130)
    expect(terminal.stdout.text().split('\u001b[3A\u001b[J')).toHaveLength(2)

    await vi.waitFor(() => expect(fake.berth.events.listeners()).toBe(0))
    const piped = fakeHost(fake.home)
    const written = run(['list', '--watch'], piped)
    await listening()
    changed('demo', { status: 'stopping' })
    changed('demo', { status: 'stopping', statusDetail: 'Ending programs' })
    removed('demo')
    await vi.waitFor(() => expect(piped.stdout.text()).toContain('deleted'))
    piped.signal('SIGINT')
    expect((await written).stdout).toBe('demo running\nother running\ndemo stopping\ndemo deleted\n')
  })
})

describe('top without a name', () => {
  test('is one sample of each that runs where nobody watches', async () => {
    const { stdout } = await run(['top'])
    expect(stdout).toMatch(/^NAME +CPU +MEMORY +DISK .*\ndemo +150 % +1\.5 GiB \/ 4 GiB +9\.5 GiB .* 12\nother +150 % .* - /)
    expect((await run(['top', '--json'])).json()).toMatchObject([{ workspace: 'demo', cpus: 1.5, diskBytes: 9.5 * 1024 ** 3 }, {}])
  })

  test('is drawn live on a terminal, with those that start', async () => {
    const host = fakeHost(fake.home, { terminal: true, env: { NO_COLOR: '1' } })
    const drawn = run(['top'], host)
    await listening()
    fake.berth.workspaces.set('late', fakeWorkspace('late'))
    changed('late', {})
    await vi.waitFor(() => expect(host.stdout.text()).toMatch(/late +150 %/))
    host.signal('SIGINT')
    expect((await drawn).code).toBe(130)
  })
})
