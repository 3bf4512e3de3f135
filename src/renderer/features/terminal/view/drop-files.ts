import { HOME_FOLDER, joinPath } from '../../../../shared/files/file-path'
import { client } from '../../../client'
import { type DroppedItem, droppedItems } from '../../../workspace-model/files/dropped-files'
import { shellQuote } from '../../../workspace-model/files/shell-quote'
import { uploadInto } from '../../../workspace-model/files/uploads'
import { problemOf } from '../../../workspace-model/problems/present-problem'

/** Where files go that are dropped on a terminal. */
const UPLOADS_FOLDER = joinPath(HOME_FOLDER, 'uploads')

/** Uploads what was dropped, and resolves with the quoted paths of what is there now, for the prompt. To be called in the event itself. */
export async function uploadDropped(workspaceId: string, data: DataTransfer): Promise<string> {
  const items = await droppedItems(data)
  try {
    await client.files.makeFolder({ workspace: workspaceId, path: UPLOADS_FOLDER })
  } catch (error) {
    if (problemOf(error)?.code !== 'FILE_EXISTS') throw error
  }
  const paths = await uploadInto(workspaceId, UPLOADS_FOLDER, items, { renames: true })
  return [...topFolders(items), ...paths.filter((path) => !isInTopFolder(path))].map((path) => `${shellQuote(path)} `).join('')
}

/** A folder stands for what is in it. */
function topFolders(items: readonly DroppedItem[]): string[] {
  return items.flatMap(({ path, file }) => (file === null && path.length === 1 ? [joinPath(UPLOADS_FOLDER, path[0] ?? '')] : []))
}

const isInTopFolder = (path: string) => path.slice(UPLOADS_FOLDER.length + 1).includes('/')
