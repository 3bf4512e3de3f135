import { kill } from 'node:process'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { createTestCore, done, inside, leftOnEngine, type TestCore, uniqueName } from './support/test-core'
import { helperImage } from './support/volume-tree'

/** An engine that hangs is said to do so within this. */
const SAID_MS = 5000

describe.skipIf(process.getuid?.() !== 0)('two engines', () => {
  let second: SecondEngine
  let test: TestCore
  const [here, there] = [uniqueName('here'), uniqueName('there')]
  const core = () => test.core

  beforeAll(async () => {
    second = await startSecondEngine({ image: helperImage })
    test = await createTestCore({ keptLayerMegabytes: 0 })
  })
  // The last one comes first.
  afterAll(() => second?.dispose())
  afterAll(() => test?.dispose())

  const view = (name: string) => core().workspaces.get(name)

  it('are both used once the second has answered', async () => {
    await expect(core().engines.add({ name: 'nowhere', address: 'unix:///nonexistent/engine.sock' })).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
    })
    expect(
      core()
        .engines.list()
        .map(({ name }) => name),
    ).toEqual(['local'])
    expect(await core().engines.add({ name: 'big', address: second.endpoint })).toMatchObject({
      name: 'big',
      isDefault: false,
      state: { status: 'connected' },
    })
    await expect(core().engines.add({ name: 'big', address: second.endpoint })).rejects.toMatchObject({ code: 'ENGINE_EXISTS' })
  })

  it('each have the workspaces that were made on them', async () => {
    await done(core(), core().workspaces.create({ name: here }))
    await done(core(), core().workspaces.create({ name: there, engine: 'big' }))
    expect([view(here).engine, view(there).engine]).toEqual(['local', 'big'])
    expect(await inside(core(), there, 'echo from; hostname')).toContain('from')
    const names = async (docker: SecondEngine['docker']) =>
      (await docker.listContainers({ all: true })).flatMap(({ Names }) => Names).filter((name) => name.startsWith('/workspace-'))
    expect(await names(second.docker)).toEqual([`/workspace-${there}`])
    expect(await leftOnEngine(there)).toEqual([])
    await expect(core().workspaces.create({ name: uniqueName('lost'), engine: 'moon' })).rejects.toMatchObject({ code: 'ENGINE_UNKNOWN' })
    await expect(core().workspaces.create({ name: here, engine: 'big' })).rejects.toMatchObject({ code: 'NAME_TAKEN' })
  })

  it('copies stay on the engine of what they are of', async () => {
    const copy = uniqueName('copy')
    await done(core(), core().copies.clone(there, { name: copy, stop: false, start: true }))
    expect(view(copy).engine).toBe('big')
    const { operation } = await core().copies.createSnapshot(there, 'one')
    expect(await core().operations.whenEnded(operation.id)).toMatchObject({ status: 'succeeded' })
    await inside(core(), there, 'echo lost > ~/later')
    await done(core(), core().copies.restore(there, 'one', { force: true }))
    await expect(inside(core(), there, 'cat ~/later')).rejects.toThrow()
    await done(core(), core().workspaces.delete(copy))
    await expect(core().engines.remove('big')).rejects.toMatchObject({ code: 'ENGINE_IN_USE', data: { workspaces: [there] } })
    await expect(core().engines.remove('local')).rejects.toMatchObject({ code: 'ENGINE_IN_USE' })
  })

  it('a copy of a workspace can be made on the other, while it runs', async () => {
    const copy = uniqueName('sent')
    await inside(core(), there, 'echo sent > ~/work; echo layer | sudo tee /opt/work')
    await done(core(), core().copies.clone(there, { name: copy, stop: false, start: true, engine: 'local' }))
    expect(view(copy)).toMatchObject({ engine: 'local', status: 'running' })
    expect(view(there).status).toBe('running')
    expect(await inside(core(), copy, 'cat ~/work /opt/work')).toBe('sent\nlayer')
    await done(core(), core().workspaces.delete(copy))
    expect(await leftOnEngine(copy)).toEqual([])
  })

  it('are looked after one by one', async () => {
    const used = (name: string) => core().engines.find(name).upkeep
    const { signal } = new AbortController()
    const measured = async (name: string) => (await used(name).usages.measure(signal)).workspaces.map((usage) => usage.name)
    expect([await measured('local'), await measured('big')]).toEqual([[here], [there]])
    const findings = await core().doctor.examine()
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('are not affected when the other hangs, which is reported within five seconds while a door shows it', async () => {
    const events: { name: string; isThere: boolean; at: number }[] = []
    const began = performance.now()
    const stop = core().events.subscribe((event) => {
      if (event.type !== 'engine') return
      const { name, state } = event.engine
      events.push({ name, isThere: state.status === 'connected' && state.quietSince === undefined, at: performance.now() - began })
    })
    kill(second.pid(), 'SIGSTOP')
    try {
      await vi.waitFor(() => expect(events).toMatchObject([{ name: 'big', isThere: false }]), SAID_MS)
      expect(events[0]?.at).toBeLessThan(SAID_MS)
      // Everything goes on here, and at once.
      const lost = inside(core(), there, 'true').catch((error: unknown) => error)
      await done(core(), core().workspaces.stop(here))
      await done(core(), core().workspaces.start({ name: here }))
      expect(await inside(core(), here, 'echo still here')).toBe('still here')
      expect(await lost).toMatchObject({ code: 'ENGINE_UNREACHABLE' })
      expect(events.filter(({ name }) => name === 'local')).toEqual([])
      expect(core().engines.get('local').state.status).toBe('connected')
      expect(await core().doctor.examine()).toContainEqual(expect.objectContaining({ kind: 'engine-away' }))
    } finally {
      kill(second.pid(), 'SIGCONT')
      stop()
    }
    await vi.waitFor(() => expect(core().engines.get('big').state.status).toBe('connected'), 20_000)
    await vi.waitFor(() => expect(view(there).status).toBe('running'), 20_000)
    expect(await inside(core(), there, 'echo back')).toBe('back')
  })

  it('are both there after a restart, with the default that was chosen', async () => {
    core().engines.use('big')
    await core().close()
    await test.open()
    await core().engines.find('big').place.ready()
    expect(
      core()
        .engines.list()
        .map(({ name, isDefault }) => [name, isDefault]),
    ).toEqual([
      ['local', false],
      ['big', true],
    ])
    expect([view(here).engine, view(there).engine]).toEqual(['local', 'big'])
    const third = uniqueName('third')
    await done(core(), core().workspaces.create({ name: third }))
    expect(view(third).engine).toBe('big')
    for (const name of [third, there]) await done(core(), core().workspaces.delete(name))
  })

  it('can be removed when nothing is on it, and nothing is left there', async () => {
    await expect(core().engines.remove('big')).rejects.toMatchObject({ code: 'ENGINE_IN_USE' })
    core().engines.use('local')
    await core().engines.remove('big')
    expect(
      core()
        .engines.list()
        .map(({ name }) => name),
    ).toEqual(['local'])
    expect(await second.docker.listContainers({ all: true })).toEqual([])
    const { Volumes } = await second.docker.listVolumes()
    expect(Volumes ?? []).toEqual([])
    const networks = await second.docker.listNetworks()
    expect(networks.filter(({ Name }) => Name.startsWith('berth'))).toEqual([])
  })
})
