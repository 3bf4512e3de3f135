import { type DevcontainerRecord, type DevcontainerState, EMPTY_DEVCONTAINER_RECORD, usedConfig } from '../../../shared/devcontainer'
import { BerthError, isBerthError } from '../../../shared/errors'
import type { Workspace } from '../../../shared/workspace'
import { inspectNested } from '../../engine/nested-exec'
import { log } from '../../log'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import type { WorkspaceRecord } from '../../settings/records'
import type { WorkspaceServices } from '../base/lifecycle-services'
import { placedDefinition } from '../base/placed-definition'
import type { StartedOperation } from '../base/started-operation'
import { identityOf, subjectOf } from '../base/workspace-input'
import { choiceOf, lookForDevcontainer } from '../lifecycle/devcontainer-look'
import { type DevcontainerForwards, devcontainerDefinition, devcontainerStopDefinition, notFound, patchState } from './devcontainer-steps'

/** The dev containers of workspaces: what their repositories describe in a `devcontainer.json`. */
export interface Devcontainers {
  /** Looks again, if the workspace is running. Throws WORKSPACE_NOT_FOUND, and what the engine throws. */
  status(reference: string): Promise<DevcontainerState>
  /** Throws WORKSPACE_NOT_RUNNING, DEVCONTAINER_NOT_FOUND for a path that the repository does not have, WORKSPACE_BUSY. */
  up(reference: string, options: { path?: string | undefined; rebuild: boolean }): Promise<StartedOperation>
  /** Throws WORKSPACE_NOT_RUNNING, WORKSPACE_BUSY. */
  stop(reference: string): Promise<StartedOperation>
  /** Throws DEVCONTAINER_NOT_RUNNING when it was stopped by somebody else, and notes that. */
  assertRunning(workspaceId: string): Promise<void>
  /** Must be called at every change: an open dev container starts again with its workspace, and a found one if that is the setting. */
  onWorkspace(workspace: Workspace): void
  definitions(): OperationDefinition<never>[]
}

export function createDevcontainers(services: WorkspaceServices, operations: Operations, forwards: DevcontainerForwards): Devcontainers {
  const { records, registry } = services
  const up = placedDefinition(services, (here) => devcontainerDefinition(here, forwards))
  const stop = placedDefinition(services, (here) => devcontainerStopDefinition(here, forwards))
  /** By workspace: the run of its container that was looked at. */
  const seen = new Map<string, string>()

  function assertWorkspaceRuns({ id, name }: WorkspaceRecord): string {
    const container = registry.containerOf(id)
    if (container?.running) return container.containerId
    const record = registry.find(id)
    const { status } = registry.view(record)
    throw new BerthError('WORKSPACE_NOT_RUNNING', `${name} is not running (its status is ${status}).`, {
      ...{ workspace: name, status },
      next: `Start ${name} first.`,
    })
  }

  /** Whether the nested container is as the record has it. */
  async function checkRunning(record: WorkspaceRecord): Promise<boolean> {
    const { container = null, isRunning = false } = record.devcontainerState ?? {}
    if (container === null || !isRunning) return false
    const here = services.at(record)
    const details = await inspectNested(here.engine, assertWorkspaceRuns(record), container.id)
    if (details?.running) return true
    await patchState(services, record.id, (current) => ({ isRunning: false, container: details && current.container }))
    return false
  }

  const startedAnswer = (id: string, operationId: string): StartedOperation => ({
    operation: operations.get(operationId),
    workspace: registry.view(registry.find(id)),
  })

  async function beginUp(reference: string, { path, rebuild }: { path?: string | undefined; rebuild: boolean }): Promise<StartedOperation> {
    const before = registry.find(reference)
    await services.at(before).ready()
    const operation = await operations.begin(up, subjectOf(before), async () => {
      const record = registry.find(before.id)
      assertWorkspaceRuns(record)
      if (path !== undefined) await choose(record, path)
      return { ...identityOf(record), rebuild }
    })
    return startedAnswer(before.id, operation.id)
  }

  async function choose(record: WorkspaceRecord, path: string): Promise<void> {
    const found = await lookForDevcontainer(services.at(record), record)
    if (!found?.paths.includes(path)) throw notFound(record.name, path)
    await patchState(services, record.id, () => ({ chosen: path }))
  }

  /** Once in each run of the workspace, and when it is idle. */
  async function lookAt(workspaceId: string): Promise<void> {
    const record = records.get(workspaceId)
    if (record?.repoState !== 'cloned') return
    // Of an older Berth, or imported: nobody has looked yet.
    if (record.devcontainerState === undefined && choiceOf(services, record) !== 'never')
      await lookForDevcontainer(services.at(record), record)
    const current = records.get(workspaceId)
    const state = current?.devcontainerState
    if (!current || !state) return
    if (state.isRunning && (await checkRunning(current))) return
    if (!isWanted(current, state)) return
    if (registry.view(current).operationId === null) await beginUp(workspaceId, { rebuild: false })
    // Its end is told, and looked at.
    else seen.delete(workspaceId)
  }

  /** Whether it starts automatically. A failed one is tried once at each start of its workspace. */
  function isWanted(record: WorkspaceRecord, state: DevcontainerRecord): boolean {
    const choice = choiceOf(services, record)
    return choice !== 'never' && (state.isOpen || (choice === 'always' && usedConfig(state) !== null))
  }

  return {
    definitions: () => [up, stop] as unknown as OperationDefinition<never>[],
    up: beginUp,
    async status(reference) {
      const record = registry.find(reference)
      if (registry.containerOf(record.id)?.ready && registry.view(record).operationId === null) {
        await lookForDevcontainer(services.at(record), record)
        await checkRunning(registry.find(record.id))
      }
      return registry.view(registry.find(record.id)).devcontainerState
    },
    async stop(reference) {
      const before = registry.find(reference)
      await services.at(before).ready()
      const operation = await operations.begin(stop, subjectOf(before), () => {
        const record = registry.find(before.id)
        assertWorkspaceRuns(record)
        return identityOf(record)
      })
      return startedAnswer(before.id, operation.id)
    },
    async assertRunning(workspaceId) {
      const record = registry.find(workspaceId)
      if (await checkRunning(record)) return
      throw new BerthError(
        'DEVCONTAINER_NOT_RUNNING',
        `The dev container of ${record.name} is not running: it was stopped inside the workspace.`,
        {
          workspace: record.name,
          next: `“berth devcontainer up ${record.name}” starts it again. Until then, new terminals open in the workspace itself.`,
        },
      )
    },
    onWorkspace({ id, running, containerId, startedAt, operationId, devcontainer, repoState }) {
      if (!running) {
        seen.delete(id)
        const { isRunning = false } = records.get(id)?.devcontainerState ?? EMPTY_DEVCONTAINER_RECORD
        // Its containers have ended with it.
        if (isRunning && !registry.containerOf(id)?.running)
          patchState(services, id, () => ({ isRunning: false })).catch((error: unknown) =>
            log.error({ err: error }, 'the end of a dev container was not recorded'),
          )
        return
      }
      if (operationId !== null) return
      const run = JSON.stringify([containerId, startedAt, devcontainer, repoState])
      if (seen.get(id) === run) return
      seen.set(id, run)
      lookAt(id).catch((error: unknown) => {
        // Something else has begun on it: the end of that brings it here again.
        if (isBerthError(error, 'WORKSPACE_BUSY')) seen.delete(id)
        log[isBerthError(error) ? 'warn' : 'error'](
          { err: error, workspaceId: id },
          'the dev container of a workspace could not be inspected',
        )
      })
    },
  }
}
