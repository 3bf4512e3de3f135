import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { FileInfo } from '../../shared/contract/files'
import { errorStatus } from '../../shared/error-definitions'
import { BerthError, toProblem } from '../../shared/errors'
import { folderOf, isWithin, joinPath, nameOf, normalizePath } from '../../shared/files/file-path'
import { readTar } from '../../shared/files/tar-reading'
import { writeTar } from '../../shared/files/tar-writing'

export interface FakeFile {
  kind: 'file' | 'folder' | 'link' | 'other'
  content: string
  mode: number
  modifiedAt: string
  /** Of a link. */
  target?: string
}

/** Files of all workspaces together: “demo:/home/workspace/notes.txt”. Served as Berth serves them, but held in memory. */
export function createFakeFiles() {
  const stored = new Map<string, FakeFile>()
  const folder = (): FakeFile => ({ kind: 'folder', content: '', mode: 0o755, modifiedAt: '2026-01-01T00:00:00.000Z' })

  function stat(workspace: string, given: string): FileInfo {
    const path = normalizePath(given)
    const found = ['/', '/home', '/home/workspace'].includes(path) ? folder() : stored.get(`${workspace}:${path}`)
    if (found === undefined) {
      throw new BerthError('FILE_NOT_FOUND', `${path} does not exist in ${workspace}.`, { workspace, path, next: 'Check the path.' })
    }
    return { path, kind: found.kind, size: found.content.length, mode: found.mode, modifiedAt: found.modifiedAt }
  }

  async function get(workspace: string, kind: string, path: string, response: ServerResponse): Promise<void> {
    const info = stat(workspace, path)
    if (kind === 'content' && info.kind === 'file') {
      response.end(stored.get(`${workspace}:${info.path}`)?.content)
      return
    }
    const { tar } = writeTar(async (add) => {
      const top = folderOf(info.path)
      const entries = [...stored].map(([key, file]) => [key.slice(workspace.length + 1), file, key] as const)
      if (!stored.has(`${workspace}:${info.path}`)) await add({ name: `${nameOf(info.path)}/`, type: 'directory' })
      for (const [at, file, key] of entries) {
        if (!key.startsWith(`${workspace}:`) || !isWithin(at, info.path)) continue
        const name = at.slice(top === '/' ? 1 : top.length + 1)
        const common = { name, mode: file.mode, mtime: new Date(file.modifiedAt) }
        if (file.kind === 'folder') await add({ ...common, name: `${name}/`, type: 'directory' })
        else if (file.kind === 'link') await add({ ...common, type: 'symlink', linkname: file.target ?? '' })
        else if (file.kind === 'other') await add({ ...common, type: 'fifo' })
        else await add({ ...common, type: 'file', size: Buffer.byteLength(file.content) }, pieces(file.content))
      }
    })
    for await (const chunk of tar) response.write(chunk)
    response.end()
  }

  async function put(workspace: string, kind: string, path: string, request: IncomingMessage): Promise<object> {
    const result = { path: normalizePath(path), files: 0, bytes: 0, skipped: [], skippedCount: 0 }
    if (kind === 'content') {
      const content = (await buffer(request)).toString()
      stored.set(`${workspace}:${result.path}`, { ...folder(), kind: 'file', content, mode: 0o644 })
      return { ...result, files: 1, bytes: content.length }
    }
    stat(workspace, path)
    for await (const entry of readTar(request, (reason) => new Error(reason))) {
      const { name, type, mode, mtime, linkname } = entry.header
      let content = ''
      if (type === 'file') for await (const chunk of entry) content += Buffer.from(chunk).toString()
      const fileKind = type === 'directory' ? 'folder' : type === 'symlink' ? 'link' : 'file'
      const file: FakeFile = { kind: fileKind, content, mode, modifiedAt: mtime.toISOString(), ...(linkname ? { target: linkname } : {}) }
      stored.set(`${workspace}:${joinPath(path, name)}`, file)
      result.files += 1
      result.bytes += content.length
    }
    return result
  }

  return {
    stored,
    stat,
    /** Answers `/api/workspaces/{workspace}/files/{kind}?path=…`. */
    async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake')
      const [, , , workspace = '', , kind = ''] = pathname.split('/')
      const path = searchParams.get('path') ?? '/'
      try {
        if (request.method === 'GET') await get(workspace, kind, path, response)
        else response.end(JSON.stringify(await put(workspace, kind, path, request)))
      } catch (error) {
        if (!(error instanceof BerthError)) throw error
        response
          .writeHead(errorStatus(error))
          .end(JSON.stringify({ code: error.code, message: error.message, data: toProblem(error).data }))
      }
    },
  }
}

async function* pieces(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content)
}
