import type { EngineView } from '../../../shared/contract/engines'
import { damagePlace } from '../../../shared/damage-place'
import { engineRemarks } from '../../../shared/engine-remarks'
import type { WorkspaceStatus } from '../../../shared/workspace'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { engineSummary, marked } from '../../output/format/engine-lines'
import { paintFor } from '../../output/format/paint'
import { formatAgo } from '../../output/format/quantities'
import { swarmSummary } from '../../output/format/swarm-lines'
import { formatTable } from '../../output/format/table'
import { workspaceDetails } from '../../output/format/workspace-lines'
import { printJson, printLines } from '../../output/output'

export async function showInfo(context: CliContext, name: string | undefined): Promise<void> {
  if (name === undefined) await berthInfo(context)
  else await workspaceInfo(context, name)
}

async function workspaceInfo(context: CliContext, name: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.get({ workspace: name })
    if (context.options.json) return printJson(context, workspace)
    if (context.options.quiet) return printLines(context, [workspace.name])
    const { sshConfigPath } = await client.system.info()
    printLines(context, workspaceDetails(workspace, sshConfigPath, Date.now(), paintFor(context.stdout, context.env)))
  })
}

async function berthInfo(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client, door }) => {
    const [berth, engines, swarms, workspaces, damagedFiles] = await Promise.all([
      client.system.info(),
      client.engines.list(),
      client.swarms.list(),
      client.workspaces.list(),
      client.system.damagedFiles(),
    ])
    const counts = countByStatus(workspaces.map(({ status }) => status))
    if (context.options.json) {
      return printJson(context, {
        berth: { ...berth, url: door.url },
        engines,
        swarms,
        workspaces: { total: workspaces.length, ...counts },
        damagedFiles,
      })
    }
    const paint = paintFor(context.stdout, context.env)
    const rows = [
      ['Berth', `${berth.version}, ${berth.door}, process ${berth.pid}, started ${formatAgo(berth.startedAt, Date.now())}`],
      ['Address', door.url],
      ['Home', berth.home],
      ['Secrets', `encrypted; the key is the file ${berth.secretKeyPath}`],
      ...engineSummary(engines).map((line, index) => [index > 0 ? '' : engines.length === 1 ? 'Engine' : 'Engines', line]),
      ...swarms.map((swarm, index) => [index === 0 ? 'Swarms' : '', `${marked(swarm.name, swarm.isDefault)}: ${swarmSummary(swarm)}`]),
      ...notesOn(engines).map((note, index) => [index === 0 ? 'Notes' : '', note]),
      ['Workspaces', countsText(workspaces.length, counts)],
      ...damagedFiles.flatMap((file) => [
        ['Damaged', `${damagePlace(file)}: ${file.reason}`],
        ['', `set aside as ${file.setAsideAs}`],
      ]),
    ]
    printLines(
      context,
      formatTable(rows, (text, _row, column) => (column === 0 ? paint('dim', text) : text)),
    )
  })
}

export function countByStatus(statuses: readonly WorkspaceStatus[]): Partial<Record<WorkspaceStatus, number>> {
  const counts: Partial<Record<WorkspaceStatus, number>> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function countsText(total: number, counts: Partial<Record<WorkspaceStatus, number>>): string {
  const each = Object.entries(counts).map(([status, count]) => `${count} ${status}`)
  return each.length === 0 ? 'none' : `${total} (${each.join(', ')})`
}

/** With the engine's name where there are several. */
function notesOn(engines: readonly EngineView[]): string[] {
  return engines.flatMap(({ name, state }) => engineRemarks(state).map((remark) => (engines.length === 1 ? remark : `${name}: ${remark}`)))
}
