import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { formatBytes } from '../../../shared/byte-size'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { oneLine } from '../../output/format/plain-text'
import { printJson, printLines } from '../../output/output'

export interface ExportOptions {
  output?: string
  force?: boolean
  withSecrets?: boolean
}

export async function exportWorkspace(context: CliContext, reference: string, options: ExportOptions): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.get({ workspace: reference })
    let file = resolve(options.output ?? `${workspace.name}.berth`)
    await runOperation(context, client, async () => {
      const begun = await client.workspaces.export({
        workspace: workspace.id,
        file,
        overwrite: options.force === true,
        withSecrets: options.withSecrets === true,
      })
      file = begun.file
      return begun.operation
    })
    const bytes = (await stat(file)).size
    if (context.options.json) printJson(context, { file, bytes, workspace })
    else if (context.options.quiet) printLines(context, [file])
    else printLines(context, [oneLine(`${workspace.name} is exported to ${file}, ${formatBytes(bytes)}`)])
  })
}
