import { expect, it } from 'vitest'
import { nameOf, runContainer, type Subject, specOf } from './subject'

/** What the engine's clean-up removes. For an engine that is the test's own. */
export function pruneCases(get: () => Subject): void {
  const { containers, volumes, images, networks } = {
    containers: () => get().engine.containers,
    volumes: () => get().engine.volumes,
    images: () => get().engine.images,
    networks: () => get().engine.networks,
  }
  const prune = (what: 'containers' | 'volumes' | 'images' | 'networks') => get().own?.prune(what)
  const isThere = async (id: string) => (await containers().inspect(id)) !== null
  const volume = async () => {
    const name = nameOf(get(), 'v')
    await volumes().create(name, get().labels)
    return name
  }

  it('of containers: all that do not run, started ever or not; one that is paused runs', async () => {
    const created = await containers().create(specOf(get()))
    const [exited, running, paused] = [await runContainer(get()), await runContainer(get()), await runContainer(get())]
    await containers().stop(exited, 1)
    await containers().pause(paused)
    await prune('containers')
    expect(await Promise.all([created, exited, running, paused].map(isThere))).toEqual([false, false, true, true])
  })

  it('of volumes: all that no container has, with labels or without; what a stopped one has stays', async () => {
    const [free, ofStopped, ofRunning] = [await volume(), await volume(), await volume()]
    await containers().create(specOf(get(), { volumes: [{ name: ofStopped, path: '/data' }] }))
    await runContainer(get(), { volumes: [{ name: ofRunning, path: '/data' }] })
    await prune('volumes')
    expect(await volumes().inspect(free)).toBeNull()
    expect([await volumes().inspect(ofStopped), await volumes().inspect(ofRunning)]).not.toContain(null)
  })

  it('of images: all that no container is made of, named or not; what one is made of stays with its name', async () => {
    const source = await runContainer(get())
    const [free, used] = [`${get().prefix}/pruned:1`, `${get().prefix}/used:1`]
    const freeId = await containers().commit(source, free, { pause: false })
    const usedId = await containers().commit(source, used, { pause: false })
    await containers().create(specOf(get(), { image: used }))
    await prune('images')
    expect([await images().inspect(freeId), await images().inspect(free)]).toEqual([null, null])
    expect((await images().inspect(used))?.id).toBe(usedId)
    expect((await images().inspect(get().image))?.id).toBe((await containers().inspect(source))?.imageId)
  })

  it('of networks: all that nothing running is on', async () => {
    const make = async () => {
      const spec = { name: nameOf(get(), 'n'), labels: get().labels, subnet: get().subnet(), traffic: false, internal: false, mtu: null }
      return networks().create(spec)
    }
    const [free, ofStopped, ofRunning] = [await make(), await make(), await make()]
    await networks().connect(ofStopped, await containers().create(specOf(get())), [])
    await networks().connect(ofRunning, await runContainer(get()), [])
    await prune('networks')
    expect([await networks().inspect(free), await networks().inspect(ofStopped)]).toEqual([null, null])
    expect(await networks().inspect(ofRunning)).not.toBeNull()
    expect(await networks().inspect('bridge')).not.toBeNull()
  })
}
