import { EventEmitter } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type * as Electron from 'electron'
import { startChromium } from './chromium'
import { host, preventableEvent } from './host'
import { serveSchemes } from './protocol'
import { claimFolder } from './single-instance'

/** The folder of a packaged app that it runs, whose executable sets this (`make-distribution.mjs`). */
const packaged = process.env.BERTH_STAND_IN_PACKAGED
if (packaged !== undefined) Object.assign(process, { resourcesPath: join(packaged, 'resources') })
const root = packaged === undefined ? resolve(import.meta.dirname, '../..') : join(packaged, 'resources/app')
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string }
const paths = new Map<string, string>([
  ['home', homedir()],
  ['appData', join(homedir(), '.config')],
  ['userData', join(homedir(), '.config', name)],
  ['temp', tmpdir()],
])
const switches = new Map<string, string>()
for (const argument of process.argv.slice(2)) {
  const [, key, value = ''] = /^--([^=]+)(?:=(.*))?$/.exec(argument) ?? []
  if (key !== undefined) switches.set(key, value)
}

/** What the app asks of its windows, which know the app. */
interface Windows {
  closeAll(): void
  destroyAll(): void
  count(): number
}
let windows: Windows = { closeAll() {}, destroyAll() {}, count: () => 0 }
export function setWindows(given: Windows): void {
  windows = given
}

const emitter = new EventEmitter()
const ready = Promise.withResolvers<void>()
let lock: { release(): void } | null = null
let isQuitting = false
let isExiting = false
let isShutDown = false
let exitCode = 0

export const app = Object.assign(emitter, {
  isPackaged: packaged !== undefined,
  userAgentFallback: '',
  commandLine: {
    appendSwitch: (key: string, value = '') => void switches.set(key, value),
    appendArgument: () => undefined,
    hasSwitch: (key: string) => switches.has(key),
    getSwitchValue: (key: string) => switches.get(key) ?? '',
    removeSwitch: (key: string) => void switches.delete(key),
  } satisfies Electron.CommandLine,
  getName: () => name,
  getVersion: () => version,
  getAppPath: () => root,
  getPath(of) {
    const path = paths.get(of)
    if (path === undefined) throw new Error(`Failed to get '${of}' path`)
    return path
  },
  setPath(of, path) {
    if (!isAbsolute(path)) throw new Error('Path must be absolute')
    // As documented; Electron itself is less strict.
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`)
    paths.set(of, path)
  },
  isReady: () => host.isReady,
  whenReady: () => ready.promise,
  focus: () => undefined,
  dock: undefined,
  setBadgeCount(count = 0) {
    if (!host.isReady) throw new Error('setBadgeCount cannot be called before the app is ready')
    host.badge = count
    return true
  },
  setLoginItemSettings: () => undefined,
  setAsDefaultProtocolClient: () => true,
  quit() {
    if (isQuitting) return
    const event = preventableEvent({})
    app.emit('before-quit', event)
    isQuitting = !event.defaultPrevented
    if (!isQuitting) return
    if (windows.count() === 0) notifyAndShutDown()
    else windows.closeAll()
  },
  exit(code = 0) {
    exitCode = code
    // No loop to leave yet.
    if (!host.isReady) process.exit(code)
    isQuitting = true
    isExiting = true
    if (windows.count() === 0) shutDown()
    else windows.destroyAll()
  },
  requestSingleInstanceLock() {
    if (lock !== null) return true
    const claimed = claimFolder(app.getPath('userData'), (argv, workingDirectory) => {
      // Kept until the app is ready, as Electron does.
      void ready.promise.then(() => app.emit('second-instance', {}, argv, workingDirectory, null))
    })
    if (claimed === false) return false
    lock = claimed
    return true
  },
  hasSingleInstanceLock: () => lock !== null,
  releaseSingleInstanceLock() {
    lock?.release()
    lock = null
  },
} satisfies Partial<Electron.App> &
  Pick<
    Electron.App,
    | 'isPackaged'
    | 'getPath'
    | 'setPath'
    | 'getVersion'
    | 'isReady'
    | 'whenReady'
    | 'quit'
    | 'exit'
    | 'requestSingleInstanceLock'
    | 'releaseSingleInstanceLock'
  >)

/** The last window is gone. */
export function allWindowsClosed(): void {
  if (isExiting) shutDown()
  else if (isQuitting) notifyAndShutDown()
  else if (!app.emit('window-all-closed')) app.quit()
}

/** A window that stays keeps the app. */
export function closeWasPrevented(): void {
  isQuitting = false
}

function notifyAndShutDown(): void {
  if (isShutDown) return
  const event = preventableEvent({})
  app.emit('will-quit', event)
  if (event.defaultPrevented) isQuitting = false
  else shutDown()
}

function shutDown(): void {
  if (isShutDown) return
  isShutDown = true
  isQuitting = true
  app.emit('quit', {}, exitCode)
  void (host.chromium?.close() ?? Promise.resolve()).then(() => process.exit(exitCode))
}

const NOT_FOR_CHROMIUM = ['user-data-dir', 'inspect']

// When the main process's own program has run, as Electron does.
setImmediate(async () => {
  try {
    const chrome = '156.0.0.0'
    app.userAgentFallback = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ${name}/${version} Chrome/${chrome} Electron/${process.versions.electron} Safari/537.36`
    host.chromium = await startChromium({
      profile: join(app.getPath('userData'), 'Chromium'),
      userAgent: app.userAgentFallback,
      switches: [...switches]
        .filter(([key]) => !NOT_FOR_CHROMIUM.includes(key))
        .map(([key, value]) => (value === '' ? `--${key}` : `--${key}=${value}`)),
    })
    await serveSchemes(host.chromium.browser)
    host.isReady = true
    app.emit('will-finish-launching')
    app.emit('ready', {}, {})
    ready.resolve()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
})
