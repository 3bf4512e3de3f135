import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { API_PATH, DOWNLOAD_PATH } from '../../shared/door-addresses'
import { BerthError, isBerthError } from '../../shared/errors'
import { filePathSchema } from '../../shared/files/file-path'
import { log } from '../log'
import { unexpectedError } from '../unexpected-error'
import type { ApiServices } from './api-services'
import { sendError, sendJson, sendNotFound } from './refusal'
import { PLAIN_HEADERS } from './security-headers'

/*
 * Contents of files, which are not JSON. A procedure would keep them in memory completely.
 */

export type FileTransfers = Pick<ApiServices['files'], 'download' | 'upload' | 'unpack' | 'takeDownload'>

interface FileRoute {
  workspace: string
  kind: 'content' | 'archive'
}

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const octalMode = z
  .string()
  .refine((text) => text.length <= 4 && [...text].every((digit) => digit >= '0' && digit <= '7'), 'Use octal digits, such as 644 or 0755.')
  .transform((text) => Number.parseInt(text, 8))

const readQuery = z.strictObject({ path: filePathSchema })
const writeQuery = z.strictObject({
  path: filePathSchema,
  mode: octalMode.optional(),
  modifiedAt: z.iso.datetime().optional(),
  replace: flag.default(true),
})

/** `/api/workspaces/{workspace}/files/content` and `…/archive`; null for any other path. */
export function parseFileRoute(path: string): FileRoute | null {
  const [workspaces, workspace, files, kind, ...rest] = path.slice(API_PATH.length + 1).split('/')
  if (workspaces !== 'workspaces' || files !== 'files' || !workspace || rest.length > 0) return null
  if (kind !== 'content' && kind !== 'archive') return null
  return { workspace: decoded(workspace), kind }
}

/** The caller has checked host and token. */
export async function serveFileRoute(
  files: FileTransfers,
  route: FileRoute,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = Object.fromEntries(new URL(request.url ?? '', 'http://berth').searchParams)
  // Else a failure would cut the connection before its answer is out.
  const body = request.iterator({ destroyOnReturn: false })
  await answering(response, async (signal) => {
    if (request.method === 'GET') {
      const { path } = parse(readQuery, query)
      await sendDownload(response, await files.download(route.workspace, path, { archive: route.kind === 'archive' }, signal))
    } else if (request.method === 'PUT' && route.kind === 'archive') {
      const { path } = parse(readQuery, query)
      sendJson(response, 200, await files.unpack(route.workspace, path, body, signal))
    } else if (request.method === 'PUT') {
      const options = parse(writeQuery, query)
      sendJson(response, 200, await files.upload(route.workspace, { ...options, size: lengthOf(request) }, body, signal))
    } else {
      const refusal = { defined: false, code: 'METHOD_NOT_ALLOWED', status: 405, message: 'Only GET and PUT are supported here.' }
      sendJson(response, 405, refusal, { allow: 'GET, PUT' })
    }
  })
  // What is left of a body that was refused.
  request.resume()
}

/** `/download/{id}`: the id is the permission. */
export async function serveDownload(files: FileTransfers, path: string, response: ServerResponse): Promise<void> {
  await answering(response, async (signal) => {
    const download = files.takeDownload(decoded(path.slice(DOWNLOAD_PATH.length)), signal)
    if (download === null) sendNotFound(response)
    else await sendDownload(response, await download)
  })
}

type Download = Awaited<ReturnType<FileTransfers['download']>>

/** What every door says of a download. It is never shown as a page: whoever wrote the file is not trusted. */
export function downloadHeaders({ name, kind, size }: Pick<Download, 'name' | 'kind' | 'size'>): Record<string, string> {
  return {
    ...PLAIN_HEADERS,
    'content-type': kind === 'archive' ? 'application/x-tar' : 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
    ...(size === null ? {} : { 'content-length': String(size) }),
  }
}

async function sendDownload(response: ServerResponse, download: Download): Promise<void> {
  response.writeHead(200, downloadHeaders(download))
  await pipeline(download.chunks, response)
}

/** A client that goes away cancels the copy. What fails after the answer has begun breaks it off, so that nobody takes a part for the whole. */
async function answering(response: ServerResponse, answer: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  try {
    await answer(gone.signal)
  } catch (error) {
    if (gone.signal.aborted) return
    if (response.headersSent) {
      log.warn({ err: error }, 'a download was interrupted')
      response.destroy()
      return
    }
    sendError(response, isBerthError(error) ? error : unexpectedError(error, 'a file could not be uploaded'))
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, query: Record<string, string>): z.output<Schema> {
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw new BerthError('INPUT_INVALID', `Invalid input. ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`, {
    issues,
    next: 'Correct it and try again.',
  })
}

/** null for a body that is sent in pieces, without its length. */
function lengthOf({ headers }: IncomingMessage): number | null {
  return headers['content-length'] === undefined ? null : Number(headers['content-length'])
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // No workspace has such a name.
    return part
  }
}
