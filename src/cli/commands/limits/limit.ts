import { formatBytes } from '../../../shared/byte-size'
import type { LimitsPatch } from '../../../shared/limits'
import type { Workspace } from '../../../shared/workspace'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { printJson, printLines } from '../../output/output'

/** Without a change, shows the limits. */
export async function limitWorkspace(context: CliContext, reference: string, limits: LimitsPatch): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const isChange = Object.keys(limits).length > 0
    const workspace = isChange
      ? await client.workspaces.update({ workspace: reference, limits })
      : await client.workspaces.get({ workspace: reference })
    if (context.options.json) printJson(context, workspace)
    else if (context.options.quiet) printLines(context, [workspace.name])
    else printLines(context, limitLines(workspace))
  })
}

function limitLines({ limits: { cpus, memoryBytes, processes, diskBytes } }: Workspace): string[] {
  const size = (bytes: number | null) => (bytes === null ? 'no limit' : formatBytes(bytes))
  return [
    `Processors  ${cpus ?? 'no limit'}`,
    `Memory      ${size(memoryBytes)}`,
    `Processes   ${processes ?? 'no limit'}`,
    `Disk        ${size(diskBytes)}`,
  ]
}
