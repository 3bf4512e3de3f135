import { session } from 'electron'
import { isPageUrl } from './page-protocol'

/** The buttons that copy and the terminal's paste need the clipboard. Nothing else is ever asked for. */
const CLIPBOARD = new Set(['clipboard-sanitized-write', 'clipboard-read'])

/** Denies everything a page may ask the system for, but the clipboard to Berth's own page. */
export function setupPermissions(origin: string): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) => {
    decide(CLIPBOARD.has(permission) && details.isMainFrame && isPageUrl(details.requestingUrl, origin))
  })
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin, details) =>
      CLIPBOARD.has(permission) && details.isMainFrame && isPageUrl(requestingOrigin, origin),
  )
  defaultSession.setDevicePermissionHandler(() => false)
}
