import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { printJson } from '../../output/output'

/** JSON, with or without --json. */
export async function printDebugReport(context: CliContext, reference: string): Promise<void> {
  await withConnection(context, async ({ client }) => printJson(context, await client.debug.report({ workspace: reference })))
}
