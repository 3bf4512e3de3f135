import { EDITOR_NAMES, type Editor, editorLink } from '../../../shared/editor-link'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { openDialog } from '../../store/dialogs'
import { useStore } from '../../store/store'
import { copyText } from '../../ui/copy-button'
import { showNotice } from '../../ui/notice'
import { reportError } from '../problems/run-suggested-action'
import { sshCommand } from './ssh-command'

export async function copySshCommand(workspace: Workspace): Promise<void> {
  const { system, sshConfig } = useStore.getState()
  const command = sshCommand(workspace, system, sshConfig)
  if (command !== null && (await copyText(command))) showNotice({ tone: 'good', title: 'Copied the ssh command', message: command })
}

/** Puts Berth's line into the user's ssh config, or takes it out. What Berth refuses is told. */
export async function setSshConfig(installed: boolean): Promise<boolean> {
  try {
    const { install, uninstall } = client.sshConfig
    useStore.setState({ sshConfig: await (installed ? install() : uninstall()) })
    return true
  } catch (error) {
    reportError(error, () => void setSshConfig(installed))
    return false
  }
}

/** Editors reach a container by ssh's config: without it, that is asked for first. */
export function openInEditor(workspace: Workspace, editor: Editor): void {
  const { system, sshConfig } = useStore.getState()
  const link = editorLink(editor, workspace)
  if (link === null) return
  if (workspace.host === null && !sshConfig?.installed) openDialog({ kind: 'install-ssh-config', workspaceId: workspace.id, editor })
  // The window of the desktop app hands it on; a browser asks by itself, and its page stays.
  else {
    window.open(link, system?.door === 'desktop' ? '_blank' : '_self')
    if (workspace.devcontainerState.state === 'running' && editor !== 'gateway')
      showNotice({
        tone: 'plain',
        title: `${EDITOR_NAMES[editor]} opens the workspace itself`,
        message: 'Use its command “Dev Containers: Reopen in Container” to continue in the dev container.',
      })
  }
}
