import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { longIt } from './support/long'
import { startSecondEngine } from './support/second-engine'
import { startSwarm, type TestSwarm } from './support/swarm'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'
import { helperImage } from './support/volume-tree'

const GB = 1024 ** 3

describe.skipIf(process.getuid?.() !== 0)('a Swarm of two nodes', () => {
  let swarm: TestSwarm
  let test: TestCore
  const core = () => test.core
  const view = (name: string) => core().workspaces.get(name)
  const team = () => core().swarms.get('team')
  const first = uniqueName('first')

  beforeAll(async () => {
    swarm = await startSwarm(['boss', 'worker'], (hostname) => startSecondEngine({ hostname, image: helperImage }))
    test = await createTestCore({ keptLayerMegabytes: 0 })
  })
  afterAll(() => swarm?.dispose())
  afterAll(() => test?.dispose())

  const addressOf = (hostname: string) => swarm.nodes.find((node) => node.hostname === hostname)?.engine.endpoint ?? ''

  it('is used once one of its managers is, and says what its tasks cannot be given', async () => {
    await expect(core().swarms.add({ name: 'team', engine: 'local' })).rejects.toMatchObject({ code: 'SWARM_NO_MANAGER' })
    await core().engines.add({ name: 'boss', address: addressOf('boss') })
    expect(await core().swarms.add({ name: 'team', engine: 'boss' })).toMatchObject({
      manager: 'boss',
      nodes: [
        { hostname: 'boss', state: 'ready', engine: 'boss', role: 'manager' },
        { hostname: 'worker', state: 'ready', engine: null, role: 'worker' },
      ],
    })
    expect(team().lacks.length).toBeGreaterThan(2)
    await expect(core().swarms.add({ name: 'boss', engine: 'boss' })).rejects.toMatchObject({ code: 'ENGINE_EXISTS' })
    await expect(core().swarms.add({ name: 'other', engine: 'boss' })).rejects.toMatchObject({ code: 'ENGINE_EXISTS' })
    await expect(core().engines.remove('boss')).rejects.toMatchObject({ code: 'ENGINE_IN_USE' })
  })

  it('gives no workspace a node that Berth does not reach', async () => {
    const name = uniqueName('apart')
    await expect(core().workspaces.create({ name, engine: 'team', constraints: ['node.hostname==worker'] })).rejects.toMatchObject({
      code: 'SWARM_NO_ROOM',
      data: { swarm: 'team' },
    })
    await vi.waitFor(async () => expect(await swarm.services()).toEqual([]), 5000)
    // Its address is another node's.
    const wrong = await core().swarms.update('team', { addresses: { worker: addressOf('boss') } })
    expect(wrong.nodes[1]).toMatchObject({ engine: null, problem: { code: 'SWARM_NODE_UNREACHED' } })
    expect((await core().swarms.update('team', { addresses: { worker: addressOf('worker') } })).nodes[1]).toMatchObject({
      engine: 'team.worker',
      problem: null,
    })
  })

  it('chooses the node of a workspace, which holds its room there while it runs', async () => {
    await swarm.label('worker', { disk: 'ssd' })
    await done(
      core(),
      core().workspaces.create({ name: first, engine: 'team', constraints: ['node.labels.disk==ssd'], limits: { memoryBytes: GB } }),
    )
    expect(view(first)).toMatchObject({ status: 'running', engine: 'team.worker' })
    expect(await inside(core(), first, 'echo kept > ~/work; hostname')).toBe(first)
    await vi.waitFor(async () => expect(await swarm.tasks()).toEqual([{ workspace: first, node: 'worker', state: 'running' }]), 20_000)
    await done(core(), core().workspaces.stop(first))
    await vi.waitFor(async () => expect(await swarm.tasks()).toEqual([]), 20_000)
    await done(core(), core().workspaces.start({ name: first }))
    await vi.waitFor(async () => expect(await swarm.tasks()).toEqual([{ workspace: first, node: 'worker', state: 'running' }]), 20_000)
    expect(team().nodes[1]?.workspaces).toEqual([first])
    await expect(core().swarms.remove('team')).rejects.toMatchObject({ code: 'ENGINE_IN_USE', data: { workspaces: [first] } })
  })

  it('starts none without room, and says why in its own words', async () => {
    const name = uniqueName('large')
    await expect(core().workspaces.create({ name, engine: 'team', limits: { memoryBytes: 4000 * GB } })).rejects.toMatchObject({
      code: 'SWARM_NO_ROOM',
      data: { reason: expect.stringContaining('insufficient resources') },
    })
    expect(() => view(name)).toThrow(expect.objectContaining({ code: 'WORKSPACE_NOT_FOUND' }))
    await vi.waitFor(async () => expect(await swarm.services()).toHaveLength(1), 5000)
  })

  it('brings back removed parts', async () => {
    const [service = ''] = await swarm.services()
    await swarm.nodes[0]?.engine.docker.getService(service).remove()
    await done(core(), core().workspaces.restart(first))
    await vi.waitFor(async () => expect(await swarm.tasks()).toEqual([{ workspace: first, node: 'worker', state: 'running' }]), 20_000)
  })

  it('has its workspaces leave a node that is drained, and takes them back to none', async () => {
    await swarm.setAvailability('worker', 'drain')
    // No other node is like it.
    await vi.waitFor(() => expect(team().unmoved).toMatchObject([{ workspace: first, problem: { code: 'SWARM_NO_ROOM' } }]), 20_000)
    expect(view(first)).toMatchObject({ status: 'running', engine: 'team.worker' })
    await swarm.label('boss', { disk: 'ssd' })
    await vi.waitFor(() => expect(view(first).engine).toBe('boss'), { timeout: 110_000, interval: 200 })
    await core().operations.whenEnded(core().operations.list(view(first).id)[0]?.id ?? '')
    expect(view(first)).toMatchObject({ status: 'running', engine: 'boss' })
    expect(await inside(core(), first, 'cat ~/work')).toBe('kept')
    await vi.waitFor(async () => expect(await swarm.tasks()).toEqual([{ workspace: first, node: 'boss', state: 'running' }]), 20_000)
    expect(team()).toMatchObject({ unmoved: [], nodes: [{ workspaces: [first] }, { availability: 'drain', workspaces: [] }] })
    // Now there is no other node: it stays, and that is said.
    await swarm.setAvailability('boss', 'drain')
    await vi.waitFor(() => expect(team().unmoved).toMatchObject([{ workspace: first, problem: { code: 'SWARM_NO_ROOM' } }]), 20_000)
    expect(await inside(core(), first, 'cat ~/work')).toBe('kept')
    await swarm.setAvailability('boss', 'active')
    await vi.waitFor(() => expect(team().unmoved).toEqual([]), 20_000)
  })

  longIt('is left for an engine', async () => {
    const { operation } = await core().relocations.move(first, { engine: 'local', dropSnapshots: false })
    expect(await core().operations.whenEnded(operation.id)).toMatchObject({ status: 'succeeded' })
    expect(view(first)).toMatchObject({ status: 'running', engine: 'local' })
  })

  it('has nothing left of deleted workspaces, and can then be removed', async () => {
    await done(core(), core().workspaces.delete(first))
    await vi.waitFor(async () => expect(await swarm.services()).toEqual([]), 20_000)
    await core().swarms.remove('team')
    expect(core().swarms.list()).toEqual([])
    await expect(core().workspaces.create({ name: uniqueName('gone'), engine: 'team' })).rejects.toMatchObject({ code: 'ENGINE_UNKNOWN' })
  })
})
