import type { TemplateChange } from '../../../shared/contract/library'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { confirm, someoneToAsk } from '../../output/confirm'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'

export interface ApplyOptions {
  dryRun?: boolean
  yes?: boolean
}

export interface SaveOptions {
  description?: string
  overwrite?: boolean
}

const EFFECTS: Readonly<Record<TemplateChange['effect'], string>> = {
  live: 'at once',
  restart: 'at its next start',
  rebuild: 'by a rebuild',
  never: 'not: it is chosen at creation',
}

export async function applyTemplate(context: CliContext, reference: string, options: ApplyOptions): Promise<void> {
  if (!options.dryRun && !options.yes && !someoneToAsk(context))
    throw usageError(
      'A template is applied after a question, and there is no terminal to ask on.',
      'Add --yes, or --dry-run to see what would change.',
    )
  await withConnection(context, async ({ client }) => {
    const { id, name } = await client.workspaces.get({ workspace: reference })
    const { template, changes } = await client.library.changes({ workspace: id })
    if (options.dryRun && context.options.json) return printJson(context, { template, changes })
    const lines = formatTable(changes.map(({ title, summary, effect }) => [`  ${title}`, summary, EFFECTS[effect]]))
    if (changes.length === 0) {
      if (context.options.json) return printJson(context, { template, changes })
      return printLines(context, [`${name} is in line with the template ${template}.`])
    }
    if (options.dryRun) return printLines(context, [`${name} would change as the template ${template} has:`, ...lines])
    const heading = `${name} changes as the template ${template} has:`
    if (options.yes) for (const line of [heading, ...lines]) remark(context, line)
    else await confirm(context, { heading, losses: lines, question: `Apply it to ${name}?`, declined: 'Nothing was changed.' })
    const { started, ...applied } = await client.library.apply({ workspace: id })
    if (started) await runOperation(context, client, async () => started.operation)
    if (context.options.json) return printJson(context, { ...applied, workspace: await client.workspaces.get({ workspace: id }) })
    const fixed = changes.filter(({ effect }) => effect === 'never').map(({ title }) => title)
    const rest = fixed.length === 0 ? '' : `, but for what is chosen at creation: ${fixed.join(', ')}`
    printLines(context, [context.options.quiet ? name : `${name} is in line with the template ${template}${rest}`])
  })
}

export function saveTemplate(
  context: CliContext,
  workspace: string,
  id: string,
  { description, overwrite = false }: SaveOptions,
): Promise<void> {
  return withConnection(context, async ({ client }) => {
    const saved = await client.library.saveTemplate({ workspace, id, overwrite, ...(description === undefined ? {} : { description }) })
    if (context.options.json) return printJson(context, saved)
    if (saved.leftOut.length > 0) remark(context, `Left out, since their values are secrets: ${saved.leftOut.join(', ')}.`)
    printLines(context, [context.options.quiet ? id : `${workspace} is saved as the template ${id}, in ${saved.file}`])
  })
}
