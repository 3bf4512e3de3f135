import { expect, it, vi } from 'vitest'
import { nameOf, refused, runContainer, type Subject, specOf } from './subject'

const MIB = 1024 ** 2

export function containerCases(get: () => Subject): void {
  const containers = () => get().engine.containers
  const stateOf = async (id: string) => (await containers().inspect(id))?.state

  it('a taken name is refused with 409, and free again when its container is gone', async () => {
    const spec = specOf(get())
    const id = await containers().create(spec)
    await expect(containers().create(spec)).rejects.toMatchObject(refused(409))
    await containers().remove(id)
    await containers().remove(await containers().create(spec))
  })

  it('of many creates of one name at the same time, one succeeds', async () => {
    const spec = specOf(get())
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => containers().create(spec)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(refused(409))
  })

  it('a rename onto a taken name is refused with 409, and both keep theirs', async () => {
    const [one, other] = [specOf(get()), specOf(get())]
    const [oneId, otherId] = [await runContainer(get(), one), await containers().create(other)]
    await expect(containers().rename(oneId, other.name)).rejects.toMatchObject(refused(409))
    expect((await containers().inspect(one.name))?.id).toBe(oneId)
    expect((await containers().inspect(other.name))?.id).toBe(otherId)
  })

  it('a rename holds at once, also of one that runs, and frees the old name', async () => {
    const spec = specOf(get())
    const id = await runContainer(get(), spec)
    const name = nameOf(get(), 'renamed')
    await containers().rename(id, name)
    expect(await containers().inspect(spec.name)).toBeNull()
    expect(await containers().inspect(name)).toMatchObject({ id, name, running: true })
    await containers().create(spec)
  })

  it('names swap with a third one in between', async () => {
    const [one, other, between] = [specOf(get()), specOf(get()), nameOf(get(), 'between')]
    const [oneId, otherId] = [await containers().create(one), await containers().create(other)]
    await containers().rename(oneId, between)
    await containers().rename(otherId, one.name)
    await containers().rename(oneId, other.name)
    expect((await containers().inspect(one.name))?.id).toBe(otherId)
    expect((await containers().inspect(other.name))?.id).toBe(oneId)
  })

  it('one that is missing is null, fine to remove and to let go on, and refused with 404 for all else', async () => {
    const none = nameOf(get(), 'none')
    expect(await containers().inspect(none)).toBeNull()
    await containers().remove(none)
    await containers().unpause(none)
    await expect(containers().start(none)).rejects.toMatchObject(refused(404))
    await expect(containers().stop(none, 1)).rejects.toMatchObject(refused(404))
    await expect(containers().pause(none)).rejects.toMatchObject(refused(404))
    await expect(containers().rename(none, nameOf(get(), 'x'))).rejects.toMatchObject(refused(404))
    await expect(containers().create(specOf(get(), { image: `${get().prefix}/none:1` }))).rejects.toMatchObject(refused(404))
  })

  it('goes through created, running, paused, running, exited, and says when', async () => {
    const id = await containers().create(specOf(get()))
    expect(await containers().inspect(id)).toMatchObject({ state: 'created', running: false, startedAt: null, finishedAt: null })
    await containers().start(id)
    expect(await containers().inspect(id)).toMatchObject({ state: 'running', running: true, paused: false, startedAt: expect.any(Date) })
    await containers().pause(id)
    expect(await containers().inspect(id)).toMatchObject({ state: 'paused', running: true, paused: true })
    await containers().unpause(id)
    expect(await stateOf(id)).toBe('running')
    await containers().stop(id, 5)
    expect(await containers().inspect(id)).toMatchObject({ state: 'exited', running: false, finishedAt: expect.any(Date), exitCode: 143 })
  })

  it('a start of one that runs, a stop of one that does not, and a second pause or unpause change nothing', async () => {
    const id = await containers().create(specOf(get()))
    await containers().stop(id, 1)
    expect(await stateOf(id)).toBe('created')
    await containers().start(id)
    const { startedAt } = (await containers().inspect(id)) ?? {}
    await containers().start(id)
    expect((await containers().inspect(id))?.startedAt).toEqual(startedAt)
    await containers().unpause(id)
    await containers().pause(id)
    await containers().pause(id)
    expect(await stateOf(id)).toBe('paused')
    await containers().unpause(id)
    await containers().unpause(id)
    await containers().stop(id, 1)
    await containers().stop(id, 1)
    expect(await stateOf(id)).toBe('exited')
    await containers().start(id)
    expect(await containers().inspect(id)).toMatchObject({ state: 'running', exitCode: 0 })
  })

  it('one that is paused can be stopped and removed; it cannot be started or run something', async () => {
    const id = await runContainer(get())
    await containers().pause(id)
    const command = ['sh', '-c', 'exit 0']
    await expect(get().engine.exec.start({ containerId: id, command, user: 'root', tty: false, stdin: false })).rejects.toMatchObject(
      refused(409),
    )
    await expect(containers().start(id)).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    await containers().stop(id, 1)
    expect(await stateOf(id)).toBe('exited')
    await expect(containers().pause(id)).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    await containers().start(id)
    await containers().pause(id)
    await containers().remove(id)
    expect(await containers().inspect(id)).toBeNull()
  })

  it('one that runs is removed at once, also by several at the same time', async () => {
    const id = await runContainer(get())
    await containers().remove(id)
    expect(await containers().inspect(id)).toBeNull()
    const labels = { ...get().labels, many: get().prefix }
    const ids = await Promise.all([1, 2, 3, 4].map(() => runContainer(get(), { labels })))
    await Promise.all([containers().removeAll(`many=${get().prefix}`), containers().removeAll(`many=${get().prefix}`)])
    for (const gone of ids) expect(await containers().inspect(gone)).toBeNull()
  })

  it('is listed by a label, alone or with its value, and by nothing that only resembles it', async () => {
    const key = `${get().prefix}.key`
    const [one, other] = [
      await containers().create(specOf(get(), { labels: { ...get().labels, [key]: 'a' } })),
      await containers().create(specOf(get(), { labels: { ...get().labels, [key]: 'ab', [`${key}x`]: 'a' } })),
    ]
    const ids = async (label: string) => (await containers().list(label)).map(({ id }) => id).sort()
    expect(await ids(key)).toEqual([one, other].sort())
    expect(await ids(`${key}=a`)).toEqual([one])
    expect(await ids(`${key}=ab`)).toEqual([other])
    expect(await ids(`${key}x`)).toEqual([other])
    expect(await ids(`${key}=`)).toEqual([])
    expect(await ids(`${key}=A`)).toEqual([])
    expect(await containers().list(`${key}=a`)).toMatchObject([{ state: 'created', image: get().image, labels: get().labels }])
    const [listed] = await containers().list(`${key}=a`)
    expect(listed?.imageId).toBe((await containers().inspect(listed?.id ?? ''))?.imageId)
  })

  it('keeps what it was made with', async () => {
    const volume = nameOf(get(), 'v')
    await get().engine.volumes.create(volume, get().labels)
    const environment = { PLAIN: 'a=b', EMPTY: '', LINES: 'one\ntwo', UNICODE: 'ü “x”' }
    const limits = { memoryBytes: 64 * MIB, cpus: 0.5, processes: 50 }
    const ports = [{ containerPort: 80, hostAddress: '127.0.0.1', hostPort: 0 }]
    const spec = specOf(get(), { environment, limits, ports, volumes: [{ name: volume, path: '/data' }] })
    const details = await containers().inspect(await containers().create(spec))
    expect(details).toMatchObject({ name: spec.name, image: spec.image, labels: spec.labels, limits, ports, environment })
    expect(details?.environment).toMatchObject({ KEPT: 'yes' })
    expect(details?.mounts).toEqual([{ path: '/data', kind: 'volume', volume }])
    expect(details?.imageId).toBe((await get().engine.images.inspect(get().image))?.id)
  })

  it('limits change while it runs and while it does not, and can be lifted', async () => {
    const id = await runContainer(get(), { limits: { memoryBytes: 64 * MIB, cpus: 0.5, processes: 50 } })
    const limits = { memoryBytes: 96 * MIB, cpus: 1, processes: 70 }
    await containers().limit(id, limits)
    expect((await containers().inspect(id))?.limits).toEqual(limits)
    await containers().limit(id, { memoryBytes: null, cpus: null, processes: null })
    expect((await containers().inspect(id))?.limits.processes).toBeNull()
    expect((await containers().inspect(id))?.limits.memoryBytes).toBeGreaterThan(96 * MIB)
    await containers().stop(id, 1)
    await containers().limit(id, limits)
    await containers().start(id)
    expect((await containers().inspect(id))?.limits).toEqual(limits)
  })

  it('a taken port fails the start and leaves it as it was, to be started when the port is free', async () => {
    const ports = [{ containerPort: 80, hostAddress: '127.0.0.1', hostPort: 18_931 }]
    const holder = await runContainer(get(), { ports })
    const id = await containers().create(specOf(get(), { ports }))
    await expect(containers().start(id)).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    expect(await containers().inspect(id)).toMatchObject({ running: false, state: 'created', error: expect.stringMatching(/./) })
    await containers().remove(holder)
    await containers().start(id)
    expect(await containers().inspect(id)).toMatchObject({ running: true, error: '' })
    await containers().remove(id)
  })

  it('ends with the code of its program', async () => {
    const id = await runContainer(get(), { entrypoint: ['sh', '-c', 'exit 7'] })
    await vi.waitFor(async () => expect(await stateOf(id)).toBe('exited'), 10_000)
    expect(await containers().inspect(id)).toMatchObject({ exitCode: 7, outOfMemory: false })
  })

  it('is killed when it does not end in the time of a stop', async () => {
    const id = await runContainer(get(), { entrypoint: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'] })
    const begin = get().now()
    await containers().stop(id, 1)
    expect(get().now() - begin).toBeGreaterThan(900)
    expect(await containers().inspect(id)).toMatchObject({ state: 'exited', exitCode: 137 })
  })
}
