import { afterAll, beforeAll, describe, expect, it, onTestFailed, vi } from 'vitest'
import type { OpenInput } from '../src/main/terminals/terminal-sessions'
import type { TerminalSession } from '../src/shared/contract/terminals'
import { type EngineProxy, startEngineProxy } from './support/engine-proxy'
import { openWindow } from './support/session-window'
import { createTestCore, docker, done, inside, running, type TestCore, uniqueName } from './support/test-core'

const PATIENCE = { timeout: 30_000, interval: 50 }

describe('sessions of a workspace', () => {
  let test: TestCore
  let proxy: EngineProxy
  const name = uniqueName('term')
  const open = (input: Partial<OpenInput> = {}) =>
    test.core.terminals.open({ workspace: name, tty: true, start: false, ephemeral: false, cols: 80, rows: 24, ...input })
  const attached = (session: TerminalSession) => {
    const window = openWindow()
    test.core.terminals.attach(session.id, window.channel)
    return window
  }
  const record = (id: string) => test.core.terminals.list().find((session) => session.id === id)
  /** Shells and what they run, past Berth: of the terminals alone. */
  const shells = async () => {
    const container = docker.getContainer(test.core.workspaces.inside(name).container?.containerId ?? '')
    const { Processes: processes } = (await container.top({ ps_args: '-eo pid,args' })) as { Processes: string[][] }
    return processes.map(([, program]) => program ?? '').filter((program) => /^(\/bin\/)?(-?bash -l|sleep 77)/.test(program))
  }

  beforeAll(async () => {
    proxy = await startEngineProxy()
    test = await createTestCore({ engineEndpoint: proxy.endpoint })
    await test.core.local.engine.reconnect()
    await done(test.core, test.core.workspaces.create({ name }))
    await running(test.core, name)
  }, 120_000)
  afterAll(async () => {
    await test.dispose()
    await proxy.close()
  }, 60_000)

  it('are a shell of root, or of anybody inside', async () => {
    const kinds: [Partial<OpenInput>, string][] = [
      [{ kind: 'root' }, 'is root in /root'],
      [{ user: 'www-data', cwd: '/tmp', command: ['bash'] }, 'is www-data in /tmp'],
      [{ user: '1000:0', cwd: '/tmp', command: ['bash'] }, 'is workspace in /tmp'],
    ]
    for (const [input, expected] of kinds) {
      const session = await open(input)
      const window = attached(session)
      window.type('echo "is $(id -un) in $PWD"\n')
      await vi.waitFor(() => expect(window.tail()).toContain(expected), PATIENCE)
      await test.core.terminals.close(session.id)
    }
    await expect(open({ user: 'nobody-of-that-name' })).rejects.toMatchObject({ code: 'EXEC_FAILED' })
  })

  it('go over ssh, by this machine’s own program', async () => {
    const session = await open({ kind: 'ssh' })
    expect(session).toMatchObject({ kind: 'ssh', user: 'workspace', tty: true })
    const window = attached(session)
    window.type('echo "over $(test -n "$SSH_CONNECTION" && echo ssh) $USER $TERM $COLORTERM $(stty size)"\n')
    await vi.waitFor(() => expect(window.tail()).toContain('over ssh workspace xterm-256color truecolor 24 80'), PATIENCE)
    window.send({ type: 'resize', cols: 100, rows: 30 })
    await vi.waitFor(() => expect(record(session.id)).toMatchObject({ cols: 100, rows: 30 }), PATIENCE)
    window.type('seq 1 200000; stty size; exit 4\n')
    await vi.waitFor(() => expect(window.exitCode()).toBe(4), PATIENCE)
    expect(window.tail()).toMatch(/199999\r\n200000\r\n30 100\r\n/)
    await test.core.terminals.close(session.id)
  })

  it('are a shell in a container of the nested engine, which ends with them', async () => {
    // None can be pulled: a few programs of the workspace make an image.
    const programs = ['bash', 'sh', 'sleep', 'cat', 'ls'].map((program) => `$(readlink -f $(command -v ${program}))`).join(' ')
    const line = `tar -chf - /bin/sh ${programs} $(ldd ${programs} | grep -o '/lib[^ ]*' | sort -u) | docker import - nested`
    await inside(test.core, name, line, 'root')
    await inside(test.core, name, 'docker run -d --name box nested /usr/bin/sleep 3600', 'root')
    const [box] = await test.core.terminals.nestedContainers(name)
    expect(box).toMatchObject({ name: 'box', image: 'nested' })
    const session = await open({ container: 'box' })
    expect(session).toMatchObject({ kind: 'nested', title: 'box', container: { id: box?.id, name: 'box' } })
    const window = attached(session)
    window.type('echo "in $(cat /proc/sys/kernel/hostname 2>/dev/null || hostname) $TERM"\n')
    await vi.waitFor(() => expect(window.tail()).toContain(`in ${box?.id.slice(0, 12)} xterm-256color`), PATIENCE)
    window.type('sleep 7711\n')
    await vi.waitFor(async () => expect((await shells()).join()).toContain('7711'), PATIENCE)
    await test.core.terminals.close(session.id)
    expect((await shells()).join()).not.toContain('7711')
    await expect(open({ container: 'no-such' })).rejects.toMatchObject({ code: 'EXEC_FAILED' })
    await inside(test.core, name, 'docker rm -f box', 'root')
  }, 60_000)

  it('wait while their workspace is stopped, and restart with it; a command does not', async () => {
    const shell = await open()
    const command = await open({ command: ['sleep', '7721'] })
    const window = attached(shell)
    window.type('echo before-the-stop\n')
    await vi.waitFor(() => expect(window.tail()).toMatch(/before-the-stop\r\n.*before-the-stop/s), PATIENCE)
    await done(test.core, test.core.workspaces.stop(name))
    await vi.waitFor(() => expect(record(shell.id)).toMatchObject({ status: 'waiting', exitCode: null }), PATIENCE)
    await vi.waitFor(
      () => expect(record(command.id)).toMatchObject({ status: 'ended', statusDetail: 'Its workspace was stopped.' }),
      PATIENCE,
    )
    expect(window.exitCode()).toBeNull()
    await expect(test.core.terminals.restart(command.id)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
    await done(test.core, test.core.workspaces.start({ name }))
    await vi.waitFor(() => expect(record(shell.id)).toMatchObject({ status: 'running', statusDetail: null }), PATIENCE)
    window.type('echo after-the-start\n')
    await vi.waitFor(() => expect(window.tail()).toMatch(/restarted.*after-the-start\r\n.*after-the-start/s), PATIENCE)
    const reloaded = attached(shell)
    await vi.waitFor(() => expect(reloaded.tail()).toMatch(/before-the-stop.*restarted.*after-the-start/s), PATIENCE)
    expect(await test.core.terminals.restart(command.id)).toMatchObject({ status: 'running' })
    expect((await shells()).filter((program) => program.includes('7721'))).toHaveLength(1)
    await Promise.all([shell, command].map(({ id }) => test.core.terminals.close(id)))
    expect(await shells()).toEqual([])
  }, 60_000)

  it('come back after the engine was away, and leave nothing behind', async () => {
    const opened = await Promise.all([open(), open({ kind: 'root' }), open({ command: ['sleep', '7731'] }), open(), open()])
    // A second try begins with none of them.
    onTestFailed(async () => void (await Promise.allSettled(opened.map(({ id }) => test.core.terminals.close(id)))))
    const windows = opened.map(attached)
    const [first] = windows
    first?.type('sleep 7732\n')
    await vi.waitFor(async () => expect((await shells()).join()).toContain('7732'), PATIENCE)
    const before = openResources()
    for (let round = 0; round < 2; round++) {
      proxy.cut()
      await vi.waitFor(
        () => expect(opened.map(({ id }) => record(id)?.status)).toEqual(['waiting', 'waiting', 'ended', 'waiting', 'waiting']),
        PATIENCE,
      )
      expect(record(opened[0]?.id ?? '')?.statusDetail).toContain('engine')
      await proxy.restore()
      await vi.waitFor(
        () => expect(opened.map(({ id }) => record(id)?.status)).toEqual(['running', 'running', 'ended', 'running', 'running']),
        PATIENCE,
      )
    }
    await vi.waitFor(
      async () => expect((await shells()).sort().join()).toBe('/bin/bash -l,/bin/bash -l,/bin/bash -l,/bin/bash -l'),
      PATIENCE,
    )
    first?.type('echo back-again\n')
    await vi.waitFor(() => expect(first?.tail()).toContain('back-again'), PATIENCE)
    // As many connections as before, but for the command that has ended, and a spare one that is kept open. What was lost takes a moment to close.
    await vi.waitFor(() => expect(openResources()).toBeLessThanOrEqual(before + 2), PATIENCE)
    await Promise.all(opened.map(({ id }) => test.core.terminals.close(id)))
    expect(await shells()).toEqual([])
    expect(test.core.terminals.list()).toEqual([])
  }, 90_000)

  it('keep their place in tabs and splits, for every window', async () => {
    const [a, b] = [await open({ name: 'left' }), await open()]
    const root = {
      type: 'split' as const,
      direction: 'right' as const,
      children: [a, b].map(({ id }) => ({ type: 'session' as const, sessionId: id })),
      sizes: [2, 1],
    }
    const { id: workspaceId } = test.core.workspaces.get(name)
    const tabs = [
      { id: 't1', name: 'work', root, focused: b.id },
      { id: 't2', name: null, root: { type: 'session' as const, sessionId: 'of-nobody' }, focused: null },
    ]
    const layout = await test.core.terminalLayouts.set(workspaceId, tabs, 't2')
    expect(layout).toMatchObject({ tabs: [{ id: 't1', root, focused: b.id }], activeTab: 't1' })
    expect(test.core.events.snapshot().terminalLayouts).toEqual([layout])
    await test.core.terminals.close(b.id)
    expect(test.core.terminalLayouts.get(workspaceId)).toMatchObject({
      revision: layout.revision + 1,
      tabs: [{ id: 't1', name: 'work', root: { type: 'session', sessionId: a.id }, focused: null }],
    })
    await test.core.terminals.close(a.id)
    expect(test.core.terminalLayouts.get(workspaceId).tabs).toEqual([])
  })
})

/** Connections, pipes and timers that keep this process alive. */
function openResources(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap' || kind === 'TCPSocketWrap').length
}
