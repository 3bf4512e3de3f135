import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { longIt } from './support/long'
import { createTestCore, docker, done, inside, leftOnEngine, ownerLabel, type TestCore, uniqueName } from './support/test-core'

describe('a workspace whose name is like a name that Berth once generated', () => {
  let test: TestCore
  beforeAll(async () => {
    test = await createTestCore()
  })
  afterAll(() => test.dispose())

  const containers = async () => {
    const found = await docker.listContainers({ all: true, filters: { label: [await ownerLabel(test), 'dev.berth.role=workspace'] } })
    return found.flatMap(({ Names: names }) => names).sort()
  }

  longIt('is not touched by a restore of the workspace beside it, which is really back', async () => {
    const { core } = test
    const api = uniqueName('api')
    const beside = ['previous', 'replacement', 'docker'].map((suffix) => `${api}-${suffix}`)
    await done(core, core.workspaces.start({ name: api }))
    await inside(core, api, 'echo then > ~/file; sudo sh -c "echo then > /opt/file"')
    const { operation } = await core.copies.createSnapshot(api, 's1')
    expect((await core.operations.whenEnded(operation.id)).error).toBeNull()
    for (const name of beside) {
      await done(core, core.copies.clone(api, { name, stop: false, start: true }))
      await inside(core, name, `echo ${name} > ~/file; sudo sh -c "echo ${name} > /opt/file"`)
    }
    await inside(core, api, 'echo later > ~/file; sudo sh -c "echo later > /opt/file"')
    await done(core, core.copies.restore(api, 's1', { force: true }))
    expect(await inside(core, api, 'cat ~/file /opt/file')).toBe('then\nthen')
    for (const name of beside) expect(await inside(core, name, 'cat ~/file /opt/file')).toBe(`${name}\n${name}`)
    expect(await containers()).toEqual([api, ...beside].map((name) => `/workspace-${name}`).sort())
    for (const name of [...beside, api]) await done(core, core.workspaces.delete(name))
    expect(await leftOnEngine(api)).toEqual([])
  })

  it('of a foreign container is refused to a rename, which changes nothing', async () => {
    const { core } = test
    const [name, taken] = [uniqueName('api'), uniqueName('taken')]
    await done(core, core.workspaces.start({ name }))
    const foreign = await docker.createContainer({ name: `workspace-${taken}`, Image: LOCAL_IMAGE, Entrypoint: ['true'] })
    try {
      await expect(core.workspaces.rename(name, taken)).rejects.toMatchObject({ code: 'FOREIGN_RESOURCE' })
      expect(core.workspaces.get(name)).toMatchObject({ status: 'running', operationId: null })
      expect(await inside(core, name, 'whoami')).toBe('workspace')
    } finally {
      await foreign.remove()
    }
    await done(core, core.workspaces.delete(name))
  })

  it('keeps installed software when its container was renamed, and gets its name back', async () => {
    const { core } = test
    const name = uniqueName('api')
    await done(core, core.workspaces.start({ name }))
    await inside(core, name, 'sudo sh -c "echo layer > /opt/file"')
    const { containerId } = core.workspaces.get(name)
    await docker.getContainer(containerId ?? '').rename({ name: `workspace-${name}-mine` })
    await done(core, core.workspaces.stop(name))
    const started = await done(core, core.workspaces.start({ name }))
    expect(started.notices).toEqual([expect.stringContaining(`workspace-${name}-mine`)])
    expect(await inside(core, name, 'cat /opt/file')).toBe('layer')
    expect(core.workspaces.get(name).containerId).toBe(containerId)
    expect((await docker.getContainer(containerId ?? '').inspect()).Name).toBe(`/workspace-${name}`)
    await done(core, core.workspaces.delete(name))
  })
})
