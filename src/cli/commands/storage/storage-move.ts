import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { Workspace } from '../../../shared/workspace'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { printJson, printLines, remark } from '../../output/output'
import { printWorkspace } from '../../output/print-workspace'
import { reportAll } from '../../output/several'

export interface MoveOptions {
  all?: StorageDriverName
  stop?: boolean
}

/** One workspace, or with --all one after the other: each takes room twice while it is moved. Those that fail are told. */
export async function moveWorkspaces(
  context: CliContext,
  name: string | undefined,
  driver: StorageDriverName | undefined,
  { all, stop = false }: MoveOptions,
): Promise<number> {
  if (all !== undefined && name === undefined) return moveAll(context, all, stop)
  if (all !== undefined || name === undefined || driver === undefined) {
    throw usageError(
      'Either one workspace is moved or all of them.',
      'Write “berth storage move NAME plain|btrfs” or “berth storage move --all plain|btrfs”.',
    )
  }
  await withConnection(context, async ({ client }) => {
    await runOperation(context, client, async () => (await client.workspaces.move({ workspace: name, driver, stop })).operation)
    const workspace = await client.workspaces.get({ workspace: name })
    printWorkspace(context, workspace, sentence(workspace))
  })
  return 0
}

function moveAll(context: CliContext, driver: StorageDriverName, stop: boolean): Promise<number> {
  return withConnection(context, async ({ client }) => {
    const moving = (await client.workspaces.list()).filter(({ storage }) => storage !== driver)
    if (moving.length === 0) remark(context, `Every workspace is on ${PLACE[driver]} already.`)
    const failed: PromiseSettledResult<unknown>[] = []
    const moved: Workspace[] = []
    for (const { id } of moving) {
      try {
        await runOperation(context, client, async () => (await client.workspaces.move({ workspace: id, driver, stop })).operation)
        moved.push(await client.workspaces.get({ workspace: id }))
      } catch (reason) {
        failed.push({ status: 'rejected', reason })
      }
    }
    if (context.options.json) printJson(context, moved)
    else
      printLines(
        context,
        moved.map((workspace) => (context.options.quiet ? workspace.name : sentence(workspace))),
      )
    return reportAll(context, failed)
  })
}

const PLACE: Record<StorageDriverName, string> = { btrfs: 'the pool', plain: 'plain Docker volumes' }

function sentence({ name, storage }: Workspace): string {
  return storage === null ? `${name} is where its folder is` : `${name} is on ${PLACE[storage]}`
}
