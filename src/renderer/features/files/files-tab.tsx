import { Download, FolderPlus, Folders, Pencil, RotateCw, Trash2, Upload } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { folderOf, HOME_FOLDER } from '../../../shared/files/file-path'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { Button, IconButton } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { Segmented } from '../../ui/segmented'
import { carriesFiles, type DroppedItem, droppedItems, pickedItems } from '../../workspace-model/files/dropped-files'
import { uploadInto, useUploads } from '../../workspace-model/files/uploads'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { NotRunning } from '../../workspace-model/workspaces/not-running'
import { FileDialog, type FileQuestion } from './file-dialogs'
import { FilePreviewPane } from './file-preview'
import { isFolderLike } from './file-rows'
import { FileTreeView } from './file-tree'
import { UploadList } from './upload-list'
import { useFileTree } from './use-file-tree'

const rootsOf = ({ host }: Workspace) => [
  host === null ? { value: HOME_FOLDER, label: 'Home' } : { value: host.folder, label: 'Folder' },
  { value: '/', label: 'All files' },
]

/** The Files tab of a workspace. Programs inside list its folders, so it has to run. */
export function FilesTab({ workspace }: { workspace: Workspace }) {
  if (workspace.status !== 'running') {
    return (
      <div className="flex h-full min-h-0">
        <NotRunning
          workspace={workspace}
          icon={Folders}
          purpose="Start the workspace to see its files. “berth cp” also works while it is stopped."
        />
      </div>
    )
  }
  return <Browser workspace={workspace} />
}

function Browser({ workspace }: { workspace: Workspace }) {
  const [root, setRoot] = useState(workspace.host?.folder ?? HOME_FOLDER)
  const [selected, setSelected] = useState<string | null>(null)
  const [question, setQuestion] = useState<FileQuestion | null>(null)
  const [dropFolder, setDropFolder] = useState<string | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const tree = useFileTree(workspace.id, root)
  const uploads = useUploads(workspace.id)
  const row = tree.rows.find((candidate) => candidate.kind === 'entry' && candidate.path === selected)
  const selection = row?.kind === 'entry' ? row : null
  /** Where new things go. */
  const folder = selection === null ? root : isFolderLike(selection.entry) ? selection.path : folderOf(selection.path)

  const attempt = (work: () => Promise<unknown>, changed: string[]) => {
    work().then(
      () => {
        for (const path of changed) tree.reload(path)
      },
      (error: unknown) => reportError(error, () => attempt(work, changed)),
    )
  }
  const upload = (into: string, items: Promise<DroppedItem[]> | DroppedItem[]) => {
    Promise.resolve(items)
      .then((found) => uploadInto(workspace.id, into, found))
      .catch((error: unknown) => reportError(error))
  }
  const askToRename = () => selection && setQuestion({ kind: 'rename', path: selection.path })
  const askToDelete = () => selection && setQuestion({ kind: 'delete', path: selection.path, isFolder: selection.entry.kind === 'folder' })

  const onDragOver = (event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    setDropFolder(folderAt(event) ?? root)
  }
  const onDrop = (event: DragEvent) => {
    if (!carriesFiles(event.dataTransfer)) return
    event.preventDefault()
    setDropFolder(null)
    upload(folderAt(event) ?? root, droppedItems(event.dataTransfer))
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the keyboard has the Upload button
    <div
      className="@container flex min-h-0 flex-1 flex-col"
      onDragOver={onDragOver}
      onDragLeave={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || setDropFolder(null)}
      onDrop={onDrop}
    >
      <div role="toolbar" aria-label="Files" className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b px-4 py-2">
        <Segmented label="Folder to show" value={root} options={rootsOf(workspace)} onChange={setRoot} />
        <span className="flex-1" />
        <IconButton
          icon={Download}
          label="Download"
          disabled={selection === null}
          onClick={() => selection && attempt(() => download(workspace.id, selection.path), [])}
        />
        <IconButton icon={Pencil} label="Rename" shortcut="F2" disabled={selection === null} onClick={askToRename} />
        <IconButton icon={Trash2} label="Delete" shortcut="Delete" disabled={selection === null} onClick={askToDelete} />
        <IconButton icon={RotateCw} label="Refresh" onClick={tree.reloadAll} />
        <IconButton icon={FolderPlus} label="New folder" onClick={() => setQuestion({ kind: 'new-folder', folder })} />
        <Button icon={Upload} variant="primary" onClick={() => picker.current?.click()}>
          Upload
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files to upload"
          onChange={(event) => {
            upload(folder, pickedItems(event.target.files ?? []))
            event.target.value = ''
          }}
        />
      </div>
      <div className="flex min-h-0 flex-1 @max-2xl:flex-col">
        <div
          className={classNames(
            'flex min-h-0 min-w-0 flex-1 border-line @max-2xl:border-b @2xl:border-r',
            dropFolder === root && 'shadow-[inset_0_0_0_2px_var(--accent)]',
          )}
        >
          <FileTreeView
            label={`Files of ${workspace.name}`}
            rows={tree.rows}
            selected={selected}
            dropFolder={dropFolder}
            onSelect={setSelected}
            onToggle={tree.toggle}
            onRename={askToRename}
            onDelete={askToDelete}
          />
        </div>
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <FilePreviewPane workspaceId={workspace.id} selection={selection} />
        </div>
      </div>
      <UploadList workspaceId={workspace.id} uploads={uploads} />
      {question !== null && (
        <FileDialog
          question={question}
          onClose={() => setQuestion(null)}
          onMakeFolder={(path) => {
            tree.reveal(path)
            attempt(async () => {
              await client.files.makeFolder({ workspace: workspace.id, path })
              setSelected(path)
            }, [folderOf(path)])
          }}
          onRename={(path, newPath) =>
            attempt(async () => {
              if (path === newPath) return
              await client.files.rename({ workspace: workspace.id, path, newPath })
              setSelected(newPath)
            }, [folderOf(path)])
          }
          onDelete={(path) =>
            attempt(async () => {
              await client.files.delete({ workspace: workspace.id, path })
              setSelected(null)
            }, [folderOf(path)])
          }
        />
      )}
    </div>
  )
}

/** The folder of the row under the pointer; null beside the rows. */
function folderAt({ target }: DragEvent): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>('[data-folder]')?.dataset.folder ?? null) : null
}

/** The browser saves it by itself, with its own progress. */
async function download(workspaceId: string, path: string): Promise<void> {
  const { address } = await client.files.openDownload({ workspace: workspaceId, path })
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}
