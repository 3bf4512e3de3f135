import { formatBytes } from '../../../shared/byte-size'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { columnsOf } from '../../output/format/paint'
import { formatDuration } from '../../output/format/quantities'
import { formatTable } from '../../output/format/table'
import { printJson, printLines } from '../../output/output'

/** What runs in a workspace now. */
export async function showProcesses(context: CliContext, workspace: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const processes = await client.stats.processes({ workspace })
    if (context.options.json) return printJson(context, processes)
    const rows = processes.map(({ pid, parentPid, age, cpuTime, memoryBytes, command }) => [
      ...[String(pid), String(parentPid), formatDuration(age * 1000), formatDuration(cpuTime * 1000)],
      ...[formatBytes(memoryBytes), command],
    ])
    printLines(
      context,
      formatTable([['PID', 'PARENT', 'AGE', 'CPU TIME', 'MEMORY', 'COMMAND'], ...rows], undefined, {
        columns: columnsOf(context.stdout),
        spare: ['PARENT', 'AGE'],
      }),
    )
  })
}
