import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Core, createCore } from '../src/main/core'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { imageContextPath } from '../src/main/resource-paths'
import type { BerthEvent } from '../src/shared/contract/events'
import type { Workspace } from '../src/shared/workspace'
import { type EngineProxy, startEngineProxy } from './support/engine-proxy'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { docker, uniqueName } from './support/test-core'
import { importTinyImage, TINY_IMAGE } from './support/tiny-image'

/** As `installation-id` holds it: sixteen letters and digits. */
const OWNER = uniqueName('owner').replaceAll('-', '').padEnd(16, '0').slice(0, 16)

/** A core whose records were lost: what it knows of workspaces is what the engine's labels tell. */
async function openCore(endpoint: string): Promise<{ core: Core; dispose(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'berth-test-'))
  await writeFile(join(home, 'installation-id'), OWNER)
  await writeFile(join(home, 'settings.json'), JSON.stringify({ engineEndpoint: endpoint }))
  const core = await createCore({ home, door: 'headless', version: '0.0.0-test', imageContextPath: imageContextPath() })
  return {
    core,
    async dispose() {
      await core.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

function labelled(name: string): Record<string, string> {
  return {
    'dev.berth.id': name.replaceAll('-', ''),
    'dev.berth.owner': OWNER,
    'dev.berth.name': name,
    'dev.berth.role': 'workspace',
    'dev.berth.ssh-port': '2200',
    'dev.berth.created': '2026-01-01T00:00:00.000Z',
    'workspace.managed': 'true',
    'workspace.name': name,
  }
}

/** Resolves with the first event the condition holds for, and when it came. */
function eventOf(core: Core, condition: (event: BerthEvent) => boolean): Promise<{ event: BerthEvent; at: number }> {
  return new Promise((resolve) => {
    const unsubscribe = core.events.subscribe((event) => {
      if (!condition(event)) return
      unsubscribe()
      resolve({ event, at: performance.now() })
    })
  })
}

const isWorkspace = (name: string, status: Workspace['status']) => (event: BerthEvent) =>
  event.type === 'workspace' && event.workspace.name === name && event.workspace.status === status
/** Whatever notices it first: the stream of events, or a call that was under way. */
const isLost = (event: BerthEvent) => event.type === 'engine' && event.engine.state.status !== 'connected'
const isEngine = (status: string) => (event: BerthEvent) => event.type === 'engine' && event.engine.state.status === status

describe('two hundred workspaces', () => {
  const names = Array.from({ length: 200 }, (_, index) => uniqueName(`n${index}`))
  const running = names[7] ?? ''
  let proxy: EngineProxy
  let core: Core
  let dispose: () => Promise<void>
  let containers: Docker.Container[]

  beforeAll(async () => {
    proxy = await startEngineProxy()
    containers = []
    for (const name of names) {
      containers.push(
        await docker.createContainer({
          name: `workspace-${name}`,
          Image: LOCAL_IMAGE,
          Labels: labelled(name),
          Entrypoint: ['/bin/sh', '-c', 'trap "exit 0" TERM; echo "berth: ready"; while :; do sleep 0.1; done'],
        }),
      )
    }
    await docker.getContainer(`workspace-${running}`).start()
    const opened = await openCore(proxy.endpoint)
    ;({ core, dispose } = opened)
    // Each is recorded as it is found.
    await vi.waitFor(() => expect(core.workspaces.list()).toHaveLength(200), 60_000)
    await runs()
  })
  afterAll(async () => {
    await dispose()
    await proxy.close()
    for (const container of containers) await container.remove({ force: true })
  })

  const runs = () => vi.waitFor(() => expect(core.workspaces.get(running).status).toBe('running'), 60_000)

  it('are listed with one call to the engine, however often the list is asked for', () => {
    for (let round = 0; round < 50; round++) expect(core.workspaces.list()).toHaveLength(200)
    expect(core.workspaces.get(running).status).toBe('running')
    // Not counted: protection and the watch of losses take stock of what this Berth owns, by its label, a moment after they are listed.
    expect(proxy.requests.filter((line) => line.startsWith('GET /containers/json?all=true '))).toHaveLength(1)
  })

  it('a stop from outside is known within 200 ms of the engine’s own event', async () => {
    const container = docker.getContainer(`workspace-${running}`)
    // On a second try it is stopped.
    if (core.workspaces.get(running).status === 'stopped') await container.start()
    await runs()
    const events = (await docker.getEvents({ filters: { event: ['die'], container: [container.id] } })) as Readable
    const told = new Promise<number>((resolve) => events.once('data', () => resolve(performance.now())))
    const seen = eventOf(core, isWorkspace(running, 'stopped'))
    await container.stop()
    expect((await seen).at - (await told)).toBeLessThan(200)
    events.destroy()
  })

  it('an outside start is followed until it says that it is ready', async () => {
    const ready = eventOf(core, isWorkspace(running, 'running'))
    await docker.getContainer(`workspace-${running}`).start()
    await ready
  })

  it('a lost connection is said at once; what is shown stays; all is right when it is back', async () => {
    const lost = eventOf(core, isLost)
    const begin = performance.now()
    proxy.cut()
    expect((await lost).at - begin).toBeLessThan(200)
    expect(core.workspaces.list()).toHaveLength(200)
    await expect(core.workspaces.start({ name: running })).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })

    await docker.getContainer(`workspace-${running}`).stop()
    expect(core.workspaces.get(running).status, 'nobody could tell').toBe('running')
    const stopped = eventOf(core, isWorkspace(running, 'stopped'))
    await proxy.restore()
    await stopped
    expect(core.local.engine.state().status).toBe('connected')
  })
})

describe('an engine that is stopped and started again', () => {
  let engine: SecondEngine
  let opened: Awaited<ReturnType<typeof openCore>>
  const name = uniqueName('restart')

  beforeEach(async () => {
    engine = await startSecondEngine()
    await importTinyImage(engine.endpoint)
    const container = await engine.docker.createContainer({
      name: `workspace-${name}`,
      Image: TINY_IMAGE,
      Labels: labelled(name),
      Cmd: ['/bin/sleep', '1000'],
      HostConfig: { NetworkMode: 'none', Init: true },
    })
    await container.start()
    opened = await openCore(engine.endpoint)
    await eventOf(opened.core, isWorkspace(name, 'running'))
  })
  afterEach(async () => {
    await opened.dispose()
    await engine.dispose()
  })

  it('is reported as lost, comes back automatically, and what is shown is right', async () => {
    const { core } = opened
    const unreachable = eventOf(core, isEngine('unreachable'))
    await engine.stop()
    expect((await unreachable).event).toMatchObject({ engine: { state: { tried: [{ endpoint: engine.endpoint }] } } })

    const stopped = eventOf(core, isWorkspace(name, 'stopped'))
    await engine.start()
    await stopped
    expect(core.local.engine.state()).toMatchObject({ status: 'connected', endpoint: engine.endpoint })
  })
})
