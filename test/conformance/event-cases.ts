import { expect, it, vi } from 'vitest'
import { nameOf, runContainer, type Subject, specOf } from './subject'

export function eventCases(get: () => Subject): void {
  const containers = () => get().engine.containers
  const eventsOf = (id: string) => get().events.filter(({ containerId }) => containerId === id)
  const actionsOf = (id: string) => eventsOf(id).map(({ action }) => action)

  /** Resolves once it is gone and told of: its last event is always the same. */
  const untilDestroyed = (id: string) => vi.waitFor(() => expect(actionsOf(id).at(-1)).toBe('destroy'), 10_000)

  it('tell a whole life in its order, with name and labels', async () => {
    const spec = specOf(get())
    const id = await containers().create(spec)
    await containers().start(id)
    await containers().pause(id)
    await containers().unpause(id)
    await containers().limit(id, { memoryBytes: null, cpus: null, processes: 100 })
    await containers().stop(id, 5)
    await containers().start(id)
    await containers().remove(id)
    await untilDestroyed(id)
    expect(actionsOf(id)).toEqual(['create', 'start', 'pause', 'unpause', 'update', 'die', 'start', 'die', 'destroy'])
    for (const { attributes } of eventsOf(id)) expect(attributes).toMatchObject({ ...get().labels, name: spec.name, image: get().image })
    expect(eventsOf(id).flatMap(({ action, attributes }) => (action === 'die' ? [attributes.exitCode] : []))).toEqual(['143', '137'])
    const times = eventsOf(id).map(({ time }) => time)
    expect(times).toEqual([...times].sort((one, other) => one - other))
    expect(Math.abs((times.at(-1) ?? 0) - get().now())).toBeLessThan(60_000)
  })

  it('tell a rename with both names, and the new one from then on', async () => {
    const spec = specOf(get())
    const id = await containers().create(spec)
    const name = nameOf(get(), 'renamed')
    await containers().rename(id, name)
    await containers().remove(id)
    await untilDestroyed(id)
    expect(actionsOf(id)).toEqual(['create', 'rename', 'destroy'])
    const [create, rename, destroy] = eventsOf(id)
    expect(create?.attributes.name).toBe(spec.name)
    expect(rename?.attributes).toMatchObject({ name, oldName: `/${spec.name}` })
    expect(destroy?.attributes.name).toBe(name)
  })

  it('say nothing of what was refused, or was so already', async () => {
    const [one, other] = [specOf(get()), specOf(get())]
    const id = await runContainer(get(), one)
    const otherId = await containers().create(other)
    await containers().start(id)
    await expect(containers().rename(id, other.name)).rejects.toThrow()
    await expect(containers().create(one)).rejects.toThrow()
    await containers().stop(otherId, 1)
    await containers().remove(id)
    await untilDestroyed(id)
    expect(actionsOf(id)).toEqual(['create', 'start', 'die', 'destroy'])
    expect(actionsOf(otherId)).toEqual(['create'])
  })

  it('say nothing of containers without the label', async () => {
    const stranger = await containers().create(specOf(get(), { labels: { 'dev.berth.conformance': `${get().prefix}x` } }))
    const id = await containers().create(specOf(get()))
    await containers().remove(stranger)
    await containers().remove(id)
    await untilDestroyed(id)
    expect(actionsOf(stranger)).toEqual([])
  })

  it('tell of an end by itself, with its code', async () => {
    const id = await runContainer(get(), { entrypoint: ['sh', '-c', 'exit 7'] })
    await vi.waitFor(() => expect(actionsOf(id)).toEqual(['create', 'start', 'die']), 10_000)
    expect(eventsOf(id).at(-1)?.attributes.exitCode).toBe('7')
  })

  it('that a container died is told when the list says so too', async () => {
    const id = await runContainer(get())
    await containers().stop(id, 5)
    await vi.waitFor(() => expect(actionsOf(id)).toContain('die'), 10_000)
    expect(await containers().inspect(id)).toMatchObject({ running: false })
  })
}
