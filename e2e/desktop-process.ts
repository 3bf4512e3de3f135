import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import type { SettingsPatch } from '../src/shared/contract/settings'
import { type Berth, connectTo, endAndRemove, makeHome } from './berth-process'

/** Stands in for Electron's binary where there is none. */
export const STAND_IN = resolve('test/electron-stand-in/electron')

/** Why the desktop app is not run by Electron itself here; null when it is. The binary is fetched when Electron first runs, not when its package is installed. */
export function electronHindrance(): string | null {
  if (!existsSync(join(import.meta.dirname, '../node_modules/electron/path.txt'))) return 'there is no Electron binary'
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display'
  return null
}

/** A desktop app with a home and ports of its own. */
export interface DesktopBerth extends Berth {
  app: ElectronApplication
  page: Page
  /** What it is started with, for another start. */
  env: Record<string, string>
}

/** The built desktop app in `home`, run by Electron or what stands in for it. Resolves when its window has a page. */
export async function launchDesktop(home: string): Promise<{ app: ElectronApplication; page: Page; env: Record<string, string> }> {
  const env = { BERTH_LOG_LEVEL: 'error', ...(process.env as Record<string, string>), BERTH_HOME: home, HOME: home }
  const isReal = electronHindrance() === null
  const app = await _electron.launch({
    ...(isReal ? {} : { executablePath: STAND_IN }),
    args: ['.'],
    cwd: resolve('.'),
    env,
    // Nothing but what Berth asks for.
    colorScheme: null,
  })
  if (process.env.BERTH_STAND_IN_DEBUG) app.process().stderr?.pipe(process.stderr)
  const page = await app.firstWindow()
  return { app, page, env }
}

export async function startDesktop(settings: SettingsPatch = {}): Promise<DesktopBerth> {
  const home = await makeHome(settings)
  const { app, page, env } = await launchDesktop(home)
  const child = app.process()
  try {
    const { close, ...berth } = await connectTo(home)
    return {
      ...berth,
      home,
      pid: child.pid ?? 0,
      link: '',
      app,
      page,
      env,
      async dispose() {
        close()
        await quit(app)
        await endAndRemove(child, home)
      },
    }
  } catch (error) {
    await endAndRemove(child, home)
    throw error
  }
}

/** As its menu does; resolves with the exit code. */
export async function quit(app: ElectronApplication): Promise<number | null> {
  const child = app.process()
  if (child.exitCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  // It may be gone before it has answered.
  app.evaluate(({ app }) => app.quit()).catch(() => undefined)
  await ended
  return child.exitCode
}
