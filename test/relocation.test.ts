import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { longIt } from './support/long'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { createTestCore, docker, done, inside, leftOnEngine, type TestCore, uniqueName } from './support/test-core'
import { helperImage } from './support/volume-tree'

const FILL = `mkdir -p ~/many; for n in $(seq 300); do head -c 2000 /dev/urandom >~/many/$n; done
head -c 30000000 /dev/urandom >~/large; ln ~/large ~/linked; echo installed | sudo tee /opt/installed >/dev/null`
const DIGEST = 'cd ~ && find many large linked -type f | sort | xargs sha256sum | sha256sum; cat /opt/installed; stat -c %h large'

describe.skipIf(process.getuid?.() !== 0)('a workspace that moves to another engine', () => {
  let second: SecondEngine
  let test: TestCore
  const name = uniqueName('mover')
  const core = () => test.core
  const view = () => core().workspaces.get(name)
  let digest = ''

  beforeAll(async () => {
    second = await startSecondEngine({ image: helperImage })
    test = await createTestCore({ keptLayerMegabytes: 0 })
    await core().engines.add({ name: 'big', address: second.endpoint })
    await done(core(), core().workspaces.create({ name }))
    await inside(core(), name, FILL)
    digest = await inside(core(), name, DIGEST)
    const { operation } = await core().copies.createSnapshot(name, 'before')
    await core().operations.whenEnded(operation.id)
  })
  // The last one comes first.
  afterAll(() => second?.dispose())
  afterAll(() => test?.dispose())

  const leftThere = async () => {
    const containers = await second.docker.listContainers({ all: true })
    const { Volumes } = await second.docker.listVolumes()
    const images = await second.docker.listImages()
    return [
      ...containers.filter(({ Labels }) => Labels['dev.berth.role'] !== 'keeper').flatMap(({ Names }) => Names),
      ...(Volumes ?? []).map(({ Name }) => Name),
      ...images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith('berth-layer/')),
      ...(await unnamedOn(second.docker)),
    ]
  }
  /** Ids of images of its containers that have no name. */
  const unnamedOn = async (engine: typeof docker) => {
    const images = await engine.listImages({ filters: { label: [`dev.berth.id=${view().id}`], dangling: ['true'] } })
    return images.map(({ Id }) => Id)
  }
  const containersHere = async (id: string) =>
    docker.listContainers({ all: true, filters: { label: [`dev.berth.id=${id}`, 'dev.berth.role=workspace'] } })

  /** Resolves once some of its volumes has been sent. */
  const isSending = (operationId: string) =>
    new Promise<void>((resolve) => {
      const stop = core().operations.onChange(({ id, steps }) => {
        if (id !== operationId || !steps.find((step) => step.name === 'volumes')?.progress) return
        stop()
        resolve()
      })
    })

  it('is there with all that it had, on the same port, and nothing of it stays behind', async () => {
    const before = view()
    await inside(core(), name, 'nohup sh -c "while :; do date >>~/running; sleep 0.2; done" >/dev/null 2>&1 &')
    const told: string[] = []
    const stop = core().events.subscribe((event) => {
      if (event.type === 'snapshot-changed') told.push(event.snapshot.name)
    })
    await done(core(), core().relocations.move(name, { engine: 'big', dropSnapshots: false }))
    stop()
    expect(told).toEqual(['before'])
    expect(await unnamedOn(docker)).toEqual([])
    expect(await unnamedOn(second.docker)).toEqual([])
    expect(view()).toMatchObject({ id: before.id, engine: 'big', status: 'running', ports: before.ports })
    expect(await inside(core(), name, DIGEST)).toBe(digest)
    expect(Number(await inside(core(), name, 'wc -l <~/running'))).toBeGreaterThan(0)
    expect(await containersHere(before.id)).toEqual([])
    expect(await leftOnEngine(name)).toEqual([])
    await expect(core().relocations.move(name, { engine: 'big', dropSnapshots: false })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('is brought back to a snapshot that went along', async () => {
    await inside(core(), name, 'rm -r ~/many; echo changed | sudo tee /opt/installed')
    await done(core(), core().copies.restore(name, 'before', { force: true }))
    expect(await inside(core(), name, DIGEST)).toBe(digest)
  })

  it('moves back, stopped, without its snapshots', async () => {
    await done(core(), core().workspaces.stop(name))
    await done(core(), core().relocations.move(name, { engine: 'local', dropSnapshots: true }))
    expect(view()).toMatchObject({ engine: 'local', status: 'stopped' })
    expect(await core().copies.listSnapshots(name, { measure: false })).toEqual([])
    expect(await leftThere()).toEqual([])
    const networks = async () => (await second.docker.listNetworks()).filter(({ Name }) => Name.startsWith('berth'))
    await vi.waitFor(async () => expect(await networks()).toEqual([]), 5000)
    await done(core(), core().workspaces.start({ name }))
    expect(await inside(core(), name, DIGEST)).toBe(digest)
  })

  it('stays as it was, running, when it is cancelled in the middle', async () => {
    const { operation } = await core().relocations.move(name, { engine: 'big', dropSnapshots: false })
    await isSending(operation.id)
    await core().operations.cancel(operation.id)
    expect(await core().operations.whenEnded(operation.id)).toMatchObject({ status: 'cancelled', committed: false })
    expect(view()).toMatchObject({ engine: 'local', status: 'running' })
    expect(await inside(core(), name, DIGEST)).toBe(digest)
    expect(await leftThere()).toEqual([])
  })

  longIt('stays as it was when the other engine is killed on the way, and nothing is left there once that is back', async () => {
    const { operation } = await core().relocations.move(name, { engine: 'big', dropSnapshots: false })
    await isSending(operation.id)
    await second.kill()
    expect(await inside(core(), name, 'echo goes on')).toBe('goes on')
    await second.start()
    const ended = await core().operations.whenEnded(operation.id)
    // It may have gone on when the engine was back.
    if (ended.status === 'succeeded') {
      expect(view().engine).toBe('big')
      await done(core(), core().relocations.move(name, { engine: 'local', dropSnapshots: false }))
    }
    expect(view()).toMatchObject({ engine: 'local', status: 'running' })
    expect(await inside(core(), name, DIGEST)).toBe(digest)
    expect(await leftThere()).toEqual([])
  })
})
