import { existsSync } from 'node:fs'
import type { LaunchOptions } from '@playwright/test'

/** The one without a window takes a tenth less time. */
const CHROMIUMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const systemChromium = CHROMIUMS.find((path) => existsSync(path))
const executablePath = process.env.BERTH_CHROMIUM ?? systemChromium

/** Its windows are on a display; without one, or in the Chromium that has none, they are drawn nowhere. */
export const isHeaded =
  executablePath !== undefined && !executablePath.endsWith('headless-shell') && Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)

/** The browser of tests and benchmarks: the system's Chromium, which talks to nobody but the page. */
export const browserOptions: LaunchOptions = {
  ...(executablePath === undefined ? {} : { executablePath }),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}
