import { useMemo } from 'react'
import { create } from 'zustand'
import { fileNameProblem, folderOf, joinPath, numberedPath } from '../../../shared/files/file-path'
import { client } from '../../client'
import { type Presentation, presentError, problemOf } from '../problems/present-problem'
import { reportError } from '../problems/run-suggested-action'
import type { DroppedItem } from './dropped-files'
import { sendFile } from './send-file'

/** As many go on at once: with more, none would be faster. */
const AT_ONCE = 2

export interface Upload {
  id: number
  workspaceId: string
  /** Inside. */
  path: string
  size: number
  /** Bytes that are written. */
  written: number
  status: 'waiting' | 'running' | 'done' | 'exists' | 'failed' | 'cancelled'
  problem: Presentation | null
}

interface Work {
  file: File
  replace: boolean
  /** A name that is taken gets a number. */
  renames: boolean
  cancelled: AbortController
  ended: PromiseWithResolvers<string | null>
}

/** Uploads of this page, oldest first; they go on whatever is shown. */
const useUploadStore = create<{ uploads: readonly Upload[] }>(() => ({ uploads: [] }))
const works = new Map<number, Work>()
const listeners = new Set<(workspaceId: string, folder: string) => void>()
let lastId = 0

export function useUploads(workspaceId: string): readonly Upload[] {
  const uploads = useUploadStore((state) => state.uploads)
  return useMemo(() => uploads.filter((upload) => upload.workspaceId === workspaceId), [uploads, workspaceId])
}

/** Hears of each folder that got something; returns what ends that. */
export function onUploaded(listener: (workspaceId: string, folder: string) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function change(id: number, changes: Partial<Upload>): void {
  useUploadStore.setState(({ uploads }) => ({ uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)) }))
}

function find(id: number): Upload | undefined {
  return useUploadStore.getState().uploads.find((upload) => upload.id === id)
}

/**
 * Uploads into a folder, folders that are among them included. Resolves when all has ended, with the paths of the files that were written. With
 * `renames`, a file whose name is taken gets another one; else the person is asked.
 */
export async function uploadInto(
  workspaceId: string,
  folder: string,
  items: readonly DroppedItem[],
  { renames = false }: { renames?: boolean } = {},
): Promise<string[]> {
  for (const { path, file } of items) if (file === null) await makeFolder(workspaceId, joinPath(folder, path.join('/')))
  const begun = items.flatMap(({ path, file }) => {
    if (file === null || path.some((part) => fileNameProblem(part) !== null)) return []
    lastId += 1
    const ended = Promise.withResolvers<string | null>()
    works.set(lastId, { file, replace: false, renames, cancelled: new AbortController(), ended })
    const upload: Upload = {
      ...{ id: lastId, workspaceId, path: joinPath(folder, path.join('/')), size: file.size },
      ...{ written: 0, status: 'waiting', problem: null },
    }
    useUploadStore.setState(({ uploads }) => ({ uploads: [...uploads, upload] }))
    return [ended.promise]
  })
  proceed()
  return (await Promise.all(begun)).filter((path) => path !== null)
}

async function makeFolder(workspaceId: string, path: string): Promise<void> {
  try {
    await client.files.makeFolder({ workspace: workspaceId, path })
    tell(workspaceId, folderOf(path))
  } catch (error) {
    // It is merged with the one that is there.
    if (problemOf(error)?.code !== 'FILE_EXISTS') throw error
  }
}

function proceed(): void {
  const { uploads } = useUploadStore.getState()
  const free = AT_ONCE - uploads.filter(({ status }) => status === 'running').length
  for (const { id } of uploads.filter(({ status }) => status === 'waiting').slice(0, Math.max(0, free))) void run(id)
}

async function run(id: number): Promise<void> {
  const [upload, work] = [find(id), works.get(id)]
  if (!upload || !work) return
  change(id, { status: 'running', written: 0, problem: null })
  try {
    const path = await send(upload, work)
    change(id, { status: 'done', path })
    works.delete(id)
    work.ended.resolve(path)
    tell(upload.workspaceId, folderOf(path))
  } catch (error) {
    if (work.cancelled.signal.aborted) change(id, { status: 'cancelled' })
    else if (problemOf(error)?.code === 'FILE_EXISTS') change(id, { status: 'exists' })
    else {
      change(id, { status: 'failed', problem: presentError(error) })
      // Where it was dropped on a terminal, the list of uploads is not in sight.
      if (work.renames) reportError(error, () => retryUpload(id, { replace: false }))
    }
    // Nobody waits for what a person decides later.
    work.ended.resolve(null)
  }
  proceed()
}

async function send(upload: Upload, { file, replace, renames, cancelled }: Work): Promise<string> {
  const options = { workspaceId: upload.workspaceId, replace, signal: cancelled.signal }
  const onProgress = (written: number) => change(upload.id, { written })
  for (let attempt = 1; ; attempt++) {
    const path = attempt === 1 ? upload.path : numberedPath(upload.path, attempt)
    try {
      await sendFile(file, { ...options, path, onProgress })
      return path
    } catch (error) {
      if (!renames || attempt === 20 || problemOf(error)?.code !== 'FILE_EXISTS') throw error
    }
  }
}

function tell(workspaceId: string, folder: string): void {
  for (const listener of listeners) listener(workspaceId, folder)
}

export function cancelUpload(id: number): void {
  const upload = find(id)
  const work = works.get(id)
  work?.cancelled.abort()
  if (upload?.status !== 'waiting') return
  change(id, { status: 'cancelled' })
  work?.ended.resolve(null)
}

/** After a failure, or over the file that is there. */
export function retryUpload(id: number, { replace }: { replace: boolean }): void {
  const work = works.get(id)
  if (!work) return
  works.set(id, { ...work, replace, cancelled: new AbortController(), ended: Promise.withResolvers() })
  change(id, { status: 'waiting' })
  proceed()
}

export const isUnderWay = ({ status }: Upload) => status === 'waiting' || status === 'running'

/** Takes those of a workspace that have ended off the list. */
export function forgetEndedUploads(workspaceId: string): void {
  useUploadStore.setState(({ uploads }) => {
    const kept = uploads.filter((upload) => upload.workspaceId !== workspaceId || isUnderWay(upload))
    for (const { id } of uploads) if (!kept.some((upload) => upload.id === id)) works.delete(id)
    return { uploads: kept }
  })
}
