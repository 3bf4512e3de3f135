import { EDITOR_NAMES, type Editor } from '../../../shared/editor-link'
import { sshHostOf } from '../../../shared/ssh-host'
import type { Workspace } from '../../../shared/workspace'
import { useSshConfig } from '../../store/store'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { showNotice } from '../../ui/notice'
import { openInEditor, setSshConfig } from '../../workspace-model/workspaces/ssh-actions'
import { SshConfigChange } from '../../workspace-model/workspaces/ssh-config-change'

interface InstallSshConfigDialogProps {
  workspace: Workspace
  /** What it is wanted for, to be gone on with. */
  editor: Editor | undefined
  onClose(): void
}

/** The file is the user's own: said is what is changed in it, before it is. */
export function InstallSshConfigDialog({ workspace, editor, onClose }: InstallSshConfigDialogProps) {
  const config = useSshConfig()
  const host = sshHostOf(workspace.name)
  if (config === null) return null

  const install = async () => {
    onClose()
    if (!(await setSshConfig(true))) return
    if (editor !== undefined) openInEditor(workspace, editor)
    else showNotice({ tone: 'good', title: `ssh ${host} works now`, message: 'scp, rsync and editors work too, for every workspace.' })
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Let ssh know ${host}?`}
      description={
        editor === undefined
          ? 'Then ssh, scp, rsync and editors can reach every workspace by name.'
          : `${EDITOR_NAMES[editor]} reaches workspaces by ssh, which has to know them by name.`
      }
    >
      <DialogBody className="flex flex-col gap-2">
        <SshConfigChange config={config} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{config.obstacle === null ? 'Cancel' : 'Close'}</Button>
        {config.obstacle === null && (
          <Button variant="primary" autoFocus onClick={() => void install()}>
            {editor === undefined ? 'Add the line' : `Add the line and open ${EDITOR_NAMES[editor]}`}
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  )
}
