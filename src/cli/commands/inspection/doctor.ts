import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { paintFor } from '../../output/format/paint'
import { oneLine } from '../../output/format/plain-text'
import { printJson, printLines } from '../../output/output'

/** Returns 1 when something is wrong. */
export async function runDoctor(context: CliContext): Promise<number> {
  return withConnection(context, async ({ client }) => {
    const findings = await client.system.doctor()
    if (context.options.json) printJson(context, findings)
    else if (context.options.quiet)
      printLines(
        context,
        findings.map(({ id }) => oneLine(id)),
      )
    else {
      const paint = paintFor(context.stdout, context.env)
      const lines = findings.flatMap(({ workspace, message, next }) => [
        oneLine(workspace === null ? message : `${workspace}: ${message}`),
        paint('dim', `  ${oneLine(next)}`),
      ])
      printLines(context, lines.length === 0 ? ['Everything that should exist does.'] : lines)
    }
    return findings.length === 0 ? 0 : 1
  })
}
