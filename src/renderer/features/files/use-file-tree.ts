import { useCallback, useEffect, useMemo, useState } from 'react'
import { folderOf, isWithin } from '../../../shared/files/file-path'
import { client } from '../../client'
import { onUploaded } from '../../workspace-model/files/uploads'
import { presentError, problemOf } from '../../workspace-model/problems/present-problem'
import { type FileRow, type FolderState, fileRows, sortEntries } from './file-rows'

export interface FileTree {
  rows: FileRow[]
  toggle(path: string, isOpen: boolean): void
  /** Reads a folder again, if it is shown. */
  reload(path: string): void
  /** All that is open. */
  reloadAll(): void
  /** Opens what is above a path, so that its row is shown. */
  reveal(path: string): void
}

/** The folders of a workspace below `root`, each read when it is first opened. */
export function useFileTree(workspaceId: string, root: string): FileTree {
  const [folders, setFolders] = useState<ReadonlyMap<string, FolderState>>(new Map())
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())

  const load = useCallback(
    async (path: string) => {
      const keep = (state: FolderState) => setFolders((current) => new Map(current).set(path, state))
      try {
        const listing = await client.files.list({ workspace: workspaceId, path })
        keep({ status: 'ready', listing: { ...listing, entries: sortEntries(listing.entries) } })
      } catch (error) {
        keep({ status: 'failed', reason: reasonOf(error) })
      }
    },
    [workspaceId],
  )

  useEffect(() => void load(root), [load, root])

  const toggle = useCallback(
    (path: string, isOpen: boolean) => {
      setOpen((current) => {
        const next = new Set(current)
        if (isOpen) next.add(path)
        else next.delete(path)
        return next
      })
      if (isOpen) void load(path)
    },
    [load],
  )

  const reload = useCallback((path: string) => void load(path), [load])
  const reloadAll = useCallback(() => {
    for (const path of [root, ...open]) if (isWithin(path, root)) void load(path)
  }, [load, open, root])

  const reveal = useCallback(
    (path: string) => {
      for (let folder = folderOf(path); folder !== root && isWithin(folder, root) && folder !== '/'; folder = folderOf(folder))
        toggle(folder, true)
    },
    [root, toggle],
  )

  useEffect(() => onUploaded((uploadedTo, folder) => uploadedTo === workspaceId && reload(folder)), [workspaceId, reload])

  const rows = useMemo(() => fileRows(root, folders, open), [root, folders, open])
  return { rows, toggle, reload, reloadAll, reveal }
}

/** Short, since there is one line for it, below the folder that it is about. */
function reasonOf(error: unknown): string {
  const problem = problemOf(error)
  const reason = problem?.code === 'FILE_REFUSED' ? problem.data.reason : undefined
  return typeof reason === 'string' ? `It cannot be opened: ${reason}` : presentError(error).message
}
