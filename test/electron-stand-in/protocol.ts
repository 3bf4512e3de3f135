import type * as Electron from 'electron'
import type { Session } from './chromium'
import { chromium, ignoreEnd } from './host'
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

interface Paused {
  requestId: string
  resourceType: string
  request: { url: string; method: string; headers: Record<string, string>; postData?: string }
}

type Answer =
  | { status: number; headers: { name: string; value: string }[]; body: string }
  | { error: 'Failed' | 'AccessDenied' | 'AddressUnreachable' }

/** Answers what the app's schemes are asked for, by whatever of Chromium: pages, workers, and workers of workers. */
export async function serveSchemes(browser: Session): Promise<void> {
  browser.on('Fetch.requestPaused', (paused) => ignoreEnd(answerPaused(browser, paused)))
  await browser.send('Fetch.enable', { patterns: [{ urlPattern: '*.stand-in/*' }] })
}

export async function answerPaused(session: Session, paused: Paused): Promise<void> {
  const { requestId } = paused
  const answer = await answerOf(paused)
  if (answer === null) await session.send('Fetch.continueRequest', { requestId })
  else if ('error' in answer) await session.send('Fetch.failRequest', { requestId, errorReason: answer.error })
  else
    await session.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: answer.status,
      responseHeaders: answer.headers,
      body: answer.body,
    })
}

/** null: it is for no scheme of the app's. */
async function answerOf({ request, resourceType }: Paused): Promise<Answer | null> {
  const url = fromChromium(request.url)
  if (url === request.url) return null
  const scheme = url.slice(0, url.indexOf(':'))
  const { standard = false, supportFetchAPI = false } = privilegesOf(scheme)
  const handler = handlers.get(scheme)
  if (handler === undefined) return { error: 'AddressUnreachable' }
  if (!supportFetchAPI && (resourceType === 'Fetch' || resourceType === 'XHR')) return { error: 'AccessDenied' }
  try {
    const { method, postData } = request
    const response = await handler(
      new Request(url, { method, headers: request.headers, ...(postData === undefined ? {} : { body: postData }) }),
    )
    const headers = [...response.headers].map(([name, value]) => ({ name, value }))
    // An origin that is nobody's, not even its own.
    if (!standard) headers.push({ name: 'content-security-policy', value: 'sandbox allow-scripts allow-forms allow-popups allow-modals' })
    return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()).toString('base64') }
  } catch (error) {
    process.stderr.write(`The handler of ${scheme}: failed: ${error instanceof Error ? error.stack : String(error)}\n`)
    return { error: 'Failed' }
  }
}
