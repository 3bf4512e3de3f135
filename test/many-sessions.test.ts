import { afterAll, beforeAll, expect, vi } from 'vitest'
import { type EngineProxy, startEngineProxy } from './support/engine-proxy'
import { longIt } from './support/long'
import { openWindow } from './support/session-window'
import { createTestCore, docker, done, type TestCore, uniqueName } from './support/test-core'

const WORKSPACES = 10
const SESSIONS_EACH = 5
const PATIENCE = { timeout: 90_000, interval: 200 }

let test: TestCore
let proxy: EngineProxy
const names = Array.from({ length: WORKSPACES }, (_, index) => uniqueName(`many${index}`))
beforeAll(async () => {
  proxy = await startEngineProxy()
  test = await createTestCore({ engineEndpoint: proxy.endpoint })
  await test.core.local.engine.reconnect()
  await Promise.all(names.map((name) => done(test.core, test.core.workspaces.start({ name }))))
})
afterAll(async () => {
  await test.dispose()
  await proxy.close()
})

longIt(
  'fifty sessions in ten workspaces come back after the engine was away and after a stop, and nothing is left of them',
  async () => {
    const { core } = test
    const idle = openResources()
    const opened = await Promise.all(
      names.flatMap((workspace) =>
        Array.from({ length: SESSIONS_EACH }, () =>
          core.terminals.open({ workspace, tty: true, start: false, ephemeral: false, cols: 80, rows: 24 }),
        ),
      ),
    )
    const look = () =>
      opened.map(({ id }) => {
        const window = openWindow()
        core.terminals.attach(id, window.channel)
        return window
      })
    const windows = look()
    await saysEach(windows, 'before')
    const before = openResources()

    proxy.cut()
    await vi.waitFor(() => expect(statuses()).toEqual(['waiting']), PATIENCE)
    await proxy.restore()
    await vi.waitFor(() => expect(statuses()).toEqual(['running']), PATIENCE)
    await saysEach(windows, 'after')
    expect(await shellsOfAll(), 'one shell a session; those that were out of reach have been ended').toEqual(
      Array(WORKSPACES).fill(SESSIONS_EACH),
    )

    await Promise.all(names.map((name) => done(core, core.workspaces.stop(name))))
    expect(statuses()).toEqual(['waiting'])
    for (const { statusDetail } of core.terminals.list()) expect(statusDetail).toMatch(/\w/)
    await Promise.all(names.map((name) => done(core, core.workspaces.start({ name }))))
    await vi.waitFor(() => expect(statuses()).toEqual(['running']), PATIENCE)
    // As after a reload: the windows are new, and get the screens with what was on them.
    for (const window of windows) window.leave()
    const reloaded = look()
    await saysEach(reloaded, 'reloaded')
    for (const window of reloaded) expect(window.tail()).toContain('before')
    // Connections that were kept open for the next request close after a while.
    await vi.waitFor(() => expect(openResources(), 'streams and sockets').toBeLessThanOrEqual(before + 2), PATIENCE)

    await Promise.all(opened.map(({ id }) => core.terminals.close(id)))
    expect(core.terminals.list()).toEqual([])
    expect(await shellsOfAll()).toEqual(Array(WORKSPACES).fill(0))
    await vi.waitFor(() => expect(openResources()).toBeLessThanOrEqual(idle + 2), PATIENCE)
  },
  400_000,
)

const statuses = () => [...new Set(test.core.terminals.list().map(({ status }) => status))]

async function saysEach(windows: ReturnType<typeof openWindow>[], word: string): Promise<void> {
  // The word comes as the program's output only: as it is typed, it is in two pieces.
  for (const window of windows) window.type(`echo ${word.slice(0, 2)}''${word.slice(2)}\n`)
  await vi.waitFor(() => {
    for (const window of windows) expect(window.tail()).toContain(word)
  }, PATIENCE)
}

function shellsOfAll(): Promise<number[]> {
  return Promise.all(
    names.map(async (name) => {
      const container = docker.getContainer(test.core.workspaces.inside(name).container?.containerId ?? '')
      const { Processes: processes } = (await container.top({ ps_args: '-eo pid,args' })) as { Processes: string[][] }
      return processes.filter(([, program = '']) => /^(\/bin\/)?(-?bash -l)/.test(program)).length
    }),
  )
}

/** Sockets and pipes of this process. */
function openResources(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap' || kind === 'TCPSocketWrap').length
}
