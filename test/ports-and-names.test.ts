import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { areLongRun } from './support/long'
import { createTestCore, docker, done, inside, leftOnEngine, ownerLabel, portRange, type TestCore, uniqueName } from './support/test-core'

describe('ports and names', () => {
  let test: TestCore
  beforeEach(async () => {
    test = await createTestCore()
  })
  afterEach(() => test.dispose())

  // Twenty at once are more than a small machine starts in the time that each may take.
  const count = areLongRun ? 20 : 6
  it(`gives ${count} workspaces that are started at once as many ports`, async () => {
    const { core } = test
    const names = Array.from({ length: count }, (_, index) => uniqueName(`many${index}`))
    await Promise.all(names.map((name) => done(core, core.workspaces.start({ name }))))
    const workspaces = core.workspaces.list()
    expect(workspaces.map(({ status }) => status)).toEqual(Array(count).fill('running'))
    const { from } = core.settings.get().sshPorts
    expect(workspaces.map(({ ports }) => ports.ssh ?? 0).sort()).toEqual(Array.from({ length: count }, (_, index) => from + index))
  }, 300_000)

  it('moves to another port, with all that is in it, when another program has taken its port', async () => {
    const { core } = test
    const name = uniqueName('moved')
    await done(core, core.workspaces.start({ name }))
    await inside(core, name, 'echo home > ~/kept; sudo sh -c "echo layer > /opt/kept"')
    await done(core, core.workspaces.stop(name))
    const port = core.workspaces.get(name).ports.ssh ?? 0
    const squatter = createServer().listen(port, '127.0.0.1')
    await once(squatter, 'listening')
    const operation = await done(core, core.workspaces.start({ name }))
    squatter.close()
    expect(operation.notices).toEqual([`Another program uses port ${port}, so its SSH port is now ${port + 1}.`])
    expect(core.workspaces.get(name)).toMatchObject({ status: 'running', ports: { ssh: port + 1 } })
    expect(await inside(core, name, 'cat ~/kept /opt/kept')).toBe('home\nlayer')
  })

  it('refuses a third workspace in a range of two ports, and names range and setting', async () => {
    const { core } = test
    const { from } = portRange()
    core.settings.update({ sshPorts: { from, to: from + 1 } })
    const names = ['one', 'two', 'three'].map(uniqueName)
    await done(core, core.workspaces.start({ name: names[0] ?? '' }))
    await done(core, core.workspaces.start({ name: names[1] ?? '' }))
    await expect(core.workspaces.start({ name: names[2] ?? '' })).rejects.toMatchObject({
      code: 'PORTS_EXHAUSTED',
      data: { from, to: from + 1, setting: 'sshPorts' },
    })
    expect(core.workspaces.list()).toHaveLength(2)
    expect(await leftOnEngine(names[2] ?? '')).toEqual([])
  })

  it.each(['', 'A', '-a', 'a-', 'a_b', 'a b', 'a'.repeat(64), '../x', '$(id)'])('refuses the name “%s” with a reason', async (name) => {
    await expect(test.core.workspaces.start({ name })).rejects.toMatchObject({ code: 'NAME_INVALID', data: { name, reason: /\w/ } })
    expect(test.core.workspaces.list()).toEqual([])
    const owned = { filters: { label: [await ownerLabel(test)] } }
    expect(await docker.listContainers({ all: true, ...owned })).toEqual([])
    expect((await docker.listVolumes(owned)).Volumes ?? []).toEqual([])
  })

  it('refuses a name that is taken, in any case, and one whose volume is somebody else’s', async () => {
    const { core } = test
    const name = uniqueName('taken')
    await done(core, core.workspaces.start({ name }))
    await expect(core.workspaces.create({ name })).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    await expect(core.workspaces.create({ name: name.toUpperCase() })).rejects.toMatchObject({ code: 'NAME_INVALID' })
    const foreign = uniqueName('foreign')
    await docker.createVolume({ Name: `workspace-${foreign}-docker` })
    await expect(core.workspaces.create({ name: foreign })).rejects.toMatchObject({ code: 'FOREIGN_RESOURCE' })
    expect(await leftOnEngine(foreign)).toEqual([`workspace-${foreign}-docker`])
    await docker.getVolume(`workspace-${foreign}-docker`).remove()
  })

  it('refuses a second change while one is under way, naming the first', async () => {
    const { core } = test
    const name = uniqueName('busy')
    const first = await core.workspaces.start({ name })
    await expect(core.workspaces.stop(name)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY', data: { operationId: first.operation.id } })
    await core.operations.whenEnded(first.operation.id)
  })

  it('takes a cancelled creation back', async () => {
    const { core } = test
    const name = uniqueName('cancel')
    const { operation } = await core.workspaces.start({ name })
    expect(await core.operations.cancel(operation.id)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
    expect(await leftOnEngine(name)).toEqual([])
    expect(core.workspaces.list()).toEqual([])
  })
})
