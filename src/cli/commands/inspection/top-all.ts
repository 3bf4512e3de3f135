import { formatBytes } from '../../../shared/byte-size'
import type { BerthClient } from '../../../shared/contract/contract'
import type { StatsSample } from '../../../shared/contract/stats'
import type { Workspace } from '../../../shared/workspace'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { applyEvent, readFeed, untilInterrupted } from '../../feed'
import { type Paint, paintFor } from '../../output/format/paint'
import { formatTable } from '../../output/format/table'
import { createLiveLines } from '../../output/live-lines'
import { printJson, printLines, remark } from '../../output/output'

interface Figures {
  name: string
  sample: StatsSample | null
  /** Of all its files; null while it is not measured. */
  diskBytes: number | null
}

/** What each workspace that runs uses, the busiest first: live on a terminal, with those that start meanwhile; elsewhere once. */
export async function showAll(context: CliContext, { once = false }: { once?: boolean }): Promise<number> {
  const isLive = !once && context.stdout.isTTY === true && !context.options.json
  return withConnection(context, ({ client }) => (isLive ? drawAll(context, client) : showOnce(context, client)))
}

async function showOnce(context: CliContext, client: BerthClient): Promise<number> {
  const running = (await client.workspaces.list()).filter((workspace) => workspace.running)
  const disk = await diskUse(client, running)
  const figures = await Promise.all(
    running.map(
      async ({ id, name }): Promise<Figures> => ({ name, sample: await firstSample(client, id), diskBytes: disk.get(id) ?? null }),
    ),
  )
  if (context.options.json) {
    printJson(
      context,
      figures.map(({ name, sample, diskBytes }) => ({ workspace: name, ...sample, diskBytes })),
    )
  } else if (figures.length === 0) remark(context, 'No workspace is running.')
  else printLines(context, topTable(figures, paintFor(context.stdout, context.env)))
  return 0
}

async function firstSample(client: BerthClient, workspace: string): Promise<StatsSample | null> {
  for await (const samples of await client.stats.watch({ workspace })) {
    const sample = samples.at(-1)
    if (sample !== undefined) return sample
  }
  return null
}

function drawAll(context: CliContext, client: BerthClient): Promise<number> {
  const paint = paintFor(context.stdout, context.env)
  const live = createLiveLines(context.stdout)
  return untilInterrupted(context, async (signal) => {
    const workspaces = new Map<string, Workspace>()
    const watched = new Map<string, AbortController>()
    const latest = new Map<string, StatsSample>()
    let disk: ReadonlyMap<string, number> = new Map()
    const failed = new AbortController()
    const fail = (error: unknown) => failed.abort(error)
    const draw = () => {
      const running = [...workspaces.values()].filter((workspace) => workspace.running)
      const figures = running.map(({ id, name }) => ({ name, sample: latest.get(id) ?? null, diskBytes: disk.get(id) ?? null }))
      live.draw(figures.length === 0 ? ['No workspace is running.'] : topTable(figures, paint))
    }
    const watch = async (id: string, ended: AbortSignal) => {
      for await (const samples of await client.stats.watch({ workspace: id }, { signal: ended })) {
        const sample = samples.at(-1)
        if (sample !== undefined) latest.set(id, sample)
        draw()
      }
    }
    const follow = () => {
      for (const { id, running } of workspaces.values()) {
        if (!running || watched.has(id)) continue
        const end = new AbortController()
        watched.set(id, end)
        // One that stops meanwhile ends its figures with an error: the feed tells.
        watch(id, AbortSignal.any([end.signal, signal])).catch(() => latest.delete(id))
      }
      for (const [id, end] of watched) {
        if (workspaces.get(id)?.running === true) continue
        end.abort()
        watched.delete(id)
        latest.delete(id)
      }
    }
    try {
      for await (const event of readFeed(client, AbortSignal.any([signal, failed.signal]))) {
        applyEvent(workspaces, event)
        if (event.type === 'snapshot') {
          diskUse(client, [...workspaces.values()]).then((measured) => {
            disk = measured
            draw()
          }, fail)
        }
        follow()
        draw()
      }
    } finally {
      for (const end of watched.values()) end.abort()
    }
  })
}

/** Bytes of each workspace by id, measured now on each engine that one is on. */
async function diskUse(client: BerthClient, workspaces: readonly Workspace[]): Promise<Map<string, number>> {
  const engines = new Set(workspaces.flatMap(({ engine }) => engine ?? []))
  const usages = await Promise.allSettled([...engines].map((engine) => client.storage.usage({ engine })))
  // An engine that does not answer leaves the column of its workspaces empty.
  const rows = usages.flatMap((usage) => (usage.status === 'fulfilled' ? usage.value.workspaces : []))
  return new Map(rows.flatMap(({ workspaceId, totalBytes }) => (totalBytes === null ? [] : [[workspaceId, totalBytes] as const])))
}

function topTable(figures: readonly Figures[], paint: Paint): string[] {
  const rows = figures
    .toSorted((one, other) => (other.sample?.cpus ?? -1) - (one.sample?.cpus ?? -1) || one.name.localeCompare(other.name))
    .map(({ name, sample, diskBytes }) => [
      name,
      sample === null ? '-' : `${Math.round(sample.cpus * 100)} %`,
      sample === null ? '-' : `${formatBytes(sample.memoryBytes)} / ${formatBytes(sample.memoryLimitBytes)}`,
      diskBytes === null ? '-' : formatBytes(diskBytes),
      sample === null ? '-' : `${formatBytes(sample.diskRead)}/s / ${formatBytes(sample.diskWritten)}/s`,
      sample === null ? '-' : String(sample.processes),
    ])
  const heading = ['NAME', 'CPU', 'MEMORY', 'DISK', 'READ / WRITTEN', 'PROCESSES']
  return formatTable([heading, ...rows], (text, row) => (row === 0 ? paint('dim', text) : text), {
    columns: paint.columns,
    spare: ['PROCESSES', 'READ / WRITTEN', 'DISK'],
  })
}
