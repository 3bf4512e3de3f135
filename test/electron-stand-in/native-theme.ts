import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'

const SOURCES = ['system', 'light', 'dark']
let source: Electron.NativeTheme['themeSource'] = 'system'

/** The system is a light one. */
export const nativeTheme = Object.defineProperties(new EventEmitter().setMaxListeners(0), {
  themeSource: {
    get: () => source,
    set(value: Electron.NativeTheme['themeSource']) {
      if (!SOURCES.includes(value)) throw new TypeError(`${value} is no theme source`)
      if (value === source) return
      source = value
      nativeTheme.emit('updated')
    },
  },
  shouldUseDarkColors: { get: () => source === 'dark' },
}) as EventEmitter & { themeSource: Electron.NativeTheme['themeSource']; readonly shouldUseDarkColors: boolean }
