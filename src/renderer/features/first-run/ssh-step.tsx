import { Check } from 'lucide-react'
import { sshHostOf } from '../../../shared/ssh-host'
import type { Workspace } from '../../../shared/workspace'
import { useSshConfig } from '../../store/store'
import { Button } from '../../ui/button'
import { EditorButtons } from '../../workspace-model/workspaces/editor-buttons'
import { setSshConfig } from '../../workspace-model/workspaces/ssh-actions'
import { SshConfigChange } from '../../workspace-model/workspaces/ssh-config-change'

/** Names of workspaces for ssh, and the editor to open the first one in. `workspace` is undefined until it can be opened. */
export function SshStep({ workspace }: { workspace: Workspace | undefined }) {
  const config = useSshConfig()
  if (config === null) return null
  const host = sshHostOf(workspace?.name ?? 'NAME')
  return (
    <>
      {config.installed ? (
        <p className="flex items-start gap-2">
          <Check aria-hidden className="mt-1 size-3 shrink-0 text-good" />
          <span className="min-w-0 break-words">
            <code>ssh {host}</code> works, and so do scp, rsync and editors.
          </span>
        </p>
      ) : (
        <div className="flex flex-col gap-2">
          <SshConfigChange config={config} />
          {config.obstacle === null && (
            <Button variant="primary" className="self-start" onClick={() => void setSshConfig(true)}>
              Add the line
            </Button>
          )}
        </div>
      )}
      {workspace === undefined ? (
        <p className="text-ink-muted">Once there is a workspace, you can open it in VS Code, Cursor or JetBrains Gateway here.</p>
      ) : (
        <div className="flex flex-wrap items-center gap-x-1 gap-y-0.5">
          <EditorButtons workspace={workspace} />
        </div>
      )}
    </>
  )
}
