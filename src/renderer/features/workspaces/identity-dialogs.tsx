import type { Workspace } from '../../../shared/workspace'
import { useWorkspaces } from '../../store/store'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { TextDialog } from '../../ui/text-dialog'
import { renameWorkspace, setLabel, stopAndMakeTemplate } from '../../workspace-model/workspaces/copy-actions'
import { fieldProblem, newNameProblem } from '../../workspace-model/workspaces/parse-draft'

interface RenameDialogProps {
  workspace: Workspace
  /** What was typed before, when that was refused. */
  name: string | undefined
  onClose(): void
}

export function RenameDialog({ workspace, name: typed, onClose }: RenameDialogProps) {
  const others = useWorkspaces().filter(({ id }) => id !== workspace.id)
  return (
    <TextDialog
      title={`Rename ${workspace.name}`}
      description="Its data, port and snapshots stay, and it can keep running."
      label="Name"
      hint="a-z, 0-9 and dashes"
      mono
      initial={typed ?? workspace.name}
      check={(text) => newNameProblem(text, (candidate) => others.some(({ name }) => name === candidate))}
      action="Rename"
      onSubmit={(text) => text !== workspace.name && renameWorkspace(workspace, text)}
      onClose={onClose}
    />
  )
}

export function LabelDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  return (
    <TextDialog
      title={`Label of ${workspace.name}`}
      description="Free text, shown beside the name and found by the filter."
      label="Label"
      hint="Empty for none"
      initial={workspace.label ?? ''}
      check={(text) => fieldProblem('label', text)}
      action="Save"
      onSubmit={(text) => text !== (workspace.label ?? '') && setLabel(workspace, text)}
      onClose={onClose}
    />
  )
}

/** Only for one that runs: the others need no question. */
export function MakeTemplateDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Stop ${workspace.name} and make it a template?`}
      description="A template is not started. It is listed separately, for you to clone. Unset it to use it as a workspace again."
    >
      <DialogBody>
        <p>Programs running in it end. Its files stay.</p>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          onClick={() => {
            onClose()
            void stopAndMakeTemplate(workspace)
          }}
        >
          Stop and make template
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
