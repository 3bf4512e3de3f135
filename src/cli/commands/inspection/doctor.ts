import type { Finding } from '../../../shared/finding'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { type Paint, paintFor } from '../../output/format/paint'
import { oneLine } from '../../output/format/plain-text'
import { printJson, printLines } from '../../output/output'

/** Returns 1 when something is wrong, and is not repaired. */
export async function runDoctor(context: CliContext, { repair = false }: { repair?: boolean } = {}): Promise<number> {
  return withConnection(context, async ({ client }) => {
    const findings = repair ? await client.system.repair() : await client.system.doctor()
    if (context.options.json) printJson(context, findings)
    else if (context.options.quiet)
      printLines(
        context,
        findings.map(({ id }) => oneLine(id)),
      )
    else {
      const paint = paintFor(context.stdout, context.env)
      const lines = findings.flatMap((finding) => findingLines(finding, paint))
      printLines(context, lines.length === 0 ? ['Everything that should exist does.'] : lines)
    }
    return findings.every(({ severity, outcome }) => severity === 'notice' || outcome === 'repaired') ? 0 : 1
  })
}

const OUTCOMES: Record<Finding['outcome'], string> = {
  restorable: 'can be restored',
  lost: 'lost',
  repaired: 'repaired',
  decision: '',
}

function findingLines({ workspace, message, next, outcome }: Finding, paint: Paint): string[] {
  const mark = OUTCOMES[outcome] === '' ? '' : `[${OUTCOMES[outcome]}] `
  const line = `${mark}${oneLine(workspace === null ? message : `${workspace}: ${message}`)}`
  if (outcome === 'repaired') return [line]
  const step = outcome === 'restorable' ? `${next} “berth doctor --repair” does it.` : next
  return [line, paint('dim', `  ${oneLine(step)}`)]
}
