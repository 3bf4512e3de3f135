import { expect, it } from 'vitest'
import { nameOf, refused, runContainer, type Subject, specOf } from './subject'

export function networkCases(get: () => Subject): void {
  const networks = () => get().engine.networks
  const containers = () => get().engine.containers
  const made = async () => {
    const name = nameOf(get(), 'n')
    const id = await networks().create({ name, labels: get().labels, subnet: get().subnet(), traffic: false, internal: false, mtu: null })
    return { id, name }
  }
  const joined = async (container: string) => (await networks().ofContainer(container)).map(({ name }) => name)

  it('are made with labels and a subnet, listed by labels, and null when they are missing', async () => {
    const subnet = get().subnet()
    const name = nameOf(get(), 'n')
    const id = await networks().create({ name, labels: get().labels, subnet, traffic: true, internal: true, mtu: '1400' })
    expect(await networks().inspect(name)).toMatchObject({ id, name, labels: get().labels, subnets: [subnet] })
    expect((await networks().inspect(id))?.name).toBe(name)
    expect((await networks().list(get().label)).map((network) => network.name)).toContain(name)
    expect((await networks().list()).map((network) => network.name)).toEqual(expect.arrayContaining([name, 'bridge']))
    expect(await networks().list(`${get().label}x`)).toEqual([])
    await networks().remove(id)
    await networks().remove(id)
    expect(await networks().inspect(name)).toBeNull()
  })

  it('a taken name is refused with 409, a taken subnet with another status', async () => {
    const subnet = get().subnet()
    const spec = { name: nameOf(get(), 'n'), labels: get().labels, subnet, traffic: true, internal: false, mtu: null }
    await networks().create(spec)
    await expect(networks().create({ ...spec, subnet: get().subnet() })).rejects.toMatchObject(refused(409))
    await expect(networks().create({ ...spec, name: nameOf(get(), 'n') })).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
  })

  it('a container is on the engine’s own network until it is taken off it, and on each that it is put on, with its aliases', async () => {
    const { id, name } = await made()
    const container = await containers().create(specOf(get()))
    expect(await joined(container)).toEqual(['bridge'])
    await networks().disconnect('bridge', container)
    expect(await joined(container)).toEqual([])
    await networks().connect(id, container, ['one.alias'])
    expect(await joined(container)).toEqual([name])
    await containers().start(container)
    const [network] = await networks().ofContainer(container)
    expect(network).toMatchObject({ id, name })
    expect(network?.aliases).toContain('one.alias')
    expect((await containers().inspect(container))?.addresses).toHaveLength(1)
    await networks().disconnect(name, container)
    expect(await joined(container)).toEqual([])
    expect(await networks().ofContainer(nameOf(get(), 'none'))).toEqual([])
  })

  it('a container that is made on a network is on no other, and is found on one of the same name until it has been started', async () => {
    const { id, name } = await made()
    const container = await containers().create(specOf(get(), { network: name }))
    expect(await networks().ofContainer(container)).toMatchObject([{ name, id: '' }])
    await networks().remove(id)
    await expect(containers().start(container)).rejects.toMatchObject(refused(404))
    const spec = { name, labels: get().labels, subnet: get().subnet(), traffic: false, internal: false, mtu: null }
    const other = await networks().create(spec)
    await containers().start(container)
    expect(await networks().ofContainer(container)).toMatchObject([{ name, id: other }])
  })

  it('one that something running is on cannot be removed; one that only stopped containers name can', async () => {
    const { id, name } = await made()
    const container = await runContainer(get())
    await networks().connect(id, container, [])
    await expect(networks().remove(id)).rejects.toMatchObject(refused(403))
    await containers().pause(container)
    await expect(networks().remove(id)).rejects.toMatchObject(refused(403))
    await containers().unpause(container)
    await containers().stop(container, 1)
    await networks().remove(id)
    expect(await networks().inspect(name)).toBeNull()
    expect(await joined(container)).toContain(name)
    await expect(containers().start(container)).rejects.toMatchObject(refused(404))
  })

  it('another of the same name does not take the place of one that is gone, until the container is put on it', async () => {
    const { id, name } = await made()
    const container = await runContainer(get())
    await networks().connect(id, container, [])
    await containers().stop(container, 1)
    await networks().remove(id)
    const spec = { name, labels: get().labels, subnet: get().subnet(), traffic: false, internal: false, mtu: null }
    const other = await networks().create(spec)
    await expect(containers().start(container)).rejects.toMatchObject(refused(404))
    await networks().remove(other)
    await networks().disconnect(name, container)
    expect(await joined(container)).not.toContain(name)
    const third = await networks().create(spec)
    await networks().connect(third, container, [])
    await containers().start(container)
    expect((await networks().ofContainer(container)).find((network) => network.name === name)).toMatchObject({ id: third })
  })

  it('a network that is missing cannot be joined; one that is joined already is refused while the container runs; what is not joined cannot be left', async () => {
    const { id, name } = await made()
    const container = await runContainer(get())
    await expect(networks().connect('0'.repeat(64), container, [])).rejects.toMatchObject(refused(404))
    await expect(networks().connect(id, nameOf(get(), 'none'), [])).rejects.toMatchObject(refused(404))
    await networks().connect(id, container, [])
    await expect(networks().connect(id, container, [])).rejects.toMatchObject(refused(403))
    await networks().disconnect(name, container)
    await expect(networks().disconnect(name, container)).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    await networks().disconnect(name, nameOf(get(), 'none'))
  })
}
