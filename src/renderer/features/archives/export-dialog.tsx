import { type FormEvent, useState } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { openDialog } from '../../store/dialogs'
import { useSystem } from '../../store/store'
import { Button } from '../../ui/button'
import { Checkbox } from '../../ui/checkbox'
import { copyText } from '../../ui/copy-button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { ShownOperationCard } from '../../workspace-model/operations/shown-operation-card'
import { useShownOperation } from '../../workspace-model/operations/use-shown-operation'
import { proposedFolder, rememberFolder } from './archive-folder'
import { archivePath, filePathProblem, folderOf } from './archive-paths'
import { FileField } from './file-field'

interface ExportDialogProps {
  workspace: Workspace
  /** What was typed before. */
  file: string | undefined
  onClose(): void
}

/** Stays open while the file is written, and may be closed meanwhile: it goes on. */
export function ExportDialog({ workspace, file: typedBefore, onClose }: ExportDialogProps) {
  const folder = proposedFolder(useSystem()?.home)
  const [typed, setTyped] = useState(typedBefore ?? (folder === null ? '' : archivePath(folder, workspace.name)))
  const [isTouched, setIsTouched] = useState(false)
  const [withSecrets, setWithSecrets] = useState(false)
  const file = typed.trim()
  const problem = filePathProblem(file)
  const shown = useShownOperation({
    onEdit: () => openDialog({ kind: 'export-workspace', workspaceId: workspace.id, file }),
    onEnd: onClose,
    outcome: () => ({ message: file, actions: [{ label: 'Copy path', run: () => void copyText(file) }] }),
  })
  const isThere = shown.failure?.problem?.code === 'FILE_EXISTS'

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTouched(true)
    if (problem !== null || shown.isUnderWay) return
    rememberFolder(folderOf(file))
    shown.begin(() => client.workspaces.export({ workspace: workspace.id, file, overwrite: isThere, withSecrets }))
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Export ${workspace.name}`}
      description={`Everything in one file: home folder, Docker data and installed software.${workspace.running ? ' It keeps running meanwhile.' : ''}`}
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-3">
          <FileField
            value={typed}
            problem={isTouched ? problem : null}
            disabled={shown.isUnderWay}
            onChange={(path) => {
              setTyped(path)
              setIsTouched(true)
              shown.clear()
            }}
          />
          <div className="flex items-center gap-2">
            <Checkbox
              label="With secrets: variables and the credential of the repository"
              checked={withSecrets}
              disabled={shown.isUnderWay}
              onChange={setWithSecrets}
            />
            With secrets: variables and the credential of the repository
          </div>
          <ShownOperationCard shown={shown} tone={isThere ? 'warning' : 'error'} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>{shown.isUnderWay ? 'Continue in background' : 'Cancel'}</Button>
          <Button type="submit" variant={isThere ? 'danger' : 'primary'} disabled={shown.isUnderWay || (isTouched && problem !== null)}>
            {isThere ? 'Replace the file' : shown.failure === null ? 'Export' : 'Try again'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
