import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { docker26Obstacle, startDocker26 } from './support/docker-26'
import { startSwarm, type TestSwarm } from './support/swarm'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'
import { helperImage } from './support/volume-tree'

const GB = 1024 ** 3
const WORKSPACES = 12

const obstacle = docker26Obstacle()
if (obstacle !== null) console.log(`A Swarm of Docker 26.1 is skipped: ${obstacle}.`)

describe.skipIf(obstacle !== null)('a Swarm of three nodes with Docker 26.1', () => {
  let swarm: TestSwarm
  let test: TestCore
  const names = Array.from({ length: WORKSPACES }, (_, index) => uniqueName(`w${index}`))
  const core = () => test.core
  const view = (name: string) => core().workspaces.get(name)
  const team = () => core().swarms.get('team')
  const node = (hostname: string) => {
    const found = team().nodes.find((each) => each.hostname === hostname)
    if (!found) throw new Error(`there is no node ${hostname}`)
    return found
  }
  const engineOf = (hostname: string) => {
    const found = swarm.nodes.find((each) => each.hostname === hostname)?.engine
    if (!found) throw new Error(`there is no engine ${hostname}`)
    return found
  }
  /** Swarm's view and Berth's are the same. */
  const expectAllHeld = () =>
    vi.waitFor(
      async () =>
        expect(await swarm.tasks()).toEqual(
          names
            .map((name) => ({
              workspace: name,
              node: team().nodes.find(({ engine }) => engine === view(name).engine)?.hostname,
              state: 'running',
            }))
            .toSorted((one, other) => one.workspace.localeCompare(other.workspace)),
        ),
      { timeout: 30_000, interval: 500 },
    )
  const expectAllKept = async () => {
    for (const name of names) expect(await inside(core(), name, 'cat ~/work; hostname')).toBe(`kept\n${name}`)
  }

  beforeAll(async () => {
    swarm = await startSwarm(['boss', 'one', 'two'], (hostname) => startDocker26({ hostname }))
    for (const { engine } of swarm.nodes) await engine.takeImage(helperImage)
    test = await createTestCore({ keptLayerMegabytes: 0 })
  }, 600_000)
  afterAll(() => swarm?.dispose())
  afterAll(() => test?.dispose())

  it(`gives ${WORKSPACES} workspaces their nodes, each the one with the fewest`, async () => {
    const [one, two] = ['one', 'two'].map((hostname) => engineOf(hostname).endpoint)
    await core().engines.add({ name: 'boss', address: engineOf('boss').endpoint })
    await core().swarms.add({ name: 'team', engine: 'boss', addresses: { one: one ?? '', two: two ?? '' } })
    expect(team().nodes.map(({ engine }) => engine)).toEqual(['boss', 'team.one', 'team.two'])
    await Promise.all(names.map((name) => done(core(), core().workspaces.create({ name, engine: 'team', limits: { memoryBytes: GB } }))))
    expect(team().nodes.map(({ workspaces }) => workspaces.length)).toEqual([4, 4, 4])
    for (const name of names) await inside(core(), name, 'echo kept > ~/work')
    await expectAllHeld()
  })

  it('names the workspaces of a node that is lost; the others go on, and these are there again with it', async () => {
    const lost = node('two').workspaces
    await engineOf('two').kill()
    await vi.waitFor(() => expect(node('two')).toMatchObject({ state: 'down', workspaces: lost }), { timeout: 60_000, interval: 200 })
    for (const name of names) if (!lost.includes(name)) expect(await inside(core(), name, 'cat ~/work')).toBe('kept')
    // Their disks are on it, so that Swarm puts them nowhere else.
    expect(
      (await swarm.tasks()).filter(({ workspace }) => lost.includes(workspace)).every(({ node: at }) => at === 'two' || at === ''),
    ).toBe(true)
    await engineOf('two').start()
    await vi.waitFor(() => expect(node('two')).toMatchObject({ state: 'ready', workspaces: lost }), { timeout: 60_000, interval: 200 })
    await vi.waitFor(() => expect(lost.map((name) => view(name).status)).toEqual(lost.map(() => 'stopped')), {
      timeout: 60_000,
      interval: 200,
    })
    await Promise.all(lost.map((name) => done(core(), core().workspaces.start({ name }))))
    await expectAllKept()
    await expectAllHeld()
  })

  it('has workspaces leave a node that is drained, with all that is in them', async () => {
    const leaving = node('one').workspaces
    expect(leaving).toHaveLength(4)
    await swarm.setAvailability('one', 'drain')
    await vi.waitFor(() => expect(node('one').workspaces).toEqual([]), { timeout: 500_000, interval: 500 })
    for (const name of leaving) await core().operations.whenEnded(core().operations.list(view(name).id)[0]?.id ?? '')
    expect(team().unmoved).toEqual([])
    await expectAllKept()
    await expectAllHeld()
    const { docker } = engineOf('one')
    const { Volumes: volumes } = await docker.listVolumes({ filters: { label: ['dev.berth.role=home'] } })
    expect(volumes).toEqual([])
    expect(await docker.listContainers({ all: true, filters: { label: ['workspace.managed=true'] } })).toEqual([])
    await swarm.setAvailability('one', 'active')
    await vi.waitFor(() => expect(node('one').availability).toBe('active'), 10_000)
  }, 600_000)

  it('holds nothing for workspaces that are gone', async () => {
    await Promise.all(names.map((name) => done(core(), core().workspaces.delete(name))))
    await vi.waitFor(async () => expect(await swarm.services()).toEqual([]), { timeout: 30_000, interval: 200 })
    expect(team().nodes.flatMap(({ workspaces }) => workspaces)).toEqual([])
  })
})
