import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import type { Operation } from '../src/shared/operation'
import { inContainer } from '../src/shared/testing/in-container'
import { type EngineProxy, startEngineProxy } from './support/engine-proxy'
import { areLongRun } from './support/long'
import {
  connected,
  createTestCore,
  docker,
  done,
  inside,
  leftOnEngine,
  ownerLabel,
  running,
  type TestCore,
  uniqueName,
} from './support/test-core'

const SHOW = 'cat ~/file /opt/file'
const write = (word: string) => `echo ${word} > ~/file; sudo sh -c "echo ${word} > /opt/file"`

/** A running workspace that has changed since its snapshot s1. */
async function changedSinceSnapshot({ core }: TestCore): Promise<string> {
  const name = uniqueName('ops')
  await done(core, core.workspaces.start({ name }))
  await inside(core, name, write('then'))
  const { operation } = await core.copies.createSnapshot(name, 's1')
  expect((await core.operations.whenEnded(operation.id)).error).toBeNull()
  await inside(core, name, write('now'))
  return name
}

/** Resolves at the operation's first change of that kind. */
function seen({ core }: TestCore, isSo: (operation: Operation) => boolean): Promise<Operation> {
  return new Promise((resolve) => {
    const unsubscribe = core.operations.onChange((operation) => {
      if (!isSo(operation)) return
      unsubscribe()
      resolve(operation)
    })
  })
}

const isAt = (workspace: string, step: string) => (operation: Operation) =>
  operation.workspaceName === workspace && operation.steps.some(({ name, status }) => name === step && status === 'running')

describe('a restore past its commit step', () => {
  let test: TestCore
  let proxy: EngineProxy
  beforeAll(async () => {
    proxy = await startEngineProxy()
    test = await createTestCore({ engineEndpoint: proxy.endpoint })
    await test.core.local.engine.reconnect()
    await connected(test.core)
  })
  afterAll(async () => {
    await test.dispose()
    await proxy.close()
  })

  it('that cannot be finished blocks its workspace, retries automatically, and leaves nothing behind', async () => {
    const { core } = test
    const name = await changedSinceSnapshot(test)
    let isBroken = true
    const finishing = seen(test, isAt(name, 'finish')).then(() => {
      proxy.decide((line) => (isBroken && line.startsWith('DELETE ') ? 'cut' : 'pass'))
    })
    const { operation } = await core.copies.restore(name, 's1', { force: true })
    await Promise.race([finishing, core.operations.whenEnded(operation.id)])
    const waiting = await core.operations.whenStill(operation.id)
    expect(waiting).toMatchObject({ status: 'running', committed: true, error: null, endedAt: null })
    await expect(core.workspaces.stop(name)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' })
    await expect(core.operations.cancel(operation.id)).rejects.toMatchObject({ code: 'OPERATION_NOT_CANCELLABLE' })
    isBroken = false
    expect(await core.operations.whenEnded(operation.id)).toMatchObject({ status: 'succeeded', waiting: null })
    expect(await inside(core, name, SHOW)).toBe('then\nthen')
    expect((await core.copies.listSnapshots(name, { measure: false })).map(({ automatic }) => automatic).sort()).toEqual([false, true])
    const { volumes } = inContainer(core.workspaces.get(name))
    const left = await docker.listContainers({ all: true, filters: { name: [`workspace-${name}`] } })
    expect(left.flatMap(({ Names: names }) => names)).toEqual([`/workspace-${name}`])
    await done(core, core.workspaces.delete(name))
    expect(await leftOnEngine(name), `${volumes.home} and the state before are gone`).toEqual([])
  })

  it.each(areLongRun ? ['start', 'finish'] : ['finish'])('is cancelled whole or not at all when it comes to %s', async (step) => {
    const { core } = test
    const name = await changedSinceSnapshot(test)
    const there = seen(test, isAt(name, step))
    const { operation } = await core.copies.restore(name, 's1', { force: true })
    await there
    const cancelled = await core.operations.cancel(operation.id).then(
      () => true,
      () => false,
    )
    const ended = await core.operations.whenEnded(operation.id)
    expect(ended).toMatchObject(cancelled ? { status: 'cancelled', committed: false } : { status: 'succeeded', committed: true })
    expect(cancelled, 'nothing stands in the way of it before the commit step').toBe(step === 'start')
    await running(core, name)
    expect(await inside(core, name, SHOW)).toBe(cancelled ? 'now\nnow' : 'then\nthen')
    await done(core, core.workspaces.delete(name))
    expect(await leftOnEngine(name)).toEqual([])
  })
})

describe('a restore that a killed Berth 0.1.0 left', () => {
  let test: TestCore
  beforeAll(async () => {
    test = await createTestCore()
  })
  afterAll(() => test.dispose())

  it('is undone by the rules it began under, and a workspace with the name of its stand-in is not touched', async () => {
    const name = await changedSinceSnapshot(test)
    const beside = `${name}-previous-2`
    const { core } = test
    await done(core, core.copies.clone(name, { name: beside, stop: false, start: true }))
    const { id, containerId, volumes } = inContainer(core.workspaces.get(name))
    const [, owner = ''] = (await ownerLabel(test)).split('=')
    await test.core.close()

    // As 0.1.0 had it before its step “start”: the former container stopped and renamed, the new one in its place, on new volumes.
    const next = { home: `workspace-${name}.2`, docker: `workspace-${name}-docker.2` }
    const labels = { 'dev.berth.id': id, 'dev.berth.owner': owner, 'dev.berth.name': name }
    for (const [role, volume] of Object.entries(next)) {
      await docker.createVolume({ Name: volume, Labels: { ...labels, 'dev.berth.role': role } })
    }
    const former = docker.getContainer(containerId ?? '')
    await former.stop()
    await former.rename({ name: `workspace-${name}-previous` })
    await docker.createContainer({
      name: `workspace-${name}`,
      Image: LOCAL_IMAGE,
      Labels: { ...labels, 'dev.berth.role': 'workspace', 'dev.berth.home-volume': next.home, 'workspace.managed': 'true' },
    })
    const steps = ['check', 'volumes', 'layer', 'stop', 'replacement', 'switch', 'start', 'finish']
    await mkdir(join(test.home, 'operations'), { recursive: true })
    const place = (place: typeof next) => ({ volumes: place, storage: 'plain' })
    const entry = {
      version: 1,
      operation: {
        ...{ id: 'left', kind: 'snapshot.restore', workspaceId: id, workspaceName: name, status: 'running', cancellable: true },
        steps: steps.map((step) => ({
          ...{ name: step, title: step, status: 'done', startedAt: null, endedAt: null, progress: null, detail: null },
        })),
        ...{ startedAt: new Date().toISOString(), endedAt: null, notices: [], error: null },
      },
      pending: {
        input: {
          ...{ id, name, wasRunning: true, keepAs: null, layer: `berth-layer/${id}:next` },
          source: { storage: 'plain', volumes, container: null, image: `berth-layer/${id}:snapshot` },
          ...{ next: place(next), previous: place(volumes) },
        },
        stepIndex: steps.indexOf('start'),
        undoing: false,
      },
    }
    await writeFile(join(test.home, 'operations', 'left.json'), JSON.stringify(entry))

    await test.open()
    expect(await test.core.operations.whenEnded('left')).toMatchObject({ status: 'failed', error: { code: 'INTERRUPTED' } })
    await running(test.core, name)
    expect(test.core.workspaces.get(name)).toMatchObject({ containerId, volumes })
    expect(await inside(test.core, name, SHOW)).toBe('now\nnow')
    expect(await inside(test.core, beside, SHOW)).toBe('now\nnow')
    const left = await leftOnEngine(name)
    expect(left.filter((resource) => !resource.includes(beside)).sort()).toEqual(
      [`/workspace-${name}`, volumes.home, volumes.docker].sort(),
    )
    for (const workspace of [beside, name]) await done(test.core, test.core.workspaces.delete(workspace))
  })
})
