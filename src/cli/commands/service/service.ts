import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { BACKGROUND_LOG_FILE } from '../../../shared/log-files'
import { CliError } from '../../cli-error'
import { berthHome, withRunningBerth } from '../../connection/connection'
import { isNodeError } from '../../connection/door'
import type { CliContext } from '../../context'
import { printJson, printLines, remark } from '../../output/output'
import { berthCommand, isOurs, keptVariables, serviceFile, serviceFilePath } from './service-file'
import { managedService, serviceManagerOf } from './service-manager'

export interface InstallOptions {
  port?: number
  print?: boolean
}

/** Where systemd notes whose services go on without a login. */
const LINGERING = '/var/lib/systemd/linger'

/**
 * Writes the service and starts it, unless a Berth runs already. Throws SERVICE_FILE_FOREIGN when something else has written the file, SERVICE_UNAVAILABLE when the
 * service manager does not answer; then nothing was written.
 */
export async function installService(context: CliContext, options: InstallOptions): Promise<void> {
  const manager = serviceManagerOf(context)
  const file = serviceFilePath(manager, context)
  const text = serviceFile(manager, {
    berth: berthCommand(context),
    port: options.port ?? null,
    environment: keptVariables(context.env),
    logFile: join(berthHome(context), BACKGROUND_LOG_FILE),
  })
  if (options.print === true) {
    if (context.options.json) printJson(context, { manager, file, text })
    else context.stdout.write(text)
    return
  }
  const service = managedService(context, manager, file)
  const before = await readServiceFile(file)
  if (before !== null && !isOurs(before)) throw foreign(file)
  await service.check()
  const wasRunning = await service.isRunning()
  // launchd makes a file for errors, but no folder for it.
  await mkdir(berthHome(context), { recursive: true, mode: 0o700 })
  await writeServiceFile(file, text)
  await service.enable()
  // A second one would end at once.
  const other = wasRunning ? null : await withRunningBerth(context, async ({ door }) => door.pid)
  // launchd ends it when it is told anew.
  const started = other === null && !(await service.isRunning())
  if (started) await service.start()
  if (context.options.json) return printJson(context, { manager, file, written: before !== text, started })
  printLines(context, [`${before === text ? 'Unchanged' : 'Written'}: ${file}`])
  if (other !== null)
    remark(
      context,
      `A Berth is running already (process ${other}). To have the service in its place: “berth quit”, then “${service.commands.start}”.`,
    )
  else if (!started && before !== text)
    remark(context, `The service is running as it was before: “${service.commands.restart}” restarts it.`)
  else remark(context, `The service is running, and starts at each login. What it has to say: ${service.commands.log}.`)
  if (manager === 'systemd') tellOfLingering(context)
}

/** Stops it and removes its file. Throws SERVICE_FILE_FOREIGN when the file is not Berth's, or was changed. */
export async function uninstallService(context: CliContext): Promise<void> {
  const manager = serviceManagerOf(context)
  const file = serviceFilePath(manager, context)
  const text = await readServiceFile(file)
  if (text === null) {
    if (context.options.json) printJson(context, { manager, file, removed: false })
    else remark(context, `There is no service: ${file} does not exist.`)
    return
  }
  if (!isOurs(text)) throw foreign(file)
  const service = managedService(context, manager, file)
  await service.check()
  await service.disable()
  await rm(file, { force: true })
  await service.forget()
  if (context.options.json) return printJson(context, { manager, file, removed: true })
  printLines(context, [`Removed: ${file}`])
  remark(context, 'The service is stopped. Workspaces keep running; a command starts Berth in the background again.')
}

/** Tells where the file is, whose it is, and whether the service runs. */
export async function showService(context: CliContext): Promise<void> {
  const manager = serviceManagerOf(context)
  const file = serviceFilePath(manager, context)
  const text = await readServiceFile(file)
  const service = managedService(context, manager, file)
  const running = text === null ? false : await service.check().then(() => service.isRunning())
  const status = { manager, file, installed: text !== null, changed: text !== null && !isOurs(text), running }
  if (context.options.json) return printJson(context, status)
  if (text === null) return printLines(context, ['Not installed: “berth service install” does it.'])
  printLines(context, [
    running ? 'The service is running.' : `The service is not running: “${service.commands.start}” starts it.`,
    `${file}${status.changed ? ' (changed, so Berth leaves it alone)' : ''}`,
  ])
}

function tellOfLingering(context: CliContext): void {
  const { username } = userInfo()
  if (existsSync(join(LINGERING, username))) return
  remark(context, `It ends when you log out. On a server, have it go on and start with the machine: “loginctl enable-linger ${username}”.`)
}

async function readServiceFile(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return null
    throw error
  }
}

async function writeServiceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const beside = `${file}.${process.pid}`
  await writeFile(beside, text, { mode: 0o644 })
  await rename(beside, file)
}

function foreign(file: string): CliError {
  return new CliError('SERVICE_FILE_FOREIGN', `${file} was not written by Berth, or was changed since.`, {
    next: 'Move it away, then try again. To change the service of systemd and keep it, use “systemctl --user edit berth”.',
    data: { file },
  })
}
