import type { FoundEngine } from '../../../shared/contract/engines'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { engineTable } from '../../output/format/engine-lines'
import { type Paint, paintFor } from '../../output/format/paint'
import { oneLine } from '../../output/format/plain-text'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'

/** The engines that Berth uses, with how many workspaces each has. */
export async function listEngines(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const [engines, workspaces] = await Promise.all([client.engines.list(), client.workspaces.list()])
    const counts = new Map<string, number>()
    for (const { engine } of workspaces) if (engine !== null) counts.set(engine, (counts.get(engine) ?? 0) + 1)
    if (context.options.json) {
      return printJson(
        context,
        engines.map((engine) => ({ ...engine, workspaces: counts.get(engine.name) ?? 0 })),
      )
    }
    if (context.options.quiet)
      return printLines(
        context,
        engines.map(({ name }) => name),
      )
    printLines(context, engineTable(engines, counts, Date.now(), paintFor(context.stdout, context.env)))
  })
}

/** Refused, with the names, while workspaces are on it. */
export async function removeEngine(context: CliContext, reference: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const engine = await client.engines.get({ engine: reference })
    await client.engines.remove({ engine: engine.id })
    if (context.options.json) printJson(context, engine)
    else printLines(context, [context.options.quiet ? engine.name : `${engine.name} is removed`])
  })
}

/** Engines there are on this machine, and in Docker’s and Podman’s settings, used or not. */
export async function listFound(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const found = await client.engines.found()
    if (context.options.json) return printJson(context, found)
    if (context.options.quiet)
      return printLines(
        context,
        found.map(({ name }) => oneLine(name)),
      )
    if (found.length === 0) return remark(context, 'No engines were found. “berth engine add NAME ADDRESS” uses one by its address.')
    printLines(context, foundTable(found, paintFor(context.stdout, context.env)))
  })
}

const SOURCES: Record<FoundEngine['source'], string> = {
  context: 'Docker context',
  environment: 'DOCKER_HOST',
  socket: 'socket',
  podman: 'Podman connection',
}

function foundTable(found: readonly FoundEngine[], paint: Paint): string[] {
  const rows = found.map((engine) => [
    oneLine(engine.name),
    SOURCES[engine.source],
    oneLine(engine.address ?? '-'),
    engine.usedAs ?? '-',
    oneLine(remarkOn(engine)),
  ])
  return formatTable(
    [['NAME', 'FOUND AS', 'ADDRESS', 'USED AS', ''], ...rows],
    (text, row, column) => {
      if (row === 0) return paint('dim', text)
      return column === 4 && found[row - 1]?.problem != null ? paint('red', text) : text
    },
    { columns: paint.columns, spare: ['FOUND AS'] },
  )
}

/** What is in the way of its use, or else what is known of it. */
function remarkOn({ problem, isCurrent, description }: FoundEngine): string {
  if (problem !== null) return problem
  return [isCurrent ? 'used by the docker command' : '', description ?? ''].filter((part) => part !== '').join('; ')
}
