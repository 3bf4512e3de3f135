import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imageContextPath } from '../src/main/resource-paths'
import { openArchive } from '../src/main/storage/archive-read'
import type { OperationKind } from '../src/shared/operation'
import type { CrashPlan } from './support/crash-process'
import { insideContainer, makePerryWorkspace } from './support/perry-workspace'
import {
  createTestCore,
  docker,
  done,
  inside,
  leftOnEngine,
  ownerLabel,
  portRange,
  running,
  type TestCore,
  uniqueName,
} from './support/test-core'

const outDir = join(import.meta.dirname, '../node_modules/.cache/berth-test')

/** Names of the steps as the definitions have them now: a step that is added is killed at like the others. */
const stepsOf = await (async () => {
  const { core, dispose } = await createTestCore()
  const services = [core.workspaces, core.copies, core.archives, core.moves, core.adoption]
  const definitions = services.flatMap((service) => service.definitions())
  await dispose()
  return (kind: OperationKind) => {
    const definition = definitions.find((candidate) => candidate.kind === kind)
    if (!definition) throw new Error(`no definition of ${kind}`)
    const names = definition.steps.map(({ name }) => name)
    const commitIndex = definition.commitStep === null ? names.length : names.indexOf(definition.commitStep)
    return names.map((step, index) => ({ step, committed: index >= commitIndex }))
  }
})()

const whens = ['before', 'after'] as const
const killsIn = (kind: OperationKind) => stepsOf(kind).flatMap((step) => whens.map((when) => ({ ...step, when })))

describe('after kill -9', () => {
  let test: TestCore
  beforeAll(async () => {
    await build({
      logLevel: 'error',
      configFile: false,
      define: { __BERTH_VERSION__: JSON.stringify('0.0.0-test') },
      build: { ssr: join(import.meta.dirname, 'support/crash-process.ts'), outDir, emptyOutDir: true, target: 'node22' },
    })
    test = await createTestCore()
  })
  afterAll(() => test.dispose())

  /** Hands the home over to a process that kills itself, then takes it up again and lets recovery end. */
  async function crashAndRecover(given: Omit<CrashPlan, 'home' | 'imageContextPath'>): Promise<void> {
    await test.core.close()
    const plan: CrashPlan = { ...given, home: test.home, imageContextPath: imageContextPath() }
    const child = spawn(process.execPath, [join(outDir, 'crash-process.js'), JSON.stringify(plan)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const [, signal] = await once(child, 'exit')
    await test.open()
    expect(signal, 'the process came to the point where it kills itself').toBe('SIGKILL')
    await Promise.all(test.core.operations.list().map((operation) => test.core.operations.whenEnded(operation.id)))
  }

  async function expectWhollyGone(name: string, port?: number): Promise<void> {
    expect(await leftOnEngine(name)).toEqual([])
    expect(test.core.workspaces.list().filter((workspace) => workspace.name === name)).toEqual([])
    const next = await done(test.core, test.core.workspaces.start({ name }))
    expect(next.status, 'name and port are free again').toBe('succeeded')
    if (port !== undefined) expect(test.core.workspaces.get(name).ports.ssh).toBe(port)
    await done(test.core, test.core.workspaces.delete(name))
  }

  async function expectWhollyThere(name: string): Promise<void> {
    expect(test.core.workspaces.get(name)).toMatchObject({ status: 'running', problem: null, operationId: null })
    expect((await leftOnEngine(name)).sort()).toEqual([`/workspace-${name}`, `workspace-${name}`, `workspace-${name}-docker`])
    expect(await inside(test.core, name, 'whoami')).toBe('workspace')
  }

  it.each(killsIn('workspace.create'))(
    '$when step $step of create, it is wholly there or wholly gone',
    async ({ step, when, committed }) => {
      const name = uniqueName('crash')
      await crashAndRecover({ action: 'create', name, kill: { step, when } })
      if (committed) {
        await expectWhollyThere(name)
        await done(test.core, test.core.workspaces.delete(name))
      } else {
        expect(test.core.operations.list()[0]).toMatchObject({ status: 'failed', error: { code: 'INTERRUPTED' } })
        await expectWhollyGone(name)
      }
    },
  )

  const undone = stepsOf('workspace.create').filter(({ step }) => ['container', 'home-volume', 'reserve'].includes(step))
  it.each(undone)('while step $step of create is being taken back, the rest is taken back too', async ({ step }) => {
    const name = uniqueName('crash')
    await crashAndRecover({ action: 'cancel-create', name, kill: { step, when: 'undone' } })
    await expectWhollyGone(name)
  })

  it.each(killsIn('workspace.delete'))('$when step $step of delete, it is wholly gone', async ({ step, when }) => {
    const name = uniqueName('crash')
    await done(test.core, test.core.workspaces.start({ name }))
    const port = test.core.workspaces.get(name).ports.ssh ?? undefined
    await crashAndRecover({ action: 'delete', name, kill: { step, when } })
    await expectWhollyGone(name, port)
  })

  it.each(killsIn('workspace.start'))(
    '$when step $step of a start that moves to another port, nothing is lost',
    async ({ step, when, committed }) => {
      const name = uniqueName('crash')
      await done(test.core, test.core.workspaces.start({ name }))
      await inside(test.core, name, 'echo home > ~/kept; sudo sh -c "echo layer > /opt/kept"')
      await done(test.core, test.core.workspaces.stop(name))
      const port = test.core.workspaces.get(name).ports.ssh ?? 0
      const squatter = await occupy(port)
      try {
        await crashAndRecover({ action: 'start', name, kill: { step, when } })
        if (!committed) {
          expect(test.core.workspaces.get(name)).toMatchObject({ status: 'stopped', ports: { ssh: port } })
          await done(test.core, test.core.workspaces.start({ name }))
        }
        await expectWhollyThere(name)
        expect(test.core.workspaces.get(name).ports.ssh).not.toBe(port)
        expect(await inside(test.core, name, 'cat ~/kept /opt/kept')).toBe('home\nlayer')
      } finally {
        squatter.close()
      }
      const { id } = test.core.workspaces.get(name)
      await done(test.core, test.core.workspaces.delete(name))
      expect(await layersOf(id)).toEqual([])
    },
  )

  it.each(killsIn('workspace.adopt'))(
    '$when step $step of an adoption, it is the other tool’s as it was, or adopted',
    async ({ step, when, committed }) => {
      const { from: port } = portRange(1)
      const perry = await makePerryWorkspace({ port })
      const work = 'cat /home/workspace/work /opt/work'
      try {
        await insideContainer(perry.containerId, 'echo home > /home/workspace/work; echo layer > /opt/work')
        await crashAndRecover({ action: 'adopt', name: perry.name, kill: { step, when } })
        if (committed) {
          await expectWhollyThere(perry.name)
          expect(await inside(test.core, perry.name, work)).toBe('home\nlayer')
          const { id, ports } = test.core.workspaces.get(perry.name)
          expect(ports.ssh).toBe(port)
          await done(test.core, test.core.workspaces.delete(perry.name))
          expect(await layersOf(id)).toEqual([])
        } else {
          expect(test.core.workspaces.list().map(({ name }) => name)).not.toContain(perry.name)
          const [found] = (await test.core.adoption.list()).filter(({ name }) => name === perry.name)
          expect(found).toMatchObject({ containerId: perry.containerId, containerName: `workspace-${perry.name}`, status: 'running' })
          expect(await insideContainer(perry.containerId, work)).toBe('home\nlayer')
          expect(await layersOf(test.core.operations.list()[0]?.workspaceId ?? '')).toEqual([])
          const left = [`/workspace-${perry.name}`, `workspace-${perry.name}`, `workspace-${perry.name}-docker`]
          expect((await leftOnEngine(perry.name)).sort()).toEqual(left)
        }
      } finally {
        await perry.remove()
      }
    },
  )

  describe('with a source that has work in it', () => {
    const source = uniqueName('work')
    const work = 'cat ~/work /opt/work'
    beforeAll(async () => {
      await done(test.core, test.core.workspaces.start({ name: source }))
      await inside(test.core, source, 'echo home > ~/work; sudo sh -c "echo layer > /opt/work"')
    })

    const sourceIsWhole = async () => {
      expect(test.core.workspaces.get(source)).toMatchObject({ status: 'running', problem: null, operationId: null })
      expect(await inside(test.core, source, work)).toBe('home\nlayer')
    }

    it.each(
      killsIn('workspace.clone').flatMap((kill) => [
        { ...kill, action: 'clone' as const },
        { ...kill, action: 'clone-stop' as const },
      ]),
    )('$when step $step of $action, the clone is wholly gone and the source runs', async ({ step, when, action }) => {
      const clone = uniqueName('crash')
      await crashAndRecover({ action, name: source, other: clone, kill: { step, when } })
      expect(await leftOnEngine(clone)).toEqual([])
      expect(await layersOf(test.core.operations.list()[0]?.workspaceId ?? '')).toEqual([])
      expect(test.core.workspaces.list().map(({ name }) => name)).not.toContain(clone)
      await sourceIsWhole()
    })

    it.each(killsIn('snapshot.create'))('$when step $step of a snapshot, nothing is left of it', async ({ step, when }) => {
      const filters = { label: [`dev.berth.id=${test.core.workspaces.get(source).id}`, 'dev.berth.role=snapshot-home'] }
      const volumes = async () => (await docker.listVolumes({ filters })).Volumes ?? []
      const before = (await volumes()).length
      await crashAndRecover({ action: 'snapshot', name: source, other: 'one', kill: { step, when } })
      expect(await volumes()).toHaveLength(before)
      expect(await test.core.copies.listSnapshots(source, { measure: false })).toEqual([])
      await sourceIsWhole()
    })

    it.each(killsIn('snapshot.restore'))(
      '$when step $step of a restore, it is wholly the old or wholly the restored state',
      async ({ step, when, committed }) => {
        const name = uniqueName('crash')
        await done(test.core, test.core.copies.clone(source, { name, stop: false, start: true }))
        const { operation } = await test.core.copies.createSnapshot(name, 'then')
        await test.core.operations.whenEnded(operation.id)
        await inside(test.core, name, 'echo changed > ~/work; sudo sh -c "echo changed > /opt/work"')
        await crashAndRecover({ action: 'restore', name, other: 'then', kill: { step, when } })
        await running(test.core, name)
        expect(test.core.workspaces.get(name)).toMatchObject({ status: 'running', problem: null })
        expect(await inside(test.core, name, work)).toBe(committed ? 'home\nlayer' : 'changed\nchanged')
        expect(await test.core.copies.listSnapshots(name, { measure: false })).toHaveLength(committed ? 2 : 1)
        const { id } = test.core.workspaces.get(name)
        await done(test.core, test.core.workspaces.delete(name))
        expect((await docker.listVolumes({ filters: { label: [`dev.berth.id=${id}`] } })).Volumes ?? []).toEqual([])
      },
    )

    it.each(killsIn('workspace.export'))(
      '$when step $step of an export, the file is wholly there or nothing of it is',
      async ({ step, when, committed }) => {
        const file = join(test.home, `${uniqueName('crash')}.berth`)
        await crashAndRecover({ action: 'export', name: source, other: file, kill: { step, when } })
        expect([file, `${file}.partial`].filter(existsSync)).toEqual(committed ? [file] : [])
        await expectNoTemporaries()
        await sourceIsWhole()
        if (committed) await (await openArchive(file)).close()
      },
    )

    describe('and a file that it was exported to', () => {
      const file = join(tmpdir(), `${uniqueName('crash')}.berth`)
      beforeAll(async () => {
        const { operation } = await test.core.archives.export(source, { file, overwrite: false })
        expect((await test.core.operations.whenEnded(operation.id)).error).toBeNull()
      })
      afterAll(() => rm(file))

      it.each(killsIn('workspace.import'))('$when step $step of an import, nothing is left of it', async ({ step, when }) => {
        const name = uniqueName('crash')
        await crashAndRecover({ action: 'import', name, other: file, kill: { step, when } })
        expect(await leftOnEngine(name)).toEqual([])
        expect(test.core.workspaces.list().map((workspace) => workspace.name)).not.toContain(name)
        await expectNoTemporaries()
      })
    })

    /** Of exports and imports of this Berth's. */
    async function expectNoTemporaries(): Promise<void> {
      const { id } = test.core.workspaces.get(source)
      const helpers = await docker.listContainers({ all: true, filters: { label: [await ownerLabel(test), 'dev.berth.role=helper'] } })
      const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`dev.berth.id=${id}`, 'dev.berth.role=snapshot-home'] } })
      const images = await docker.listImages({ filters: { label: [`dev.berth.id=${id}`] } })
      const tags = images.flatMap((image) => image.RepoTags ?? []).filter((tag) => tag.endsWith(':export') || tag.endsWith(':import'))
      expect({ helpers, volumes: volumes ?? [], tags }).toEqual({ helpers: [], volumes: [], tags: [] })
    }

    describe('and a pool', () => {
      // One goes to the pool, the other comes from there; what is taken back is there for the next kill.
      const names = { before: uniqueName('crash'), after: uniqueName('crash') }
      beforeAll(async () => {
        await test.core.storage.enable(1024 ** 3)
        test.core.settings.update({ newWorkspaceStorage: 'plain' })
        for (const name of Object.values(names)) await done(test.core, test.core.copies.clone(source, { name, stop: false, start: true }))
        await done(test.core, test.core.moves.move(names.after, { driver: 'btrfs', stop: true }))
      })
      afterAll(async () => {
        for (const name of Object.values(names)) await done(test.core, test.core.workspaces.delete(name))
        await test.core.storage.disable()
      })

      it.each(killsIn('workspace.move'))(
        '$when step $step of a move, it is wholly in one place and runs',
        async ({ step, when, committed }) => {
          const name = names[when]
          const { id, storage } = test.core.workspaces.get(name)
          const other = storage === 'plain' ? 'btrfs' : 'plain'
          await crashAndRecover({ action: 'move', name, other, kill: { step, when } })
          await running(test.core, name)
          const workspace = test.core.workspaces.get(name)
          expect(workspace).toMatchObject({ storage: committed ? other : storage, problem: null })
          expect(await inside(test.core, name, work)).toBe('home\nlayer')
          const { home, docker: nested } = workspace.volumes
          expect((await leftOnEngine(name)).sort()).toEqual([`/workspace-${name}`, home, nested].sort())
          expect((await docker.getVolume(home).inspect()).Options?.type).toBe(workspace.storage === 'btrfs' ? 'btrfs' : undefined)
          expect((await layersOf(id)).length).toBeLessThanOrEqual(1)
        },
      )
    })

    it.each(killsIn('workspace.rename'))('$when step $step of a rename, it has the new name', async ({ step, when }) => {
      const [name, other] = [uniqueName('crash'), uniqueName('new')]
      await done(test.core, test.core.workspaces.start({ name }))
      await crashAndRecover({ action: 'rename', name, other, kill: { step, when } })
      expect(test.core.workspaces.get(other)).toMatchObject({ status: 'running', containerName: `workspace-${other}` })
      await done(test.core, test.core.workspaces.delete(other))
      expect(await leftOnEngine(name)).toEqual([])
    })
  })
})

/** Images that hold a copied layer of that workspace or snapshot. */
function layersOf(id: string) {
  return docker.listImages({ all: true, filters: { reference: [`berth-layer/${id}`] } })
}

async function occupy(port: number): Promise<Server> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
