import { resolve } from 'node:path'
import { DEFAULT_DISTRO, type DistroId, localImage } from '../../../shared/distros'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { type EngineOption, onEngine } from '../../options/shared-options'
import { printJson, printLines } from '../../output/output'

export interface BuildOptions extends EngineOption {
  base?: boolean
  distro?: DistroId
  from?: string
  file?: string
  context?: string
  tag?: string
  cache: boolean
}

export async function buildImage(context: CliContext, options: BuildOptions): Promise<void> {
  const { base, distro, from, file, context: folder, tag, cache } = options
  const input = {
    ...(base === undefined ? {} : { size: 'base' as const }),
    ...(distro === undefined ? {} : { distro }),
    ...(from === undefined ? {} : { from }),
    ...(file === undefined ? {} : { file: resolve(file) }),
    ...(folder === undefined ? {} : { context: resolve(folder) }),
    ...(tag === undefined ? {} : { tag }),
    ...onEngine(options),
    noCache: !cache,
  }
  const image = tag ?? localImage(distro ?? DEFAULT_DISTRO, base ? 'base' : 'full')
  await withConnection(context, async ({ client }) => {
    const operation = await runOperation(context, client, () => client.images.build(input))
    if (context.options.json) printJson(context, operation)
    else printLines(context, [context.options.quiet ? image : `${image} is built`])
  })
}
