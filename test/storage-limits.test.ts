import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { LABEL_OWNER, LABEL_ROLE } from '../src/main/storage/drivers/storage-context'
import { inContainer } from '../src/shared/testing/in-container'
import { createTestCore, docker, done, inside, ownerLabel, type TestCore, uniqueName } from './support/test-core'

const MIB = 1024 ** 2
const { signal } = new AbortController()

const usageOf = async ({ core }: TestCore, name: string) => {
  const { workspaces } = await core.local.usages.measure(signal)
  return workspaces.find((workspace) => workspace.name === name)
}

describe('storage on plain volumes', () => {
  let test: TestCore
  const name = uniqueName('plain')
  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name }))
    await inside(test.core, name, 'head -c 80000000 /dev/urandom >~/big; sudo sh -c "head -c 20000000 /dev/urandom >/opt/big"; sync')
  }, 60_000)
  afterAll(() => test.dispose())

  it('is told by home, Docker, layer and snapshots, and by what the disk and the images are', async () => {
    const { core } = test
    const usages = await Promise.all([core.local.usages.measure(signal), core.local.usages.measure(signal)])
    expect(usages[0], 'one measurement for both').toBe(usages[1])
    const { workspaces, disk, imagesBytes, totalBytes } = usages[0]
    const [use] = workspaces
    expect(use).toMatchObject({ name, storage: 'plain', snapshotBytes: 0, limitBytes: null, limitEnforced: false })
    expect(use?.homeBytes).toBeGreaterThan(80_000_000)
    expect(use?.homeBytes).toBeLessThan(90_000_000)
    expect(use?.layerBytes).toBeGreaterThan(20_000_000)
    expect(use?.layerBytes).toBeLessThan(30_000_000)
    expect(use?.totalBytes).toBe(totalBytes)
    expect(disk?.totalBytes).toBeGreaterThan(disk?.freeBytes ?? Number.POSITIVE_INFINITY)
    expect(imagesBytes).toBeGreaterThan(50_000_000)
  })

  it('is measured for a limit: copies past it are refused, and doors show a warning', async () => {
    const { core } = test
    await core.workspaces.update(name, { limits: { diskBytes: 64 * MIB } })
    const refusal = { code: 'LIMIT_REACHED', data: { workspace: name, limitBytes: 64 * MIB } }
    await expect(core.copies.createSnapshot(name, undefined)).rejects.toMatchObject(refusal)
    const clone = uniqueName('clone')
    await expect(core.copies.clone(name, { name: clone, stop: false, start: false })).rejects.toMatchObject({
      ...refusal,
      data: { workspace: clone },
    })
    expect(core.workspaces.list().map((workspace) => workspace.name)).toEqual([name])
    expect(core.workspaces.get(name).storageWarning).toContain('of 64 MiB')
    const { warnings } = await core.local.usages.measure(signal)
    expect(warnings.filter(({ of }) => of === 'workspace')).toMatchObject([
      { workspaceId: core.workspaces.get(name).id, limitBytes: 64 * MIB },
    ])

    await core.workspaces.update(name, { limits: { diskBytes: null } })
    core.settings.update({ totalDiskBytes: 150 * MIB })
    await expect(core.copies.createSnapshot(name, undefined)).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
      data: { workspace: null, limitBytes: 150 * MIB },
    })
    core.settings.update({ totalDiskBytes: null })
    expect((await core.local.usages.measure(signal)).warnings.filter(({ of }) => of === 'workspace' || of === 'total')).toEqual([])
    expect(core.workspaces.get(name).storageWarning).toBeNull()
  })

  it('counts a snapshot, and is given to a clone with its limit', async () => {
    const { core } = test
    await core.workspaces.update(name, { limits: { diskBytes: 300 * MIB } })
    const { operation, snapshot } = await core.copies.createSnapshot(name, undefined)
    await core.operations.whenEnded(operation.id)
    expect((await usageOf(test, name))?.snapshotBytes).toBeGreaterThan(80_000_000)
    const clone = uniqueName('clone')
    await done(core, core.copies.clone(name, { name: clone, stop: false, start: false }))
    expect(core.workspaces.get(clone).limits.diskBytes).toBe(300 * MIB)
    expect((await usageOf(test, clone))?.layerBytes, 'what was installed is in an image now').toBeGreaterThan(20_000_000)
    await core.workspaces.update(name, { limits: { diskBytes: 200 * MIB } })
    await done(core, core.workspaces.stop(name))
    await expect(core.copies.restore(name, snapshot.id, { force: false })).rejects.toMatchObject({ code: 'LIMIT_REACHED' })
    await done(core, core.workspaces.delete(clone))
  })

  it('is warned of by itself when something was done with a workspace, and measuring keeps none from being deleted', async () => {
    const { core } = test
    const other = uniqueName('other')
    await done(
      core,
      core.workspaces.start({ name: other, limits: { diskBytes: 64 * MIB, memoryBytes: 512 * MIB, cpus: 1.5, processes: 700 } }),
    )
    expect(await inside(core, other, 'head -c 70000000 /dev/urandom >~/big; nproc >/dev/null')).toBe('')
    const { HostConfig } = await docker.getContainer(core.workspaces.get(other).containerId ?? '').inspect()
    expect(HostConfig).toMatchObject({ Memory: 512 * MIB, NanoCpus: 1.5e9, PidsLimit: 700 })
    await done(core, core.workspaces.stop(other))
    await vi.waitFor(() => expect(core.workspaces.get(other).storageWarning).toContain(`${other} uses`), 20_000)
    const measuring = core.local.usages.measure(signal)
    await done(core, core.workspaces.delete(other))
    expect((await measuring).measuredAt).not.toBe('')
  })

  it('is cleaned of unused data, and of nothing else', async () => {
    const { core } = test
    const owner = (await ownerLabel(test)).slice(`${LABEL_OWNER}=`.length)
    const make = async (labels: Record<string, string>) => {
      const volume = uniqueName('left')
      await docker.createVolume({ Name: volume, Labels: { 'dev.berth.id': 'gone', 'dev.berth.name': 'gone', ...labels } })
      return volume
    }
    const left = await make({ [LABEL_OWNER]: owner, [LABEL_ROLE]: 'home' })
    const others = await make({ [LABEL_OWNER]: 'another', [LABEL_ROLE]: 'home' })
    const used = await make({ [LABEL_OWNER]: owner, [LABEL_ROLE]: 'home' })
    const { containerId } = core.workspaces.get(name)
    await docker.getContainer(containerId ?? '').commit({ repo: 'berth-layer/gone0000000000', tag: 'clone' })
    const user = await docker.createContainer({
      Image: inContainer(core.workspaces.get(name)).image,
      HostConfig: { Mounts: [{ Type: 'volume', Source: used, Target: '/used' }] },
    })
    try {
      const preview = await core.local.cleanup.preview(signal)
      const ids = preview.map(({ id }) => id).filter((id) => id !== 'build-cache' && !id.startsWith('image:'))
      expect(ids).toEqual([`volume:${left}`, 'layer:berth-layer/gone0000000000:clone'])
      expect(preview.find(({ kind }) => kind === 'layer')?.bytes).toBeGreaterThan(20_000_000)

      const { volumes } = inContainer(core.workspaces.get(name))
      const asked = [...ids, `volume:${used}`, `volume:${others}`, `volume:${volumes.home}`]
      const { operation } = await core.cleanup.begin('local', asked)
      const ended = await core.operations.whenEnded(operation.id)
      expect(ended).toMatchObject({ status: 'succeeded', error: null })
      expect(ended.notices[0]).toMatch(/^Freed [12]\d(\.\d)? MiB\.$/)
      expect(ended.notices[1]).toContain(`volume:${volumes.home}`)
      const names = (await docker.listVolumes()).Volumes.map((volume) => volume.Name)
      expect(names).not.toContain(left)
      expect(names).toEqual(expect.arrayContaining([others, used, volumes.home, volumes.docker]))
      expect(await docker.listImages({ filters: { reference: ['berth-layer/gone0000000000'] } })).toEqual([])
    } finally {
      await user.remove({ force: true })
      for (const volume of [others, used]) await docker.getVolume(volume).remove()
    }
    await done(core, core.workspaces.start({ name }))
    expect(await inside(core, name, 'stat -c %s ~/big')).toBe('80000000')
  })
})

describe('storage on the pool', () => {
  let test: TestCore
  const [limited, free] = [uniqueName('limited'), uniqueName('free')]
  beforeAll(async () => {
    test = await createTestCore()
    const { core } = test
    await core.local.storageSettings.enable(1024 * MIB)
    await Promise.all([
      done(core, core.workspaces.start({ name: limited, limits: { diskBytes: 100 * MIB } })),
      done(core, core.workspaces.start({ name: free })),
    ])
  }, 60_000)
  afterAll(async () => {
    const { core } = test
    for (const { name } of core.workspaces.list()) await done(core, core.workspaces.delete(name))
    await core.local.storageSettings.disable()
    await test.dispose()
  })

  const fill = (bytes: number, file = 'big') => `head -c ${bytes} /dev/urandom >~/${file} && sync -f ~`

  it('ends at the limit for its workspace, and for no other', async () => {
    const { core } = test
    await expect(inside(core, limited, fill(150_000_000))).rejects.toThrow(/No space left|quota exceeded/)
    await inside(core, free, fill(150_000_000))
    expect(core.workspaces.get(limited).status).toBe('running')
    await inside(core, limited, 'rm ~/big; sync -f ~')
    await inside(core, limited, fill(30_000_000))
    const use = await usageOf(test, limited)
    expect(use).toMatchObject({ storage: 'btrfs', limitBytes: 100 * MIB, limitEnforced: true })
    expect(use?.homeBytes).toBeGreaterThan(30_000_000)
    expect((await core.local.usages.measure(signal)).pool?.sizeBytes).toBe(1024 * MIB)
  })

  it('is held to a limit that is changed while the workspace runs, and so are its clone and its restored state', async () => {
    const { core } = test
    await core.workspaces.update(limited, { limits: { diskBytes: 200 * MIB } })
    await inside(core, limited, fill(110_000_000, 'more'))
    const clone = uniqueName('clone')
    await done(core, core.copies.clone(limited, { name: clone, stop: false, start: true }))
    await expect(inside(core, clone, fill(100_000_000, 'again'))).rejects.toThrow(/No space left|quota exceeded/)

    const { operation, snapshot } = await core.copies.createSnapshot(limited, undefined)
    await core.operations.whenEnded(operation.id)
    await done(core, core.copies.restore(limited, snapshot.id, { force: true }))
    await done(core, core.workspaces.rename(limited, `${limited}-renamed`))
    await expect(inside(core, `${limited}-renamed`, fill(100_000_000, 'again'))).rejects.toThrow(/No space left|quota exceeded/)
    await inside(core, `${limited}-renamed`, 'rm ~/again')
    await core.workspaces.update(`${limited}-renamed`, { limits: { diskBytes: null } })
    await inside(core, `${limited}-renamed`, fill(100_000_000, 'again'))
  })
})
