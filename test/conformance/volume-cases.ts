import { expect, it } from 'vitest'
import { nameOf, type RealOnly, refused, runContainer, type Subject, specOf } from './subject'

export function volumeCases(get: () => Subject, realOnly: RealOnly): void {
  const volumes = () => get().engine.volumes
  const made = async (labels: Record<string, string> = {}) => {
    const name = nameOf(get(), 'v')
    await volumes().create(name, { ...get().labels, ...labels })
    return name
  }

  it('are made with labels, listed by them, and null when they are missing', async () => {
    const key = `${get().prefix}.key`
    const [one, other] = [await made({ [key]: 'a' }), await made({ [key]: 'ab' })]
    const names = async (label: string) => (await volumes().list(label)).map(({ name }) => name).sort()
    expect(await names(key)).toEqual([one, other].sort())
    expect(await names(`${key}=a`)).toEqual([one])
    expect(await names(`${key}=x`)).toEqual([])
    expect(await volumes().inspect(one)).toMatchObject({ name: one, labels: { ...get().labels, [key]: 'a' }, options: {} })
    expect(await volumes().inspect(nameOf(get(), 'none'))).toBeNull()
    await volumes().remove(nameOf(get(), 'none'))
  })

  it('a create of one that is there returns it, with the labels that it has', async () => {
    const name = await made({ first: 'yes' })
    expect(await volumes().create(name, { second: 'yes' })).toMatchObject({ name, labels: { ...get().labels, first: 'yes' } })
    expect((await volumes().inspect(name))?.labels).not.toHaveProperty('second')
  })

  it('what a container has is refused with 409, whether or not it runs, and free at once when that is gone', async () => {
    const name = await made()
    const mounted = { volumes: [{ name, path: '/data' }] }
    const created = await get().engine.containers.create(specOf(get(), mounted))
    await expect(volumes().remove(name)).rejects.toMatchObject(refused(409))
    await get().engine.containers.remove(created)
    const labels = { ...get().labels, holds: name }
    await runContainer(get(), { ...mounted, labels })
    await expect(volumes().remove(name)).rejects.toMatchObject(refused(409))
    expect((await get().engine.diskUsage.inUse()).volumes).toContain(name)
    await get().engine.containers.removeAll(`holds=${name}`)
    await volumes().remove(name)
    expect(await volumes().inspect(name)).toBeNull()
    expect((await get().engine.diskUsage.inUse()).volumes).not.toContain(name)
  })

  it('outlive the removal of their container', async () => {
    const name = await made()
    const id = await runContainer(get(), { volumes: [{ name, path: '/data' }] })
    await get().engine.containers.remove(id)
    expect(await volumes().inspect(name)).not.toBeNull()
  })

  it('a container that names one that is missing makes it, without labels', async () => {
    const name = nameOf(get(), 'v')
    const id = await get().engine.containers.create(specOf(get(), { volumes: [{ name, path: '/data' }] }))
    expect(await volumes().inspect(name)).toMatchObject({ name, labels: {} })
    await get().engine.containers.remove(id)
    await volumes().remove(name)
  })

  realOnly('nothing there takes space', 'are measured', async () => {
    const name = await made()
    const id = await runContainer(get(), {
      volumes: [{ name, path: '/data' }],
      entrypoint: ['sh', '-c', 'head -c 100000 /dev/zero >/data/file; exec sleep 1000'],
    })
    await expect.poll(() => get().engine.containers.fileSize(id, '/data/file')).toBe(100_000)
    expect((await volumes().sizes(new AbortController().signal)).get(name)).toBeGreaterThanOrEqual(100_000)
    expect((await get().engine.diskUsage.containerLayers(get().label, new AbortController().signal)).get(id)).toBeGreaterThanOrEqual(0)
  })
}
