import { expect, it } from 'vitest'
import { nameOf, runContainer, type Subject, specOf } from './subject'

/** What a killed engine leaves. For an engine that is the test's own. */
export function crashCases(get: () => Subject): void {
  const containers = () => get().engine.containers
  const volumes = () => get().engine.volumes
  const images = () => get().engine.images

  it('an engine that is killed and comes again keeps what it had answered for', async () => {
    const name = nameOf(get(), 'v')
    await volumes().create(name, get().labels)
    const stopped = await containers().create(specOf(get(), { volumes: [{ name, path: '/data' }] }))
    const reference = `${get().prefix}/survivor:1`
    const image = await containers().commit(stopped, reference, { pause: false })
    await get().own?.kill()
    expect(await containers().inspect(stopped)).toMatchObject({ state: 'created', labels: get().labels })
    expect(await volumes().inspect(name)).toMatchObject({ labels: get().labels })
    expect((await images().inspect(reference))?.id).toBe(image)
    await containers().start(stopped)
  })

  it('what ran when it was killed does not run any more, and can be started', async () => {
    const id = await runContainer(get())
    await get().own?.kill()
    expect(await containers().inspect(id)).toMatchObject({ running: false, state: 'exited' })
    await containers().start(id)
    expect(await containers().inspect(id)).toMatchObject({ running: true })
  })
}
