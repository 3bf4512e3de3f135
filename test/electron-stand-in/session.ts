import type * as Electron from 'electron'
import { chromium, host } from './host'
import { fromChromium } from './schemes'

type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0]
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0]
type DeviceHandler = Parameters<Electron.Session['setDevicePermissionHandler']>[0]

const handlers: { request: RequestHandler; check: CheckHandler; device: DeviceHandler } = { request: null, check: null, device: null }

const defaultSession = {
  setPermissionRequestHandler(handler) {
    handlers.request = handler
  },
  setPermissionCheckHandler(handler) {
    handlers.check = handler
  },
  setDevicePermissionHandler(handler) {
    handlers.device = handler
  },
} satisfies Pick<Electron.Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'>

export const session = {
  get defaultSession() {
    if (!host.isReady) throw new Error('Session can only be received when app is ready')
    return defaultSession
  },
}

/** Chromium's names of what Electron calls otherwise. */
const CHROMIUM_NAMES: Record<string, string[]> = {
  'clipboard-sanitized-write': ['clipboard-write'],
  media: ['camera', 'microphone'],
}

interface Question {
  contents: unknown
  permission: string
  kind: 'request' | 'check' | 'device'
  /** As Chromium calls them. */
  url: string
  origin: string
  isMainFrame: boolean
}

/** Asks Berth, and has Chromium do as it says. Without a handler everything is granted, as in Electron. */
export async function decidePermission(question: Question): Promise<boolean> {
  const isGranted = await answer(question)
  for (const name of CHROMIUM_NAMES[question.permission] ?? [question.permission]) {
    const permission = { name, ...(name === 'clipboard-write' ? { allowWithoutSanitization: false } : {}) }
    // Not every permission of Electron's is one of Chromium's protocol.
    await chromium()
      .browser.send('Browser.setPermission', { permission, setting: isGranted ? 'granted' : 'denied', origin: question.origin })
      .catch(() => undefined)
  }
  return isGranted
}

async function answer({ contents, permission, kind, url, origin, isMainFrame }: Question): Promise<boolean> {
  const seen = contents as Electron.WebContents
  const requestingUrl = fromChromium(url)
  const { check, device, request } = handlers
  switch (kind) {
    case 'check':
      return (
        check === null ||
        check(seen, permission as Parameters<typeof check>[1], `${fromChromium(`${origin}/`)}`, { isMainFrame, requestingUrl })
      )
    case 'device': {
      // None of the kind is plugged in here: the handler is asked about one that could be.
      const details = { deviceType: permission, origin: fromChromium(`${origin}/`), device: { name: 'stand-in' } }
      return device?.(details as unknown as Electron.DevicePermissionHandlerHandlerDetails) ?? false
    }
    case 'request':
      if (request === null) return true
      return await new Promise((resolve) =>
        request(seen, permission as Parameters<typeof request>[1], resolve, { isMainFrame, requestingUrl }),
      )
    default:
      return kind satisfies never
  }
}
