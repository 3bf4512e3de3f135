import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { confirm, someoneToAsk } from '../../output/confirm'
import { paintFor } from '../../output/format/paint'
import { formatAgo } from '../../output/format/quantities'
import { snapshotTable } from '../../output/format/snapshot-lines'
import { printJson, printLines, remark } from '../../output/output'
import { printWorkspace } from '../../output/print-workspace'

export interface RestoreOptions {
  force?: boolean
  /** Name of the workspace to make of it. */
  as?: string
  start: boolean
}

export async function createSnapshot(context: CliContext, reference: string, name: string | undefined): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.get({ workspace: reference })
    let id = ''
    await runOperation(context, client, async () => {
      const { operation, snapshot } = await client.snapshots.create({ workspace: workspace.id, ...(name === undefined ? {} : { name }) })
      id = snapshot.id
      return operation
    })
    const made = (await client.snapshots.list({ workspace: workspace.id })).find((snapshot) => snapshot.id === id)
    if (context.options.json) printJson(context, made)
    else if (made !== undefined)
      printLines(context, [context.options.quiet ? made.name : `Snapshot ${made.name} of ${workspace.name} is made`])
  })
}

export async function listSnapshots(context: CliContext, reference: string, options: { measure?: boolean }): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const snapshots = await client.snapshots.list({ workspace: reference, measure: options.measure === true })
    if (context.options.json) printJson(context, snapshots)
    else if (context.options.quiet)
      printLines(
        context,
        snapshots.map(({ name }) => name),
      )
    else if (snapshots.length === 0) remark(context, `No snapshots yet. “berth snapshot create ${reference}” makes one.`)
    else printLines(context, snapshotTable(snapshots, options.measure === true, Date.now(), paintFor(context.stdout, context.env)))
  })
}

export async function restoreSnapshot(
  context: CliContext,
  reference: string,
  snapshot: string,
  { force = false, as, start }: RestoreOptions,
): Promise<void> {
  if (!start && as === undefined) {
    throw usageError('--no-start goes with --as.', 'A workspace that is brought back runs if it did before.')
  }
  await withConnection(context, async ({ client }) => {
    let id = reference
    await runOperation(context, client, async () => {
      const of = { workspace: reference, snapshot }
      const begun = await (as === undefined
        ? client.snapshots.restore({ ...of, force })
        : client.snapshots.restoreAs({ ...of, name: as, start }))
      id = begun.workspace.id
      return begun.operation
    })
    const workspace = await client.workspaces.get({ workspace: id })
    if (as === undefined) printWorkspace(context, workspace, `${workspace.name} is back at ${snapshot}, and ${workspace.status}`)
    else printWorkspace(context, workspace)
  })
}

export async function deleteSnapshot(
  context: CliContext,
  reference: string,
  snapshotReference: string,
  options: { yes?: boolean },
): Promise<void> {
  if (options.yes !== true && !someoneToAsk(context)) {
    throw usageError('Deleting cannot be undone, and there is no terminal to ask on.', 'Add --yes to delete without being asked.')
  }
  await withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.get({ workspace: reference })
    const snapshots = await client.snapshots.list({ workspace: workspace.id })
    const snapshot = snapshots.find(({ id, name }) => name === snapshotReference || id === snapshotReference)
    if (snapshot !== undefined && options.yes !== true) {
      const age = formatAgo(snapshot.createdAt, Date.now())
      const heading = `Deleting the snapshot ${snapshot.name} of ${workspace.name} (made ${age}) cannot be undone.`
      await confirm(context, { heading, losses: [], question: `Delete ${snapshot.name}?` })
    }
    // One that is not there is refused there, with what to do.
    const name = snapshot?.name ?? snapshotReference
    const operation = await runOperation(context, client, async () => {
      const target = { workspace: workspace.id, snapshot: snapshot?.id ?? snapshotReference }
      return (await client.snapshots.delete(target)).operation
    })
    if (context.options.json) printJson(context, { deleted: name, workspace: workspace.name, operation })
    else printLines(context, [context.options.quiet ? name : `Snapshot ${name} of ${workspace.name} is deleted`])
  })
}
