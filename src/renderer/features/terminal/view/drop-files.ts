import { HOME_FOLDER, joinPath } from '../../../../shared/files/file-path'
import type { Workspace } from '../../../../shared/workspace'
import { client } from '../../../client'
import { type DroppedItem, droppedItems } from '../../../workspace-model/files/dropped-files'
import { shellQuote } from '../../../workspace-model/files/shell-quote'
import { uploadInto } from '../../../workspace-model/files/uploads'
import { problemOf } from '../../../workspace-model/problems/present-problem'

/** Where files go that are dropped on a terminal. */
const uploadsFolder = ({ host }: Workspace) => joinPath(host?.folder ?? HOME_FOLDER, 'uploads')

/** Uploads what was dropped, and resolves with the quoted paths of what is there now, for the prompt. To be called in the event itself. */
export async function uploadDropped(workspace: Workspace, data: DataTransfer): Promise<string> {
  const { id: workspaceId } = workspace
  const folder = uploadsFolder(workspace)
  const items = await droppedItems(data)
  try {
    await client.files.makeFolder({ workspace: workspaceId, path: folder })
  } catch (error) {
    if (problemOf(error)?.code !== 'FILE_EXISTS') throw error
  }
  const paths = await uploadInto(workspaceId, folder, items, { renames: true })
  return [...topFolders(items, folder), ...paths.filter((path) => !isInTopFolder(path, folder))]
    .map((path) => `${shellQuote(path)} `)
    .join('')
}

/** A folder stands for what is in it. */
function topFolders(items: readonly DroppedItem[], folder: string): string[] {
  return items.flatMap(({ path, file }) => (file === null && path.length === 1 ? [joinPath(folder, path[0] ?? '')] : []))
}

const isInTopFolder = (path: string, folder: string) => path.slice(folder.length + 1).includes('/')
