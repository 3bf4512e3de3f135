import { firstVersion } from '../../../src/main/operations/first-version'
import type { Operation } from '../../../src/shared/operation'
import type { Scene } from './scene'

const FOLDER = '/berth/operations'
const OPERATION = 'dev.berth.operation'

interface Entry {
  operation: Operation
  pending: { input: unknown; step: string; undoing: boolean } | null
}

/**
 * Makes of what a killed process has left what Berth 0.1.0 would have: its journal had places instead of names of steps and no
 * memory, and its containers other names and no label of the operation.
 */
export function turnIntoFirstVersion(scene: Scene): void {
  const { files } = scene
  for (const name of files.listNow(FOLDER).filter((file) => file.endsWith('.json'))) {
    const path = `${FOLDER}/${name}`
    const entry = JSON.parse(files.readNow(path).toString()) as Entry
    const { steps } = firstVersion(entry.operation.kind)
    // What it could not do yet, it has not left behind.
    if (entry.pending === null || steps.length === 0 || !renameStandIns(scene, entry.operation)) continue
    // A rename was one step.
    const step = entry.operation.kind === 'workspace.rename' ? 'rename' : entry.pending.step
    const stepIndex = steps.indexOf(step)
    if (stepIndex < 0) continue
    const pending = { input: entry.pending.input, stepIndex, undoing: entry.pending.undoing }
    const [pattern] = entry.operation.steps
    const operation = { ...entry.operation, committed: false, steps: steps.map((title) => ({ ...pattern, name: title, title })) }
    files.replaceNow(path, JSON.stringify({ version: 1, operation, pending }))
  }
}

/** False where the names are taken: 0.1.0 would have made a mess of that. */
function renameStandIns({ engine }: Scene, operation: Operation): boolean {
  const own = [...engine.containers.values()].filter(({ spec }) => spec.labels['dev.berth.id'] === operation.workspaceId)
  const renamed = own.flatMap((container) => {
    const name = container.name.replace(/\.(replacement|previous)$/, '-$1')
    return name === container.name ? [] : [{ container, name }]
  })
  if (renamed.some(({ name }) => engine.findOrNull(name) !== null)) return false
  for (const { container, name } of renamed) engine.rename(container, name)
  for (const { spec } of own) if (spec.labels[OPERATION] === operation.id) delete spec.labels[OPERATION]
  return true
}
