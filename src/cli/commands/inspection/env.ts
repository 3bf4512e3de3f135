import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { printJson, printLines, remark } from '../../output/output'

/** Masked unless `reveal` is set. With `unset`, these variables are taken away first. */
export async function showEnvironment(
  context: CliContext,
  reference: string,
  options: { reveal?: boolean; unset: string[] },
): Promise<void> {
  await withConnection(context, async ({ client }) => {
    if (options.unset.length > 0) {
      await client.workspaces.update({ workspace: reference, env: Object.fromEntries(options.unset.map((name) => [name, null])) })
    }
    const { variables, lost } = await client.workspaces.environment({ workspace: reference, reveal: options.reveal === true })
    if (context.options.json) return printJson(context, { variables, lost })
    if (context.options.quiet) return printLines(context, Object.keys(variables))
    printLines(
      context,
      Object.entries(variables).map(([name, value]) => `${name}=${JSON.stringify(value).slice(1, -1)}`),
    )
    if (lost.length > 0) remark(context, `Values that cannot be decrypted any more: ${lost.join(', ')}. Set them again.`)
  })
}
