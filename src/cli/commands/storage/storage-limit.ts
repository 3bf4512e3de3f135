import { formatBytes } from '../../../shared/byte-size'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { givenSize } from '../../options/given-size'
import { printJson, printLines } from '../../output/output'

export interface LimitOptions {
  none?: boolean
  /** Of all workspaces together. */
  total?: boolean
}

export function limitStorage(
  context: CliContext,
  first: string | undefined,
  second: string | undefined,
  options: LimitOptions,
): Promise<void> {
  const size = options.total ? first : second
  if (options.none && size !== undefined) throw usageError('--none goes without a size.', 'Give the one or the other.')
  const bytes = options.none ? null : size === undefined ? undefined : givenSize(size)
  if (options.total) {
    if (second !== undefined) throw usageError('--total is of all workspaces, and takes a size only.', 'Leave the name out.')
    return limitTotal(context, bytes)
  }
  if (first === undefined) throw usageError('Which workspace?', 'Give its name, or --total for all together.')
  return limitWorkspace(context, first, bytes)
}

/** `bytes`: null for none, undefined to leave it as it is. */
function limitWorkspace(context: CliContext, workspace: string, bytes: number | null | undefined): Promise<void> {
  return withConnection(context, async ({ client }) => {
    const { name, limits, ...rest } =
      bytes === undefined
        ? await client.workspaces.get({ workspace })
        : await client.workspaces.update({ workspace, limits: { diskBytes: bytes } })
    if (context.options.json) printJson(context, { name, limits, ...rest })
    else printLines(context, [limitLine(name, limits.diskBytes)])
  })
}

function limitTotal(context: CliContext, bytes: number | null | undefined): Promise<void> {
  return withConnection(context, async ({ client }) => {
    const settings = bytes === undefined ? await client.settings.get() : await client.settings.update({ totalDiskBytes: bytes })
    if (context.options.json) printJson(context, settings)
    else printLines(context, [limitLine('All workspaces together', settings.totalDiskBytes)])
  })
}

function limitLine(subject: string, bytes: number | null): string {
  return `${subject}: ${bytes === null ? 'no limit' : `limited to ${formatBytes(bytes)} on disk`}`
}
