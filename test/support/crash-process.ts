import { z } from 'zod'
import { createCore } from '../../src/main/core'
import { storageDriverSchema } from '../../src/shared/storage-driver-name'
import { connected } from './test-core'

const planSchema = z.object({
  home: z.string(),
  /** This file is built into another folder than the sources, and cannot find it by itself. */
  imageContextPath: z.string(),
  action: z.enum([
    'create',
    'create-host',
    'delete-host',
    'start',
    'delete',
    'cancel-create',
    'clone',
    'clone-stop',
    'snapshot',
    'restore',
    'rename',
    'move',
    'relocate',
    'export',
    'import',
    'adopt',
    'rebuild',
    'sync',
    'build',
    'rerun-init',
    'restart',
    'devcontainer',
    'devcontainer-stop',
  ]),
  name: z.string(),
  /** Of the clone, the snapshot or the engine, the new name, the other storage driver, a file, or the folder of an image that is called `name`. */
  other: z.string().optional(),
  /** `during`: as soon as the step says something. */
  kill: z.object({ step: z.string(), when: z.enum(['before', 'after', 'undone', 'during']) }),
  initScript: z.string().optional(),
})
export type CrashPlan = z.infer<typeof planSchema>

/** A Berth of its own that begins one operation and kills itself at the given point of it. Started by `crash.ts`. */
async function crash(plan: CrashPlan): Promise<void> {
  const core = await createCore({
    home: plan.home,
    door: 'headless',
    version: '0.0.0-test',
    imageContextPath: plan.imageContextPath,
    onFaultPoint: ({ step, when }) => {
      if (step === plan.kill.step && when === plan.kill.when) process.kill(process.pid, 'SIGKILL')
    },
  })
  await connected(core)
  const other = plan.other ?? ''
  core.operations.onChange(({ steps }) => {
    const step = steps.find(({ name }) => name === plan.kill.step)
    if (plan.kill.when === 'during' && step?.detail) process.kill(process.pid, 'SIGKILL')
  })
  switch (plan.action) {
    case 'create':
    case 'start':
      await core.operations.whenEnded((await core.workspaces.start({ name: plan.name, initScript: plan.initScript })).operation.id)
      break
    case 'create-host':
      await core.operations.whenEnded(
        (await core.workspaces.create({ name: plan.name, host: {}, initScript: plan.initScript })).operation.id,
      )
      break
    case 'delete-host':
      await core.operations.whenEnded((await core.workspaces.delete(plan.name, { removeFolder: true })).operation.id)
      break
    case 'cancel-create': {
      const { operation } = await core.workspaces.start({ name: plan.name })
      await startStepBegun(core, operation.id)
      await core.operations.cancel(operation.id)
      break
    }
    case 'clone':
    case 'clone-stop': {
      const stop = plan.action === 'clone-stop'
      await core.operations.whenEnded((await core.workspaces.clone(plan.name, { name: other, stop, start: true })).operation.id)
      break
    }
    case 'snapshot':
      await core.operations.whenEnded((await core.copies.createSnapshot(plan.name, other)).operation.id)
      break
    case 'restore':
      await core.operations.whenEnded((await core.copies.restore(plan.name, other, { force: true })).operation.id)
      break
    case 'export':
      await core.operations.whenEnded((await core.archives.export(plan.name, { file: other, overwrite: false })).operation.id)
      break
    case 'import':
      await core.operations.whenEnded((await core.archives.import({ file: other, name: plan.name, start: true })).operation.id)
      break
    case 'move':
      await core.operations.whenEnded(
        (await core.storageMigrations.move(plan.name, { driver: storageDriverSchema.parse(other), stop: true })).operation.id,
      )
      break
    case 'relocate':
      await core.operations.whenEnded((await core.relocations.move(plan.name, { engine: other, dropSnapshots: false })).operation.id)
      break
    case 'adopt':
      await core.operations.whenEnded((await core.adoption.adopt(plan.name, { stop: true, start: true })).operation.id)
      break
    case 'rebuild':
      await core.operations.whenEnded(
        (await core.rebuilds.rebuild(plan.name, { image: other, snapshot: true, reinstall: false })).operation.id,
      )
      break
    case 'sync':
      await core.operations.whenEnded((await core.workspaces.sync(plan.name, { force: false })).operation.id)
      break
    case 'build':
      await core.operations.whenEnded((await core.buildImage({ context: other, tag: plan.name, noCache: true })).id)
      break
    case 'rerun-init':
      await core.operations.whenEnded((await core.workspaces.rerunInit(plan.name)).operation.id)
      break
    case 'restart':
      await core.operations.whenEnded((await core.workspaces.restart(plan.name)).operation.id)
      break
    case 'devcontainer':
      await core.operations.whenEnded((await core.devcontainers.up(plan.name, { rebuild: true })).operation.id)
      break
    case 'devcontainer-stop':
      await core.operations.whenEnded((await core.devcontainers.stop(plan.name)).operation.id)
      break
    case 'rename':
      await core.workspaces.rename(plan.name, other)
      break
    case 'delete':
      await core.operations.whenEnded((await core.workspaces.delete(plan.name)).operation.id)
      break
    default:
      plan.action satisfies never
  }
  throw new Error(`the operation ended without coming to ${plan.kill.when} ${plan.kill.step}`)
}

function startStepBegun(core: Awaited<ReturnType<typeof createCore>>, operationId: string): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = core.operations.onChange((operation) => {
      if (operation.id !== operationId || operation.steps.find(({ name }) => name === 'start')?.status !== 'running') return
      unsubscribe()
      resolve()
    })
  })
}

await crash(planSchema.parse(JSON.parse(process.argv[2] ?? '')))
