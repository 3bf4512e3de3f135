import type * as Electron from 'electron'
import { host } from './host'

/**
 * Chromium shows no scheme that it was not built with. A page of `SCHEME://HOST/` is therefore shown at `https://HOST.SCHEME.stand-in/`, and every
 * address is translated on its way in and out: Berth sees its own scheme alone. The privileges of a scheme have the consequences that they have in Electron:
 * - `standard`: an origin with a storage of its own; without it the page has an opaque origin.
 * - `secure`: a secure context; without it the page is at `http:`.
 * - `supportFetchAPI`: `fetch` of such addresses; without it they fail.
 */
const SUFFIX = 'stand-in'
const SHOWN = /^(https?):\/\/([^/?#]*)\.([a-z][a-z0-9]*)\.stand-in(?::\d+)?([/?#].*)?$/s

const BUILT_IN = new Set(['http', 'https', 'ws', 'wss', 'file', 'data', 'blob', 'about', 'javascript', 'chrome', 'devtools'])
const isBuiltIn = (scheme: string) => BUILT_IN.has(scheme)

const privileges = new Map<string, Electron.Privileges>()

export function registerSchemes(schemes: Electron.CustomScheme[]): void {
  if (host.isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
  for (const { scheme, privileges: granted = {} } of schemes) {
    if (isBuiltIn(scheme)) throw new Error(`The scheme ${scheme} is Chromium's own`)
    privileges.set(scheme, granted)
  }
}

export const privilegesOf = (scheme: string): Electron.Privileges => privileges.get(scheme) ?? {}

/** Where Chromium shows it; addresses of Chromium's own schemes stay as they are. */
export function toChromium(url: string): string {
  const match = /^([a-z][a-z0-9]*):\/\/([^/?#]*)(.*)$/s.exec(url)
  const [, scheme = '', name = '', path = ''] = match ?? []
  if (match === null || isBuiltIn(scheme)) return url
  return `${privilegesOf(scheme).secure ? 'https' : 'http'}://${name}.${scheme}.${SUFFIX}${path === '' ? '/' : path}`
}

/** What Berth calls it. */
export function fromChromium(url: string): string {
  const match = SHOWN.exec(url)
  if (match === null) return url
  const [, , name = '', scheme = '', path = ''] = match
  return `${scheme}://${name}${path}`
}
