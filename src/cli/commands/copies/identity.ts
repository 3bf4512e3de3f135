import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { printWorkspace } from '../../output/print-workspace'

export async function renameWorkspace(context: CliContext, reference: string, newName: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const { id, name } = await client.workspaces.get({ workspace: reference })
    await runOperation(context, client, async () => (await client.workspaces.rename({ workspace: id, name: newName })).operation)
    const renamed = await client.workspaces.get({ workspace: id })
    printWorkspace(context, renamed, `${name} is now ${renamed.name}`)
  })
}

export async function labelWorkspace(
  context: CliContext,
  reference: string,
  text: string | undefined,
  options: { clear?: boolean },
): Promise<void> {
  if ((text === undefined) === (options.clear !== true)) {
    throw usageError(
      'A label is either given or taken away.',
      `Write “berth label ${reference} 'TEXT'” or “berth label ${reference} --clear”.`,
    )
  }
  await withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.update({ workspace: reference, label: text ?? null })
    const { name, label } = workspace
    printWorkspace(context, workspace, label === null ? `${name} has no label` : `${name} is labelled “${label}”`)
  })
}

export async function setTemplate(context: CliContext, reference: string, template: boolean): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.update({ workspace: reference, template })
    const { name } = workspace
    printWorkspace(context, workspace, template ? `${name} is a template` : `${name} is a workspace again`)
  })
}
