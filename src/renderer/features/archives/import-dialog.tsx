import { type FormEvent, useState } from 'react'
import type { Operation } from '../../../shared/operation'
import { client } from '../../client'
import { goToNew } from '../../routes'
import { type ImportDraft, openDialog } from '../../store/dialogs'
import { useStore, useSystem, useWorkspaces } from '../../store/store'
import { Button } from '../../ui/button'
import { Choice } from '../../ui/choice'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, TextInput } from '../../ui/field'
import { More } from '../../ui/more'
import { EngineField } from '../../workspace-model/engine/engine-field'
import { constraintsProblem, givenPlacement } from '../../workspace-model/engine/placement'
import { ShownOperationCard } from '../../workspace-model/operations/shown-operation-card'
import { useShownOperation } from '../../workspace-model/operations/use-shown-operation'
import { newNameProblem } from '../../workspace-model/workspaces/parse-draft'
import { proposedFolder, rememberFolder } from './archive-folder'
import { filePathProblem, folderOf, inFolder, nameFromPath } from './archive-paths'
import { FileField } from './file-field'

interface ImportDialogProps {
  /** What was chosen before. */
  draft: ImportDraft | undefined
  onClose(): void
}

/** Stays open while the file is checked and read, which takes a while, and may be closed meanwhile: it goes on. */
export function ImportDialog({ draft: before, onClose }: ImportDialogProps) {
  const folder = proposedFolder(useSystem()?.home)
  const names = new Set(useWorkspaces().map(({ name }) => name))
  const [draft, setDraft] = useState<ImportDraft>(
    () => before ?? { file: folder === null ? '' : inFolder(folder), name: '', start: true, engine: '', constraints: '' },
  )
  const [isNamed, setIsNamed] = useState(before !== undefined)
  const [isTouched, setIsTouched] = useState(before !== undefined)
  const [showsMore, setShowsMore] = useState(before?.start === false)
  const file = draft.file.trim()
  const name = draft.name.trim()
  const fileProblem = filePathProblem(file)
  const nameProblem = name === '' ? null : newNameProblem(name, (candidate) => names.has(candidate))
  const placementProblem = constraintsProblem(draft.constraints)
  const shown = useShownOperation({
    onEdit: () => openDialog({ kind: 'import-workspace', draft }),
    onEnd: (operation) => {
      onClose()
      if (operation.status === 'succeeded') openImported(operation)
    },
  })
  const isUnnamed = shown.isUnderWay && name === ''

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTouched(true)
    if (fileProblem !== null || nameProblem !== null || placementProblem !== null || shown.isUnderWay) return
    rememberFolder(folderOf(file))
    shown.begin(() => client.workspaces.import({ file, start: draft.start, ...(name === '' ? {} : { name }), ...givenPlacement(draft) }))
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Import a workspace"
      description="From an exported file. It is checked completely before anything is created."
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-3">
          <FileField
            value={draft.file}
            problem={isTouched ? fileProblem : null}
            disabled={shown.isUnderWay}
            onChange={(path) => {
              setDraft({ ...draft, file: path, name: isNamed ? draft.name : nameFromPath(path.trim(), names) })
              shown.clear()
            }}
          />
          <Field
            label="Name"
            hint={isUnnamed ? 'Same as in the file' : 'a–z, 0–9 and dashes. Leave empty to use the name in the file'}
            // It is its own from the moment that it is made.
            problem={shown.isUnderWay ? null : nameProblem}
            keepsRoom
          >
            {(control) => (
              <TextInput
                {...control}
                mono
                readOnly={shown.isUnderWay}
                value={draft.name}
                onChange={(event) => {
                  setDraft({ ...draft, name: event.target.value })
                  setIsNamed(true)
                  shown.clear()
                }}
              />
            )}
          </Field>
          {!shown.isUnderWay && (
            <EngineField
              value={draft}
              problem={placementProblem}
              onChange={(placement) => {
                setDraft({ ...draft, ...placement })
                shown.clear()
              }}
            />
          )}
          {!shown.isUnderWay && (
            <More open={showsMore} onOpenChange={setShowsMore}>
              <Choice
                title="Start it"
                description="Once it is complete."
                checked={draft.start}
                onChange={(start) => setDraft({ ...draft, start })}
              />
            </More>
          )}
          <ShownOperationCard shown={shown} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>{shown.isUnderWay ? 'Continue in background' : 'Cancel'}</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={shown.isUnderWay || nameProblem !== null || placementProblem !== null || (isTouched && fileProblem !== null)}
          >
            {shown.failure === null ? 'Import' : 'Try again'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

function openImported({ workspaceId }: Operation): void {
  const name = useStore.getState().workspaces.byId[workspaceId ?? '']?.name
  if (name !== undefined) goToNew(name)
}
