import type { Operation } from '../../../shared/operation'
import { hasEnded } from '../../../shared/operation-state'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { columnsOf } from '../../output/format/paint'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'

export async function listOperations(context: CliContext, { all }: { all: boolean }): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const found = (await client.operations.list({})).filter((operation) => all || !hasEnded(operation))
    if (context.options.json) return printJson(context, found)
    if (context.options.quiet)
      return printLines(
        context,
        found.map(({ id }) => id),
      )
    if (found.length === 0) return remark(context, 'No operation is under way.')
    const rows = found.map((operation) => [operation.id, operation.kind, operation.workspaceName ?? '', stateOf(operation)])
    printLines(context, formatTable([['ID', 'KIND', 'WORKSPACE', 'STATE'], ...rows], undefined, { columns: columnsOf(context.stdout) }))
  })
}

export async function showOperation(context: CliContext, operationId: string): Promise<void> {
  await withConnection(context, async ({ client }) => printOperation(context, await client.operations.get({ operationId })))
}

/** The operation is printed as it is then. */
export async function decide(context: CliContext, operationId: string, how: 'cancel' | 'retry' | 'accept'): Promise<void> {
  await withConnection(context, async ({ client }) => printOperation(context, await client.operations[how]({ operationId })))
}

function printOperation(context: CliContext, operation: Operation): void {
  if (context.options.json) return printJson(context, operation)
  if (context.options.quiet) return printLines(context, [operation.id])
  printLines(context, operationLines(operation))
}

function operationLines(operation: Operation): string[] {
  const { id, kind, workspaceName, steps, waiting, error, notices, committed, needsDecision } = operation
  const inTheWay = error ?? waiting?.problem ?? null
  return [
    `${id}  ${kind}${workspaceName === null ? '' : ` of ${workspaceName}`}: ${stateOf(operation)}`,
    ...steps.map(({ title, status, skipped }) => `  ${title}: ${status}${skipped === null ? '' : ` (${skipped})`}`),
    ...(inTheWay === null ? [] : [inTheWay.message, inTheWay.next]),
    ...(committed && hasEnded(operation) && operation.status !== 'succeeded' ? ['The change itself stands.'] : []),
    ...notices,
    ...(needsDecision ? [`Put this right and run “berth operation retry ${id}”, or end it as it is: berth operation accept ${id}`] : []),
  ]
}

function stateOf({ status, waiting, needsDecision, accepted }: Operation): string {
  if (needsDecision) return 'needs a decision'
  if (waiting !== null) return waiting.for === 'engine' ? 'waiting for the engine' : 'waiting to be tried again'
  return accepted ? 'accepted as it was' : status
}
