import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

const MIB = 1024 ** 2

describe('a workspace that is there already', () => {
  let test: TestCore
  const name = uniqueName('there')
  const workspace = () => test.core.workspaces.get(name)
  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name, env: { KEPT: '1', CHANGED: 'before' } }))
  })
  afterAll(() => test.dispose())

  it('is started by its id, too, and no other is made', async () => {
    const { id } = workspace()
    await done(test.core, test.core.workspaces.stop(name))
    await done(test.core, test.core.workspaces.start({ name: id }))
    expect(test.core.workspaces.list().map((each) => each.name)).toEqual([name])
    expect(workspace()).toMatchObject({ id, status: 'running' })
  })

  it('takes from start what can be changed, and says what cannot', async () => {
    const { notices } = await done(
      test.core,
      test.core.workspaces.start({
        name,
        label: 'Mine',
        env: { CHANGED: 'after' },
        limits: { memoryBytes: 900 * MIB },
        image: 'debian:12',
        clone: 'https://host.example/owner/repo.git',
      }),
    )
    expect(workspace()).toMatchObject({
      label: 'Mine',
      env: { KEPT: '***', CHANGED: '***' },
      limits: { memoryBytes: 900 * MIB },
      repo: null,
    })
    expect(notices).toEqual([expect.stringContaining('image'), expect.stringContaining('repository')])
    expect(await inside(test.core, name, 'echo $KEPT $CHANGED')).toBe('1 after')
  })

  it('keeps both of two limits that are set at once', async () => {
    const { core } = test
    await Promise.all([
      core.workspaces.update(name, { limits: { memoryBytes: 800 * MIB } }),
      core.workspaces.update(name, { limits: { processes: 500 } }),
      core.workspaces.update(name, { limits: { cpus: 1 } }),
      core.workspaces.update(name, { label: 'Ours' }),
    ])
    const limits = { memoryBytes: 800 * MIB, processes: 500, cpus: 1, diskBytes: null }
    expect(workspace()).toMatchObject({ label: 'Ours', limits })
    const details = await core.local.engine.containers.inspect(workspace().containerId ?? '')
    expect(details?.limits).toEqual({ memoryBytes: 800 * MIB, processes: 500, cpus: 1 })
  })

  it('knows its new name inside once it is renamed', async () => {
    const renamed = uniqueName('renamed')
    await test.core.workspaces.rename(name, renamed)
    expect(await inside(test.core, renamed, 'echo $BERTH_WORKSPACE_NAME')).toBe(renamed)
    await test.core.workspaces.rename(renamed, name)
  })
})
