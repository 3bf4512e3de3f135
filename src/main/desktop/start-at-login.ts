import { mkdir, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import type { Settings } from '../../shared/contract/settings'
import { log } from '../log'
import type { WatchedSettings } from './watched-settings'

/** Started by the system at login: without its window. */
export const HIDDEN_ARGUMENT = '--hidden'

interface LoginOptions {
  settings: WatchedSettings
  platform?: NodeJS.Platform
  /** Where Linux desktops look for what to start. */
  autostartFolder?: string
}

/** Has the system start Berth at login as the setting says; a copy that is not installed is not started. */
export function setupStartAtLogin({
  settings,
  platform = process.platform,
  autostartFolder = defaultAutostartFolder(),
}: LoginOptions): void {
  let applied: boolean | null = null
  let work = Promise.resolve()

  async function apply(isWanted: boolean): Promise<void> {
    if (platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: isWanted, args: [HIDDEN_ARGUMENT] })
    const file = join(autostartFolder, 'dev.berth.desktop')
    if (!isWanted) return await rm(file, { force: true })
    await mkdir(autostartFolder, { recursive: true })
    await writeFile(file, autostartEntry(process.env.APPIMAGE ?? process.execPath))
  }

  function follow({ startAtLogin }: Settings): void {
    // At the first start nothing has to be taken back.
    if (startAtLogin === (applied ?? false)) return
    applied = startAtLogin
    work = work.then(() => apply(startAtLogin)).catch((error: unknown) => log.error({ err: error }, 'The login item could not be changed'))
  }

  if (!app.isPackaged) return
  follow(settings.get())
  settings.onChange(follow)
}

function defaultAutostartFolder(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'autostart')
}

/** As the Desktop Entry Specification has it: quoted, with what is special in quotes escaped, and the escapes of strings on top. */
function autostartEntry(program: string): string {
  const quoted = `"${program.replace(/[\\"`$]/g, '\\$&')}"`.replaceAll('\\', '\\\\').replaceAll('%', '%%')
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Berth',
    `Exec=${quoted} ${HIDDEN_ARGUMENT}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}
