import { formatBytes } from '../../../shared/byte-size'
import type { StorageInfo } from '../../../shared/contract/storage'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { givenSize } from '../../options/given-size'
import { type EngineOption, onEngine } from '../../options/shared-options'
import { printJson, printLines } from '../../output/output'

export interface PoolOptions extends EngineOption {
  /** Such as 50G. */
  size: string
}

export function showStorage(context: CliContext, options: EngineOption): Promise<void> {
  return withConnection(context, async ({ client }) => print(context, await client.storage.info(onEngine(options))))
}

export function enablePool(context: CliContext, options: PoolOptions): Promise<void> {
  const sizeBytes = givenSize(options.size)
  return withConnection(context, async ({ client }) => print(context, await client.storage.enable({ sizeBytes, ...onEngine(options) })))
}

export function disablePool(context: CliContext, options: EngineOption): Promise<void> {
  return withConnection(context, async ({ client }) => print(context, await client.storage.disable(onEngine(options))))
}

function print(context: CliContext, info: StorageInfo): void {
  if (context.options.json) return printJson(context, info)
  printLines(context, storageLines(info))
}

/** In words, what new workspaces are made on and how full the pool is. */
export function storageLines({ newWorkspaces, pool, obstacle }: StorageInfo): string[] {
  const place = newWorkspaces === 'btrfs' ? 'the pool: clones and snapshots take an instant' : 'plain Docker volumes'
  const state =
    pool !== null
      ? `${formatBytes(pool.usedBytes)} of ${formatBytes(pool.sizeBytes)} used, ${formatBytes(pool.freeBytes)} free`
      : (obstacle ?? 'none; “berth storage enable” makes one')
  return [`New workspaces  ${place}`, `Pool            ${state}`]
}
