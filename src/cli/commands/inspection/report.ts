import { open, writeFile } from 'node:fs/promises'
import { release } from 'node:os'
import { join, resolve } from 'node:path'
import type { BerthClient } from '../../../shared/contract/contract'
import { CliError } from '../../cli-error'
import { LOG_FILE } from '../../connection/autostart'
import { berthHome, withConnection } from '../../connection/connection'
import { isNodeError } from '../../connection/door'
import type { CliContext } from '../../context'
import { oneLine } from '../../output/format/plain-text'
import { printJson, printLines, remark } from '../../output/output'
import { problemReport } from '../../report/problem-report'

export interface ReportOptions {
  output?: string
  force?: boolean
}

const LOG_LINES = 40
const LOG_BYTES = 64 * 1024

/** Prints a report to fill in, or writes it to a file that only its owner can read. Throws FILE_UNUSABLE for a file that is there already, or cannot be written. */
export async function writeReport(context: CliContext, version: string, { output, force = false }: ReportOptions): Promise<void> {
  const report = await withConnection(context, async ({ client, door }) => {
    const [berth, engines, settings, workspaces, findings] = await Promise.all([
      client.system.info(),
      client.engines.list(),
      client.settings.get(),
      client.workspaces.list(),
      client.system.doctor(),
    ])
    const secrets = [
      door.token,
      ...(await secretsOf(
        client,
        workspaces.map(({ id }) => id),
      )),
    ]
    const parts = {
      versions: { command: version, berth: berth.version, door: berth.door, node: process.versions.node },
      system: { platform: berth.platform, arch: berth.arch, release: release() },
      ...{ engines, settings, workspaces, findings, log: await lastLines(join(berthHome(context), LOG_FILE)) },
    }
    return problemReport(parts, secrets, context.homedir)
  })
  const file = output === undefined ? null : resolve(output)
  if (file !== null) await save(file, report, force)
  if (context.options.json) printJson(context, { file, report })
  else printLines(context, [file === null ? report.trimEnd() : file])
  remark(context, 'Look it over before you share it: programs may have printed what Berth cannot know to be secret.')
}

/** Values of all variables, which may be passwords. */
async function secretsOf(client: BerthClient, workspaces: readonly string[]): Promise<string[]> {
  const shown = await Promise.all([
    client.settings.environment({ reveal: true }),
    ...workspaces.map((workspace) => client.workspaces.environment({ workspace, reveal: true })),
  ])
  return shown.flatMap(({ variables }) => Object.values(variables))
}

async function lastLines(file: string): Promise<string[]> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const length = Math.min(size, LOG_BYTES)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
      return lines
        .map(oneLine)
        .filter((line) => line !== '')
        .slice(-LOG_LINES)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return ['There is none: this Berth was not started in the background.']
    throw error
  }
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
