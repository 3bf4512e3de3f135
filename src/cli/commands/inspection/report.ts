import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import { isNodeError } from '../../connection/door'
import type { CliContext } from '../../context'
import { printJson, printLines, remark } from '../../output/output'

export interface ReportOptions {
  output?: string
  force?: boolean
}

/** Prints a report to fill in, or writes it to a file that only its owner can read. Throws FILE_UNUSABLE for a file that is there already, or cannot be written. */
export async function writeReport(context: CliContext, { output, force = false }: ReportOptions): Promise<void> {
  const { report } = await withConnection(context, ({ client }) => client.system.report())
  const file = output === undefined ? null : resolve(output)
  if (file !== null) await save(file, report, force)
  if (context.options.json) printJson(context, { file, report })
  else printLines(context, [file === null ? report.trimEnd() : file])
  remark(context, 'Review it before you share it: programs may have printed secrets that Berth cannot recognise.')
}

async function save(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600, flag: force ? 'w' : 'wx' })
  } catch (error) {
    if (!isNodeError(error)) throw error
    const next = error.code === 'EEXIST' ? 'Choose another, or add --force.' : 'Choose another file.'
    throw new CliError('FILE_UNUSABLE', `${file} could not be written: ${error.code === 'EEXIST' ? 'it exists already' : error.message}.`, {
      next,
      cause: error,
    })
  }
}
