import { BerthError } from '../../../shared/errors'
import type { Operation } from '../../../shared/operation'
import type { Workspace } from '../../../shared/workspace'
import { checkWorkspaceName } from '../../../shared/workspace-name'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import type { OperationSubject } from '../../operations/workspace-locks'
import type { StartedOperation } from './started-operation'
import { hasFailed, problemToError } from './started-operation'
import type { WorkspaceInput } from './workspace-input'

/** New workspaces, however they come to be: one name is given once, and an answer comes when name and port are reserved. */
export interface NameReservations {
  /** For the step that reserves. */
  onReserved(workspaceId: string): void
  /**
   * Reserves the name for the work in progress; throws NAME_INVALID or NAME_TAKEN if it is not available. The name is free again, or
   * recorded, when `work` has ended.
   */
  withName<Result>(name: string, work: () => Promise<Result>): Promise<Result>
  /** The same for an operation that reserves late: the name is kept until it has, or has ended. */
  withNameUntilReserved(name: string, work: () => Promise<ReservedEarly>): Promise<{ operation: Operation }>
  /** Begins an operation that makes a workspace, and does not wait until it has reserved. */
  reserveEarly<Input extends NewWorkspaceInput>(
    definition: OperationDefinition<Input>,
    subject: NewWorkspaceSubject,
    prepare: () => Promise<Input>,
  ): Promise<ReservedEarly>
  /**
   * Begins the operation that creates the workspace; throws what its first step fails with. `prepare` reads what it acts on once the locks
   * are taken.
   */
  begin<Input extends NewWorkspaceInput>(
    definition: OperationDefinition<Input>,
    subject: NewWorkspaceSubject,
    prepare: () => Promise<Input>,
  ): Promise<StartedOperation>
}

type NewWorkspaceInput = Pick<WorkspaceInput, 'id' | 'name'>

/** The workspace to be, and those it is made from. */
export interface NewWorkspaceSubject extends NewWorkspaceInput {
  involves?: OperationSubject['involves']
}

export interface ReservedEarly {
  operation: Operation
  /** Resolves when it has its record, or has ended. */
  reserved: Promise<void>
}

/** All workspaces there are, in whatever place. */
interface KnownWorkspaces {
  findByName(name: string): unknown
  get(id: string): { name: string } | null
  /** null for one that is not recorded. */
  view(id: string): Workspace | null
}

export function createNameReservations(known: KnownWorkspaces, operations: Operations): NameReservations {
  const reservations = new Map<string, () => void>()
  const names = new Set<string>()

  function keepName(given: string): string {
    const name = checkWorkspaceName(given)
    if (known.findByName(name) || names.has(name)) throw nameTaken(name)
    const other = known.get(name)
    if (other) throw nameIsId(name, other.name)
    names.add(name)
    return name
  }

  return {
    onReserved: (workspaceId) => reservations.get(workspaceId)?.(),
    async withName(given, work) {
      const name = keepName(given)
      try {
        return await work()
      } finally {
        names.delete(name)
      }
    },
    async withNameUntilReserved(given, work) {
      const name = keepName(given)
      try {
        const { operation, reserved } = await work()
        void reserved.then(() => names.delete(name))
        return { operation }
      } catch (error) {
        names.delete(name)
        throw error
      }
    },
    async reserveEarly(definition, { id, name }, prepare) {
      const recorded = new Promise<void>((resolve) => {
        reservations.set(id, resolve)
      })
      try {
        const operation = await operations.begin(definition, { workspaceId: id, workspaceName: name }, prepare)
        const reserved = Promise.race([recorded, operations.whenEnded(operation.id)]).then(() => {
          reservations.delete(id)
        })
        return { operation, reserved }
      } catch (error) {
        reservations.delete(id)
        throw error
      }
    },
    async begin(definition, { id, name, involves = [] }, prepare) {
      const reserved = new Promise<void>((resolve) => {
        reservations.set(id, resolve)
      })
      try {
        const operation = await operations.begin(definition, { workspaceId: id, workspaceName: name, involves }, prepare)
        const early = await Promise.race([reserved, operations.whenStill(operation.id)])
        if (early && hasFailed(early)) throw problemToError(early)
        const workspace = known.view(id)
        if (!workspace) throw problemToError(await operations.whenStill(operation.id))
        return { operation: operations.get(operation.id), workspace }
      } finally {
        reservations.delete(id)
      }
    },
  }
}

/** A name comes before an id where a workspace is looked up: the other one's would lead nowhere. */
function nameIsId(name: string, workspace: string): BerthError {
  return new BerthError('NAME_TAKEN', `${name} is the id of the workspace ${workspace}, so it cannot be the name of another.`, {
    name,
    next: 'Choose another name.',
  })
}

function nameTaken(name: string): BerthError {
  return new BerthError('NAME_TAKEN', `A workspace named ${name} already exists.`, {
    name,
    next: 'Choose another name, or use the existing workspace.',
  })
}
