import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { PLAIN_HEADERS, pagePolicy } from './security-headers'

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

export interface StaticFile {
  path: string
  size: number
  contentType: string
  cacheControl: string
}

/**
 * The file of the page for the path of a URL (still percent-encoded), null when there is none. A path without an extension is a
 * place within the page and gets index.html. Never a file outside `root`.
 */
export async function findStaticFile(root: string, pathname: string): Promise<StaticFile | null> {
  const decoded = decodePath(pathname)
  if (decoded === null) return null
  const path = resolve(root, `.${decoded}`)
  if (path !== resolve(root) && !path.startsWith(resolve(root) + sep)) return null
  const extension = extname(path)
  const file = extension === '' ? await describe(join(root, 'index.html'), '.html') : await describe(path, extension)
  if (file === null) return null
  // Vite puts a hash of the content into the names of assets, so these never change.
  const isHashed = decoded.startsWith('/assets/') && extension !== ''
  return { ...file, cacheControl: isHashed ? 'public, max-age=31536000, immutable' : 'no-cache' }
}

/** null for what is no path: bad percent-encoding, a NUL, or a backslash, which Windows takes for a separator. */
function decodePath(pathname: string): string | null {
  try {
    const decoded = decodeURIComponent(pathname)
    return decoded.startsWith('/') && !decoded.includes('\0') && !decoded.includes('\\') ? decoded : null
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

async function describe(path: string, extension: string): Promise<Omit<StaticFile, 'cacheControl'> | null> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ENAMETOOLONG') return undefined
    throw error
  })
  if (!stats?.isFile()) return null
  return { path, size: stats.size, contentType: CONTENT_TYPES[extension] ?? 'application/octet-stream' }
}

/** Answers a GET or HEAD with the page's files. They hold no data, so they need no token. */
export async function serveStaticFile(root: string, pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = await findStaticFile(root, pathname)
  if (file === null) {
    response.writeHead(404, { ...PLAIN_HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    response.end(pathname === '/' ? 'The page has not been built. Run script/setup.\n' : 'This address does not exist.\n')
    return
  }
  response.writeHead(200, {
    ...PLAIN_HEADERS,
    'content-security-policy': pagePolicy(`ws://${request.headers.host}`),
    'content-type': file.contentType,
    'content-length': file.size,
    'cache-control': file.cacheControl,
  })
  if (request.method === 'HEAD') response.end()
  else await pipeline(createReadStream(file.path), response)
}
