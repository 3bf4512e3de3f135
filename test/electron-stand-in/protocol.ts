import type * as Electron from 'electron'
import { chromium } from './host'
import { fromChromium, privilegesOf, registerSchemes } from './schemes'

type Handler = Parameters<Electron.Protocol['handle']>[1]

const handlers = new Map<string, Handler>()

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => registerSchemes(schemes),
  handle(scheme, handler) {
    chromium()
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    handlers.set(scheme, handler)
  },
  unhandle: (scheme) => void handlers.delete(scheme),
  isProtocolHandled: (scheme) => handlers.has(scheme),
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'>

export interface AppRequest {
  /** As Chromium calls it. */
  url: string
  method: string
  headers: Record<string, string>
  resourceType: string
  postData: string | undefined
}

export type Answer = { status: number; headers: { name: string; value: string }[]; body: string } | { error: 'Failed' | 'AccessDenied' | 'AddressUnreachable' }

/** null: it is for no scheme of the app's. */
export async function answerOf(request: AppRequest): Promise<Answer | null> {
  const url = fromChromium(request.url)
  if (url === request.url) return null
  const scheme = url.slice(0, url.indexOf(':'))
  const { standard = false, supportFetchAPI = false } = privilegesOf(scheme)
  const handler = handlers.get(scheme)
  if (handler === undefined) return { error: 'AddressUnreachable' }
  if (!supportFetchAPI && (request.resourceType === 'Fetch' || request.resourceType === 'XHR')) return { error: 'AccessDenied' }
  try {
    const { method, postData } = request
    const response = await handler(new Request(url, { method, headers: request.headers, ...(postData === undefined ? {} : { body: postData }) }))
    const headers = [...response.headers].map(([name, value]) => ({ name, value }))
    // An origin that is nobody's, not even its own.
    if (!standard) headers.push({ name: 'content-security-policy', value: 'sandbox allow-scripts allow-forms allow-popups allow-modals' })
    return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()).toString('base64') }
  } catch (error) {
    process.stderr.write(`The handler of ${scheme}: failed: ${error instanceof Error ? error.stack : String(error)}\n`)
    return { error: 'Failed' }
  }
}
