import { isDefinedError, safe } from '@orpc/client'
import type { BerthClient } from '../shared/contract/contract'
import type { Operation } from '../shared/operation'
import { hasEnded } from '../shared/operation-state'
import { CliError, problemError } from './cli-error'
import type { CliContext } from './context'
import { EXIT } from './exit-codes'
import { toFailure } from './failure'
import { remark } from './output/output'
import { createProgress, type ProgressView } from './output/progress'

/**
 * Starts each operation, shows how they get on, and returns how each ended, in the order given: a value, or why not. The first
 * interrupt cancels them; the second leaves them running and throws LEFT_RUNNING.
 */
export async function runOperations(
  context: CliContext,
  client: BerthClient,
  starts: readonly (() => Promise<Operation>)[],
): Promise<PromiseSettledResult<Operation>[]> {
  const progress = createProgress(context)
  const underWay = new Set<string>()
  const interruption = interruptible(context, client, underWay, progress)
  const ended = Promise.allSettled(
    starts.map(async (start) => {
      const operation = await start()
      underWay.add(operation.id)
      interruption.joined(operation.id)
      const last = await follow(context, client, operation, progress)
      underWay.delete(operation.id)
      for (const notice of last.notices) remark(context, notice)
      if (last.error !== null && last.committed) remark(context, 'The change itself stands; what was to follow it is missing.')
      const problem = last.error ?? (last.needsDecision ? last.waiting?.problem : null)
      if (problem) throw problemError(problem)
      return last
    }),
  )
  try {
    return await Promise.race([ended, interruption.left])
  } finally {
    interruption.dispose()
    progress.end()
  }
}

/** The same for one operation, whose failure is thrown. */
export async function runOperation(context: CliContext, client: BerthClient, start: () => Promise<Operation>): Promise<Operation> {
  const [result] = await runOperations(context, client, [start])
  if (result?.status === 'fulfilled') return result.value
  throw result?.reason
}

async function follow(context: CliContext, client: BerthClient, operation: Operation, progress: ProgressView): Promise<Operation> {
  let last = operation
  progress.update(last)
  if (hasEnded(last)) return last
  for await (const current of await client.operations.watch({ operationId: operation.id })) {
    last = current
    progress.update(last)
    if (hasEnded(last)) return last
    if (last.needsDecision) {
      remark(context, `It cannot go on by itself: see “berth operation show ${last.id}”.`)
      return last
    }
  }
  throw new CliError('CONNECTION_LOST', 'Berth stopped telling how the operation gets on.', { data: { operationId: operation.id } })
}

function interruptible(context: CliContext, client: BerthClient, underWay: Set<string>, progress: ProgressView) {
  let interrupts = 0
  let leave: (error: CliError) => void
  const left = new Promise<never>((_resolve, reject) => {
    leave = reject
  })
  const cancel = async (operationId: string) => {
    const { error } = await safe(client.operations.cancel({ operationId }))
    // It ended while we asked: that is told anyway.
    if (error === null || (isDefinedError(error) && error.code === 'OPERATION_NOT_FOUND')) return
    const { message } = await toFailure(error)
    progress.say(message)
  }
  const dispose = context.onSignal('SIGINT', () => {
    interrupts++
    if (interrupts === 1) {
      progress.say('Cancelling. Press Ctrl-C again to leave it running.')
      for (const operationId of underWay) void cancel(operationId)
    } else {
      leave(
        new CliError('LEFT_RUNNING', 'No longer waiting; the operation goes on in the background.', {
          next: '“berth list” shows how it gets on.',
          exitCode: EXIT.interrupted,
          data: { operationIds: [...underWay] },
        }),
      )
    }
  })
  return {
    left,
    dispose,
    /** One that started after the interrupt is cancelled too. */
    joined: (operationId: string) => {
      if (interrupts === 1) void cancel(operationId)
    },
  }
}
