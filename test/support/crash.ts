import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect } from 'vitest'
import { imageContextPath } from '../../src/main/resource-paths'
import type { OperationKind } from '../../src/shared/operation-kinds'
import type { CrashPlan } from './crash-process'
import { areLongRun } from './long'
import { createTestCore, docker, done, inside, leftOnEngine, nextEvent, type TestCore } from './test-core'

/** Of this process: several test files build it at the same time. */
const outDir = join(import.meta.dirname, `../../node_modules/.cache/berth-crash-${process.pid}`)

/** Names of the steps as the definitions have them now: a step that is added is killed at like the others. */
export const stepsOf = await (async () => {
  const { core, dispose } = await createTestCore()
  const services = [
    core.workspaces,
    core.copies,
    core.archives,
    core.storageMigrations,
    core.relocations,
    core.adoption,
    core.rebuilds,
    core.devcontainers,
  ]
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
/**
 * Before and after each step of the operation. Without the long tests, on both sides of the one that decides whether recovery goes back or
 * forward; the simulation kills at every step of every operation.
 */
export function killsIn(kind: OperationKind) {
  const steps = stepsOf(kind)
  const every = steps.flatMap((step) => whens.map((when) => ({ ...step, when })))
  if (areLongRun) return every
  const commitIndex = steps.findIndex(({ committed }) => committed)
  const decisive = commitIndex === -1 ? steps.length - 1 : commitIndex
  return every.filter(({ step }) => step === steps[decisive]?.step)
}

/** A core that is killed again and again, and what is to be true each time that it has come back. */
export interface CrashTest {
  /** Changes with each kill. */
  readonly test: TestCore
  /** Hands the home over to a process that kills itself, then takes it up again and lets recovery end. */
  crashAndRecover(given: Omit<CrashPlan, 'home' | 'imageContextPath'>): Promise<void>
  expectWhollyGone(name: string, port?: number): Promise<void>
  expectWhollyThere(name: string): Promise<void>
}

/** To be called in a `describe`: the core is there while its tests run. */
export function useCrashTest(): CrashTest {
  let test: TestCore | null = null
  const current = () => {
    if (!test) throw new Error('the core is there while tests run')
    return test
  }
  beforeAll(async () => {
    await build({
      logLevel: 'error',
      configFile: false,
      define: { __BERTH_VERSION__: JSON.stringify('0.0.0-test') },
      build: { ssr: join(import.meta.dirname, 'crash-process.ts'), outDir, emptyOutDir: true, target: 'node22' },
    })
    test = await createTestCore()
  })
  afterAll(async () => {
    await test?.dispose()
    await rm(outDir, { recursive: true, force: true })
  })

  return {
    get test() {
      return current()
    },
    async crashAndRecover(given) {
      const test = current()
      await test.core.close()
      const plan: CrashPlan = { ...given, home: test.home, imageContextPath: imageContextPath() }
      const child = spawn(process.execPath, [join(outDir, 'crash-process.js'), JSON.stringify(plan)], {
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      const [, signal] = await once(child, 'exit')
      await test.open()
      expect(signal, 'the process came to the point where it kills itself').toBe('SIGKILL')
      await Promise.all(test.core.operations.list().map((operation) => test.core.operations.whenEnded(operation.id)))
      // One that was started a moment before this Berth came is looked at first.
      while (test.core.workspaces.list().some(({ status }) => status === 'starting')) await nextEvent(test.core)
    },
    async expectWhollyGone(name, port) {
      const { core } = current()
      expect(await leftOnEngine(name)).toEqual([])
      expect(core.workspaces.list().filter((workspace) => workspace.name === name)).toEqual([])
      const next = await done(core, core.workspaces.start({ name }))
      expect(next.status, 'name and port are free again').toBe('succeeded')
      if (port !== undefined) expect(core.workspaces.get(name).ports.ssh).toBe(port)
      await done(core, core.workspaces.delete(name))
    },
    async expectWhollyThere(name) {
      const { core } = current()
      expect(core.workspaces.get(name)).toMatchObject({ status: 'running', problem: null, operationId: null })
      expect((await leftOnEngine(name)).sort()).toEqual([`/workspace-${name}`, `workspace-${name}`, `workspace-${name}-docker`])
      expect(await inside(core, name, 'whoami')).toBe('workspace')
    },
  }
}

/** A running workspace with something in its home folder and in its layer, for as long as the tests of the `describe` run. */
export function useWork(crash: CrashTest, source: string): { show: string; isWhole(): Promise<void> } {
  const show = 'cat ~/work /opt/work'
  beforeAll(async () => {
    const { core } = crash.test
    await done(core, core.workspaces.start({ name: source }))
    await inside(core, source, 'echo home > ~/work; sudo sh -c "echo layer > /opt/work"')
  })
  return {
    show,
    async isWhole() {
      const { core } = crash.test
      expect(core.workspaces.get(source)).toMatchObject({ status: 'running', problem: null, operationId: null })
      expect(await inside(core, source, show)).toBe('home\nlayer')
    },
  }
}

/** Images that hold a copied layer of that workspace or snapshot. */
export function layersOf(id: string) {
  return docker.listImages({ all: true, filters: { reference: [`berth-layer/${id}`] } })
}
