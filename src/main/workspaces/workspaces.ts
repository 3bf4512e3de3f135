import { customAlphabet } from 'nanoid'
import type { ExecResult } from '../../shared/contract/workspaces'
import { BerthError } from '../../shared/errors'
import type { Operation } from '../../shared/operation'
import { checkRepoUrl } from '../../shared/repo-url'
import type { Workspace } from '../../shared/workspace'
import { checkWorkspaceName } from '../../shared/workspace-name'
import { runCommand } from '../engine/run-command'
import { log } from '../log'
import type { OperationDefinition } from '../operations/operation-definition'
import type { Operations } from '../operations/operations'
import { REPO_PATH } from '../provisioning/repo'
import type { WorkspaceRecord } from '../settings/records'
import { type DeletionPreview, previewDeletion } from './deletion-preview'
import { createLifecycle, type Lifecycle } from './lifecycle'
import type { LifecycleServices } from './lifecycle-services'
import { waitUntilReady } from './readiness'
import type { WorkspaceInput } from './start-steps'

const MAX_EXEC_OUTPUT_BYTES = 8 * 1024 * 1024
/** How exact `lastUsedAt` is: each note of it is a write to the disk. */
const LAST_USED_STEP_MS = 60_000

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 14)

export interface CreateOptions {
  name: string
  label?: string | undefined
  clone?: string | undefined
  image?: string | undefined
  env?: Record<string, string> | undefined
}

export interface ExecOptions {
  command: string[]
  user: 'workspace' | 'root'
  cwd?: string | undefined
  env?: Record<string, string> | undefined
  stdin?: string | undefined
  timeoutSeconds?: number | undefined
}

/** An operation that has begun, and the workspace as it is at that moment. */
export interface Begun {
  operation: Operation
  workspace: Workspace
}

/** What can be done with workspaces. References are names or ids; all throw WORKSPACE_NOT_FOUND for one that is not there. */
export interface Workspaces {
  list(): Workspace[]
  get(reference: string): Workspace
  /** Throws NAME_INVALID, NAME_TAKEN, REPO_URL_INVALID, PORTS_EXHAUSTED, FOREIGN_RESOURCE before anything is made. */
  create(options: CreateOptions): Promise<Begun>
  /** Creates it when there is none of that name. */
  start(options: CreateOptions): Promise<Begun>
  stop(reference: string): Promise<Begun>
  restart(reference: string): Promise<Begun>
  delete(reference: string): Promise<Begun>
  deletionPreview(reference: string): Promise<DeletionPreview>
  /** Throws WORKSPACE_NOT_RUNNING. */
  exec(reference: string, options: ExecOptions, signal?: AbortSignal): Promise<ExecResult>
  /** The container to reach into, by which the use of the workspace is noted. Throws WORKSPACE_NOT_RUNNING. */
  runningContainer(reference: string): {
    id: string
    name: string
    containerId: string
    repoPath: string | null
    environment: Record<string, string>
  }
  /** The container, running or not; null when there is none. */
  container(reference: string): { containerId: string } | null
  /** Follows the log of a container that somebody else started until it is ready. */
  watchReadiness(record: WorkspaceRecord, containerId: string): void
  /** Every definition there is, for recovery. */
  definitions(): OperationDefinition<never>[]
  close(): void
}

export function createWorkspaces(services: LifecycleServices, operations: Operations): Workspaces {
  const { engine, records, registry, now } = services
  const reservations = new Map<string, () => void>()
  const namesInCreation = new Set<string>()
  const lifecycle = createLifecycle(services, (id) => reservations.get(id)?.())
  const closing = new AbortController()

  async function create(options: CreateOptions): Promise<Begun> {
    const name = checkWorkspaceName(options.name)
    const repo = options.clone === undefined ? null : checkRepoUrl(options.clone)
    if (records.findByName(name) || namesInCreation.has(name)) throw nameTaken(name)
    namesInCreation.add(name)
    const id = newId()
    const reserved = new Promise<void>((resolve) => {
      reservations.set(id, resolve)
    })
    try {
      engine.assertConnected()
      const operation = await operations.begin(
        lifecycle.create,
        {
          id,
          name,
          repo,
          label: options.label ?? null,
          image: options.image ?? null,
          env: options.env ?? {},
          createdAt: now().toISOString(),
        },
        { workspaceId: id, workspaceName: name },
      )
      const early = await Promise.race([reserved, operations.whenEnded(operation.id)])
      if (early?.error) throw problemToError(early)
      return begun(operation.id, id)
    } finally {
      reservations.delete(id)
      namesInCreation.delete(name)
    }
  }

  async function begin(definition: OperationDefinition<WorkspaceInput>, reference: string): Promise<Begun> {
    const { id, name } = registry.find(reference)
    engine.assertConnected()
    const view = registry.view(registry.find(reference))
    const operation = await operations.begin(definition, { id, name }, { workspaceId: id, workspaceName: name })
    const record = records.get(id)
    return { operation: operations.get(operation.id), workspace: record ? registry.view(record) : view }
  }

  function begun(operationId: string, workspaceId: string): Begun {
    const record = records.get(workspaceId)
    if (!record) throw problemToError(operations.get(operationId))
    return { operation: operations.get(operationId), workspace: registry.view(record) }
  }

  function runningContainer(reference: string) {
    const record = registry.find(reference)
    const container = registry.containerOf(record.id)
    if (!container?.running) {
      const { status } = registry.view(record)
      throw new BerthError('WORKSPACE_NOT_RUNNING', `${record.name} does not run (it is ${status}).`, {
        workspace: record.name,
        status,
        next: `Start ${record.name} first.`,
      })
    }
    noteUse(record)
    return {
      id: record.id,
      name: record.name,
      containerId: container.containerId,
      repoPath: record.repoState === 'cloned' ? REPO_PATH : null,
      // Containers have the values of their creation; what was set since counts too.
      environment: { ...services.settings().env, ...record.env },
    }
  }

  function noteUse(record: WorkspaceRecord): void {
    const time = now()
    if (record.lastUsedAt && time.getTime() - Date.parse(record.lastUsedAt) < LAST_USED_STEP_MS) return
    records
      .patch(record.id, { lastUsedAt: time.toISOString() })
      .then(() => registry.publish(record.id))
      .catch((error: unknown) => log.error({ err: error }, 'the time of the last use could not be recorded'))
  }

  return {
    list: registry.list,
    get: (reference) => registry.view(registry.find(reference)),
    create,
    async start(options) {
      if (!records.findByName(options.name)) return create(options)
      return begin(lifecycle.start, options.name)
    },
    stop: (reference) => begin(lifecycle.stop, reference),
    restart: (reference) => begin(lifecycle.restart, reference),
    delete: (reference) => begin(lifecycle.delete, reference),
    deletionPreview: (reference) => {
      const record = registry.find(reference)
      return previewDeletion(engine, record, registry.containerOf(record.id))
    },
    async exec(reference, options, signal) {
      const { containerId, repoPath, environment } = runningContainer(reference)
      const { timeoutSeconds, env, ...rest } = options
      return runCommand(engine.exec, {
        ...rest,
        command: rest.cwd === undefined && repoPath !== null ? inFolder(repoPath, rest.command) : rest.command,
        containerId,
        environment: { ...environment, ...env },
        timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
        maxBytes: MAX_EXEC_OUTPUT_BYTES,
        signal,
      })
    },
    runningContainer,
    container: (reference) => registry.containerOf(registry.find(reference).id),
    watchReadiness(record, containerId) {
      waitUntilReady(engine, { name: record.name, containerId }, { signal: closing.signal }).then(
        () => registry.markReady(record.id, containerId),
        (error: unknown) => log.info({ err: error, workspace: record.name }, 'a container that was started outside did not become ready'),
      )
    },
    definitions: () => Object.values(lifecycle) as Lifecycle[keyof Lifecycle][] as OperationDefinition<never>[],
    close: () => closing.abort(),
  }
}

/** The command, run in the folder if it is there still. Its words are passed on as they are: no shell reads them. */
function inFolder(folder: string, command: string[]): string[] {
  return ['/bin/sh', '-c', 'cd "$1" 2>/dev/null; shift; exec "$@"', 'sh', folder, ...command]
}

function nameTaken(name: string): BerthError {
  return new BerthError('NAME_TAKEN', `There is a workspace named ${name} already.`, {
    name,
    next: 'Choose another name, or start the one there is.',
  })
}

/** The failure of an operation as the failure of the call that waited for it. */
export function problemToError(operation: Operation): BerthError {
  const { error } = operation
  if (!error) throw new Error(`operation ${operation.id} did not fail`)
  // The problem was made by toProblem from an error of this very code, so that its data are of its form.
  return new BerthError(error.code, error.message, { ...error.data, next: error.next } as never)
}
