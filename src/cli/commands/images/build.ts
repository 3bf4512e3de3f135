import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { printJson, printLines } from '../../output/output'

const IMAGE = 'berth:latest'

export async function buildImage(context: CliContext, options: { base?: string; cache: boolean }): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const input = { noCache: !options.cache, ...(options.base === undefined ? {} : { base: options.base }) }
    const operation = await runOperation(context, client, () => client.images.build(input))
    if (context.options.json) printJson(context, operation)
    else printLines(context, [context.options.quiet ? IMAGE : `${IMAGE} is built`])
  })
}
