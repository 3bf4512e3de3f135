import { formatBytes } from '../../../shared/byte-size'
import type { StorageUsage, WorkspaceUsage } from '../../../shared/contract/storage'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { type EngineOption, onEngine } from '../../options/shared-options'
import { type Paint, paintFor } from '../../output/format/paint'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'

export function showUsage(context: CliContext, options: EngineOption): Promise<void> {
  return withConnection(context, async ({ client }) => {
    const usage = await client.storage.usage(onEngine(options))
    if (context.options.json) return printJson(context, usage)
    printLines(context, usageLines(usage, paintFor(context.stdout, context.env)))
    for (const { message } of usage.warnings) remark(context, `Nearly full: ${message}`)
  })
}

/** A table of the workspaces, the largest first, and a line for each of what is besides. */
export function usageLines(usage: StorageUsage, paint: Paint): string[] {
  const heading = ['NAME', 'HOME', 'DOCKER', 'LAYER', 'SNAPSHOTS', 'TOTAL', 'LIMIT']
  const rows = usage.workspaces.toSorted((one, other) => (other.totalBytes ?? 0) - (one.totalBytes ?? 0)).map(row)
  const table = formatTable([heading, ...rows], (text, index) => (index === 0 ? paint('dim', text) : text), {
    columns: paint.columns,
    spare: ['SNAPSHOTS', 'LAYER', 'DOCKER', 'HOME'],
  })
  const { pool, disk, totalLimitBytes } = usage
  const ofLimit = totalLimitBytes === null ? '' : ` of ${formatBytes(totalLimitBytes)}`
  const besides = formatTable([
    ['All workspaces', `${formatBytes(usage.totalBytes)}${ofLimit}`],
    ['Images', size(usage.imagesBytes)],
    ['Build cache', size(usage.buildCacheBytes)],
    ...(pool ? [['Pool', `${formatBytes(pool.usedBytes)} of ${formatBytes(pool.sizeBytes)}`]] : []),
    ...(disk ? [['Engine’s disk', `${formatBytes(disk.freeBytes)} free of ${formatBytes(disk.totalBytes)}`]] : []),
  ])
  return rows.length === 0 ? besides : [...table, '', ...besides]
}

function row({ name, homeBytes, dockerBytes, layerBytes, snapshotBytes, totalBytes, limitBytes, limitEnforced }: WorkspaceUsage): string[] {
  const limit = limitBytes === null ? '' : `${formatBytes(limitBytes)}${limitEnforced ? '' : ' (measured)'}`
  return [name, ...[homeBytes, dockerBytes, layerBytes, snapshotBytes, totalBytes].map(size), limit]
}

function size(bytes: number | null): string {
  return bytes === null ? '-' : formatBytes(bytes)
}
