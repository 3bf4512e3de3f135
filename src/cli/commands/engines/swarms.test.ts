import { resolve } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { engineCapabilities } from '../../../shared/testing/engine-capabilities'
import { swarm, swarmNode } from '../../../shared/testing/swarm'
import { ENGINE } from '../../testing/fake-records'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo', 'other'])
const { run } = fake
const LACKS = ['security options', 'devices']
const problem = { code: 'SWARM_NO_ROOM' as const, message: 'Swarm has no node for api.', next: 'Add one.', data: {} }
const manager = { ...ENGINE, capabilities: engineCapabilities({ swarm: 'manager' }) }

beforeEach(() => {
  fake.berth.engines.used.push({ id: 'id-of-nas', name: 'nas', address: 'ssh://me@nas', isDefault: false, state: manager })
})

/** One with a node that is down, one that is drained, and one without an address. */
const troubled = () =>
  swarm({
    lacks: LACKS,
    nodes: [
      swarmNode('manager-1', { role: 'manager', engine: 'nas', labels: { disk: 'ssd', fast: '' }, workspaces: ['demo'] }),
      swarmNode('worker-1', { state: 'down', workspaces: ['shop', 'web'] }),
      swarmNode('worker-2', { availability: 'drain', workspaces: ['api'] }),
      swarmNode('worker-3', { engine: null, cpus: null, memoryBytes: null }),
      swarmNode('worker-4', { engine: null, problem: { ...problem, message: 'connection refused', next: 'Check it.' } }),
    ],
    unmoved: [{ workspace: 'api', problem }],
  })

describe('list', () => {
  test('without any says how one is used', async () => {
    expect(await run(['swarm', 'list'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('berth swarm add NAME ENGINE'),
    })
    expect((await run(['swarm', 'list', '--json'])).json()).toEqual([])
  })

  test('shows each, and below it nodes that are lost and workspaces that could not leave', async () => {
    fake.berth.swarms.push(troubled(), swarm({ id: 'x', name: 'calm', isDefault: true, manager: null, rule: null }))
    expect((await run(['swarm', 'ls'])).stdout.split('\n')).toEqual([
      '   NAME    NODES      MANAGER  WORKSPACES  NODES REACHED AT',
      '◐  team    5, 1 lost  local    4           ssh://me@{hostname}',
      '✕  calm *  2          -        0           -',
      '',
      'team: The node worker-1 is down. Its workspaces cannot be reached until it is back: shop and web.',
      'team: api could not leave worker-2, which is drained: Swarm has no node for api.',
      '  Add one. “berth move api --engine team” tries again.',
      '',
      'No manager of calm answers. Its nodes are shown as they last were, and it places no new workspaces.',
      '',
    ])
    expect((await run(['swarm', 'list', '--quiet'])).stdout).toBe('team\ncalm\n')
    expect((await run(['swarm', 'list', '--json'])).json()).toMatchObject([{ name: 'team' }, { name: 'calm', isDefault: true }])
  })
})

describe('nodes', () => {
  test('shows each node, why one is not reached, and what tasks cannot be given', async () => {
    fake.berth.swarms.push(troubled())
    expect((await run(['swarm', 'nodes', 'team'])).stdout.split('\n')).toEqual([
      '   NODE       STATE  AVAILABILITY  ROLE     ENGINE         CPUS  MEMORY  LABELS         WORKSPACES',
      '●  manager-1  ready  active        manager  nas            4     8 GiB   disk=ssd fast  demo',
      '✕  worker-1   down   active        worker   team.worker-1  4     8 GiB   -              shop web',
      '○  worker-2   ready  drain         worker   team.worker-2  4     8 GiB   -              api',
      '●  worker-3   ready  active        worker   no address     -     -       -              -',
      '●  worker-4   ready  active        worker   not reached    4     8 GiB   -              -',
      '',
      'team: The node worker-1 is down. Its workspaces cannot be reached until it is back: shop and web.',
      'team: api could not leave worker-2, which is drained: Swarm has no node for api.',
      '  Add one. “berth move api --engine team” tries again.',
      '',
      'worker-3: Berth has no address for its engine, so it gets no workspaces.',
      '  “berth swarm set team --node worker-3=ADDRESS” says where its engine is.',
      '',
      'worker-4: connection refused',
      '  Check it. “berth swarm set team --node worker-4=ADDRESS” says where its engine is.',
      '',
      'Workspaces need security options and devices, which tasks of this Swarm do not support. Therefore a service reserves the resources on a node, and the node’s engine runs the container.',
      '',
    ])
    expect((await run(['swarm', 'nodes', 'swarm-1', '--quiet'])).stdout).toMatch(/^manager-1\nworker-1\n/)
    expect((await run(['swarm', 'nodes', 'team', '--json'])).json()).toMatchObject([
      { hostname: 'manager-1' },
      { state: 'down' },
      {},
      {},
      {},
    ])
  })

  test('obeys nothing that a node is called', async () => {
    fake.berth.swarms.push(swarm({ nodes: [swarmNode('evil\u001b[2J\u0007', { state: 'down', labels: { '\u001b]0;x\u0007': 'y' } })] }))
    const { stdout } = await run(['swarm', 'nodes', 'team'])
    expect(stdout).toContain('evil')
    for (const control of ['\u001b', '\u0007']) expect(stdout).not.toContain(control)
  })

  test('refuses one that there is not', async () => {
    expect((await run(['swarm', 'nodes', 'nix', '--json'])).error()).toMatchObject({ code: 'SWARM_UNKNOWN', data: { swarm: 'nix' } })
    expect(await run(['swarm', 'nodes'])).toMatchObject({ code: 2 })
  })
})

describe('add', () => {
  test('takes a manager, a rule and addresses of single nodes', async () => {
    const result = await run(['swarm', 'add', 'team', 'nas', '--rule', 'ssh://me@{hostname}'])
    expect(result).toMatchObject({ code: 0, stdout: 'team is added: 3 nodes\n', stderr: '' })
    const more = ['--node', 'worker-1=tcp://10.0.0.5:2376', '--node', 'worker-2=context:w=2', '--tls', 'certs', '--stay-on-drain']
    expect((await run(['swarm', 'add', 'other', 'nas', ...more, '--json'])).json()).toMatchObject({ name: 'other', movesOnDrain: false })
    expect(fake.berth.calls).toEqual([
      'add swarm team {"engine":"nas","rule":"ssh://me@{hostname}"}',
      `add swarm other {"engine":"nas","tlsFolder":"${resolve('certs')}","addresses":{"worker-1":"tcp://10.0.0.5:2376","worker-2":"context:w=2"},"movesOnDrain":false}`,
    ])
  })

  test('says which nodes get no workspaces', async () => {
    const { stdout, stderr } = await run(['swarm', 'add', 'team', 'nas', '--node', 'worker-1=/run/worker.sock'])
    expect(stdout).toBe('team is added: 3 nodes\n')
    expect(stderr).toBe(
      'worker-2: Berth has no address for its engine, so it gets no workspaces.\n  “berth swarm set team --node worker-2=ADDRESS” says where its engine is.\n',
    )
  })

  test('tells that an engine is no manager, and adds nothing', async () => {
    expect(await run(['swarm', 'add', 'team'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('The engine local is not a manager of a Swarm.'),
    })
    expect(fake.berth.swarms).toEqual([])
  })

  test.each([
    ['a rule that is no address', ['--rule', '{hostname}'], 'an address such as ssh://user@host'],
    ['a rule with a user only', ['--rule', 'me@{hostname}'], 'Give ssh://me@{hostname},'],
    ['a node without an address', ['--node', 'worker-1'], 'Give --node HOSTNAME=ADDRESS.'],
    ['an address without a node', ['--node', '=ssh://me@nas'], 'Give --node HOSTNAME=ADDRESS.'],
  ])('refuses %s', async (_what, argv, message) => {
    expect(await run(['swarm', 'add', 'team', 'nas', ...argv])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    })
    expect(fake.berth.calls).toEqual([])
  })
})

test('set changes what is given and leaves the rest', async () => {
  fake.berth.swarms.push(swarm({ manager: 'nas', addresses: { 'worker-1': 'ssh://me@one', 'worker-2': 'ssh://me@two' } }))
  expect(await run(['swarm', 'set', 'team', '--node', 'worker-1=', '--node', 'worker-3=ssh://me@three'])).toMatchObject({
    code: 0,
    stdout: 'team has changed: 2 nodes\n',
  })
  await run(['swarm', 'set', 'team', '--no-rule', '--no-tls', '--no-stay-on-drain'])
  expect((await run(['swarm', 'set', 'team', '--stay-on-drain', '--json'])).json()).toMatchObject({ movesOnDrain: false, rule: null })
  expect(fake.berth.calls).toEqual([
    'update swarm team {"addresses":{"worker-2":"ssh://me@two","worker-3":"ssh://me@three"}}',
    'update swarm team {"rule":null,"tlsFolder":null,"movesOnDrain":true}',
    'update swarm team {"movesOnDrain":false}',
  ])
  expect(await run(['swarm', 'set', 'team'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing to change.') })
})

test('use has new workspaces placed by it', async () => {
  fake.berth.swarms.push(swarm())
  expect(await run(['swarm', 'use', 'team'])).toMatchObject({ code: 0, stdout: 'New workspaces are placed by team\n' })
  expect((await run(['create', 'new', '--json'])).json()).toMatchObject({ engine: 'local' })
})

test('remove is refused while it has workspaces', async () => {
  fake.berth.swarms.push(troubled())
  expect(await run(['swarm', 'remove', 'team'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('demo, shop, web, api'),
  })
  fake.berth.swarms.splice(0, 1, swarm())
  expect(await run(['swarm', 'rm', 'team'])).toMatchObject({ code: 0, stdout: 'team is removed\n' })
  expect(fake.berth.swarms).toEqual([])
})

describe('a Swarm in the place of an engine', () => {
  beforeEach(() => {
    fake.berth.swarms.push(swarm({ nodes: [swarmNode('worker-1', { workspaces: ['demo'] })] }))
  })
  const where = ['--engine', 'team', '--constraint', 'node.labels.disk==ssd', '--constraint', 'node.role!=manager']
  const constraints = ['node.labels.disk==ssd', 'node.role!=manager']

  test('is asked for a node that is as wanted', async () => {
    expect((await run(['start', 'one', ...where, '--json'])).json()).toMatchObject({ engine: 'team.worker-1' })
    await run(['create', 'two', ...where])
    await run(['import-github', 'owner/repo', '--name', 'three', ...where])
    await run(['import', '/four.berth', '--name', 'four', ...where])
    await run(['clone', 'demo', 'five', ...where])
    expect((await run(['move', 'other', ...where, '--json'])).json()).toMatchObject({ engine: 'team.worker-1' })
    const [one, two, github, three, four, five, moved] = fake.berth.calls
    for (const call of [one, two, three, four]) {
      expect(JSON.parse(call?.replace(/^\w+ /, '') ?? '')).toMatchObject({ engine: 'team', constraints })
    }
    expect(github).toContain('owner/repo')
    expect(five).toMatch(/where node\.labels\.disk==ssd and node\.role!=manager$/)
    expect(moved).toMatch(/^relocate other to team .*where node\.labels\.disk==ssd and node\.role!=manager$/)
  })

  test('lists what it has placed', async () => {
    expect((await run(['list', '--engine', 'team', '--quiet'])).stdout).toBe('demo\n')
    expect((await run(['list', '--engine', 'swarm-1', '--json'])).json()).toMatchObject([{ name: 'demo' }])
  })

  test.each([['node.role'], ['==worker'], ['node.role==']])('takes no constraint such as %s', async (constraint) => {
    expect(await run(['start', 'x', '--engine', 'team', '--constraint', constraint])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KEY==VALUE'),
    })
  })

  test('is in info, with what is lost', async () => {
    fake.berth.swarms.splice(0, 1, troubled())
    expect((await run(['info'])).stdout).toMatch(/^Swarms +team: 5 nodes, 1 lost$/m)
    expect((await run(['info', '--json'])).json()).toMatchObject({ swarms: [{ name: 'team' }] })
  })
})

test('names of engines and Swarms are there for completion', async () => {
  fake.berth.swarms.push(swarm())
  expect((await run(['__complete', 'swarm'])).stdout).toBe('team\n')
  expect((await run(['__complete', 'place'])).stdout).toBe('local\nnas\nteam\n')
  expect((await run(['__complete', 'engine'])).stdout).toBe('local\nnas\n')
})
