import { formatBytes } from '../../../shared/byte-size'
import type { StatsSample } from '../../../shared/contract/stats'
import type { Workspace } from '../../../shared/workspace'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { columnsOf } from '../../output/format/paint'
import { formatTable } from '../../output/format/table'
import { createLiveLines } from '../../output/live-lines'
import { jsonLine, printJson, printLines, remark, writeAll } from '../../output/output'

/** A table that is drawn anew with each sample; one sample of each with `once`, and where nobody watches. */
export async function showStats(context: CliContext, names: string[], { once = false }: { once?: boolean }): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const all = await client.workspaces.list()
    const wanted =
      names.length === 0
        ? all.filter(({ running }) => running)
        : await Promise.all(names.map((name) => client.workspaces.get({ workspace: name })))
    if (wanted.length === 0) {
      if (context.options.json) printJson(context, [])
      else remark(context, 'No workspace runs.')
      return
    }
    const isLive = !once && (context.options.json || context.stdout.isTTY === true)
    const live = createLiveLines(context.stdout)
    const latest = new Map<string, StatsSample>()
    const show = async ({ name }: Workspace, sample: StatsSample) => {
      if (context.options.json) return writeAll(context.stdout, jsonLine({ workspace: name, ...sample }))
      live.draw(table(wanted, latest, columnsOf(context.stdout)))
    }
    await Promise.all(
      wanted.map(async (workspace) => {
        for await (const samples of await client.stats.watch({ workspace: workspace.id })) {
          const sample = samples.at(-1)
          if (sample === undefined) continue
          latest.set(workspace.id, sample)
          if (!isLive) return
          await show(workspace, sample)
        }
        latest.delete(workspace.id)
      }),
    )
    if (isLive) return
    if (context.options.json) {
      printJson(
        context,
        wanted.map(({ id, name }) => ({ workspace: name, ...latest.get(id) })),
      )
    } else printLines(context, table(wanted, latest, columnsOf(context.stdout)))
  })
}

function table(workspaces: Workspace[], latest: ReadonlyMap<string, StatsSample>, columns: number | undefined): string[] {
  const rate = (bytes: number) => `${formatBytes(bytes)}/s`
  const rows = workspaces.map(({ id, name }) => {
    const sample = latest.get(id)
    if (sample === undefined) return [name, '-', '-', '-', '-', '-']
    return [
      name,
      `${Math.round(sample.cpus * 100)} %`,
      `${formatBytes(sample.memoryBytes)} / ${formatBytes(sample.memoryLimitBytes)}`,
      `${rate(sample.networkReceived)} / ${rate(sample.networkSent)}`,
      `${rate(sample.diskRead)} / ${rate(sample.diskWritten)}`,
      String(sample.processes),
    ]
  })
  const heading = ['NAME', 'CPU', 'MEMORY', 'NETWORK IN / OUT', 'DISK READ / WRITTEN', 'PROCESSES']
  return formatTable([heading, ...rows], undefined, { columns, spare: ['PROCESSES', 'DISK READ / WRITTEN', 'NETWORK IN / OUT'] })
}
