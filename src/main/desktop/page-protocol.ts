import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { app, protocol } from 'electron'
import { DOWNLOAD_PATH } from '../../shared/door-addresses'
import { errorStatus } from '../../shared/error-definitions'
import { isBerthError } from '../../shared/errors'
import { downloadHeaders, type FileTransfers } from '../api/file-routes'
import { PLAIN_HEADERS, pagePolicy } from '../api/security-headers'
import { findStaticFile } from '../api/static-files'

const SCHEME = 'app'
const HOST = 'berth'

/** Where the window's page is: in development electron-vite's server, else files of the app at a scheme of its own. */
export function pageUrl(): string {
  return developmentUrl() ?? `${SCHEME}://${HOST}/`
}

/** The one origin that the window may show. */
export function pageOrigin(): string {
  const url = developmentUrl()
  return url === null ? `${SCHEME}://${HOST}` : new URL(url).origin
}

/** True for addresses of the page. `URL.origin` is “null” for schemes that Node does not know, so the parts are compared. */
export function isPageUrl(url: string, origin: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol: scheme, host } = new URL(url)
  return `${scheme}//${host}` === origin
}

function developmentUrl(): string | null {
  return app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null)
}

/** A scheme with an origin and a storage of its own, as https has. To be called before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
}

/** Serves the built page, and nothing outside `root`, and downloads that the page has opened. */
export function servePage(root: string, files: Pick<FileTransfers, 'takeDownload'>): void {
  protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url)
    if (url.host === HOST && url.pathname.startsWith(DOWNLOAD_PATH))
      return sendDownload(files, url.pathname.slice(DOWNLOAD_PATH.length), request.signal)
    const file = url.host === HOST && request.method === 'GET' ? await findStaticFile(root, url.pathname) : null
    if (file === null) return new Response('Not found.\n', { status: 404 })
    return new Response(new Uint8Array(await readFile(file.path)), {
      headers: { ...PLAIN_HEADERS, 'content-security-policy': pagePolicy(null), 'content-type': file.contentType },
    })
  })
}

async function sendDownload(files: Pick<FileTransfers, 'takeDownload'>, id: string, signal: AbortSignal): Promise<Response> {
  try {
    const download = await files.takeDownload(id, signal)
    if (download === null) return new Response('Download not found.\n', { status: 404 })
    return new Response(Readable.toWeb(Readable.from(download.chunks)) as ReadableStream, { headers: downloadHeaders(download) })
  } catch (error) {
    if (!isBerthError(error)) throw error
    return new Response(`${error.message}\n`, { status: errorStatus(error) })
  }
}
