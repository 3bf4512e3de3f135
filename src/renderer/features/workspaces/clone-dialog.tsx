import { type FormEvent, useState } from 'react'
import type { Workspace } from '../../../shared/workspace'
import type { CloneDraft } from '../../store/dialogs'
import { freeNameFor } from '../../store/free-name'
import { useWorkspaces } from '../../store/store'
import { Button } from '../../ui/button'
import { Choice } from '../../ui/choice'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, TextInput } from '../../ui/field'
import { More } from '../../ui/more'
import { EngineField } from '../../workspace-model/engine/engine-field'
import { constraintsProblem } from '../../workspace-model/engine/placement'
import { cloneWorkspace } from '../../workspace-model/workspaces/copy-actions'
import { newNameProblem } from '../../workspace-model/workspaces/parse-draft'

interface CloneDialogProps {
  workspace: Workspace
  /** What was chosen before, when that was refused. */
  draft: CloneDraft | undefined
  onClose(): void
}

/** A free name is there already: Enter is all it takes. It closes at once; the clone's row shows how it goes. */
export function CloneDialog({ workspace, draft: initial, onClose }: CloneDialogProps) {
  const [draft, setDraft] = useState<CloneDraft>(() => initial ?? { name: freeNameFor(workspace.name), stop: false, start: true })
  const [showsMore, setShowsMore] = useState(initial !== undefined && (initial.stop || !initial.start || initial.engine !== undefined))
  const names = useWorkspaces().map(({ name }) => name)
  const name = draft.name.trim()
  const problem = newNameProblem(name, (candidate) => names.includes(candidate))
  const placementProblem = constraintsProblem(draft.constraints ?? '')
  const isReady = problem === null && placementProblem === null
  const isRunning = workspace.running

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    onClose()
    cloneWorkspace(workspace, { ...draft, name, stop: draft.stop && isRunning })
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Clone ${workspace.name}`}
      description={
        workspace.host === null
          ? `An exact copy, including Docker inside.${isRunning ? ' It keeps running meanwhile.' : ''}`
          : 'A copy of its folder. Files that change during the copy are copied as they are then.'
      }
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-2">
          <Field label="Name of the clone" hint="a-z, 0-9 and dashes" problem={problem} keepsRoom>
            {(control) => (
              <TextInput
                {...control}
                autoFocus
                mono
                value={draft.name}
                onFocus={(event) => event.currentTarget.select()}
                onChange={(event) => setDraft({ ...draft, name: event.target.value })}
              />
            )}
          </Field>
          <More open={showsMore} onOpenChange={setShowsMore}>
            {workspace.engine !== null && (
              <EngineField
                value={{ engine: draft.engine ?? workspace.engine, constraints: draft.constraints ?? '' }}
                problem={placementProblem}
                onChange={(placement) => setDraft({ ...draft, ...placement })}
              />
            )}
            {isRunning && workspace.host === null && (
              <Choice
                title="Stop the source for a clean copy"
                description={`${workspace.name} is stopped for the copy and always started again. Otherwise, programs in the clone start as after a power failure.`}
                checked={draft.stop}
                onChange={(stop) => setDraft({ ...draft, stop })}
              />
            )}
            <Choice
              title="Start the clone"
              description="Once it is complete."
              checked={draft.start}
              onChange={(start) => setDraft({ ...draft, start })}
            />
          </More>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!isReady}>
            Clone
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
