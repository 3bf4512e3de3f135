import { sshHostOf } from '../../../shared/ssh-host'
import type { Workspace } from '../../../shared/workspace'
import { openDialog } from '../../store/dialogs'
import { useSshConfig, useSystem } from '../../store/store'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { Skeleton } from '../../ui/skeleton'
import { Truncated } from '../../ui/truncated'
import { EditorButtons } from '../../workspace-model/workspaces/editor-buttons'
import { sshCommand } from '../../workspace-model/workspaces/ssh-command'

/** What is most wanted of the page: the way in, in one piece, ready to be copied, and the ways in of editors. */
export function SshCard({ workspace }: { workspace: Workspace }) {
  const system = useSystem()
  const config = useSshConfig()
  const command = sshCommand(workspace, system, config)
  const hasPort = workspace.ports.ssh !== null
  return (
    <section aria-label="SSH" className="rounded-lg border border-line bg-sunken py-1 pr-1.5 pl-3">
      <div className="flex min-h-7 items-center gap-3">
        <span className="shrink-0 text-ink-muted">SSH</span>
        {command !== null ? (
          <>
            <code className="min-w-0 flex-1 select-all break-words">{command}</code>
            <CopyButton withWords text={command} label="Copy ssh command" shown="Copy" />
          </>
        ) : hasPort ? (
          <Skeleton className="h-3 w-72" />
        ) : (
          <span className="text-ink-faint">no port yet</span>
        )}
      </div>
      {hasPort && !workspace.template && (
        <div className="flex flex-wrap items-center gap-x-1 gap-y-0.5 border-line border-t pt-1">
          <EditorButtons workspace={workspace} />
          {config?.installed === false && (
            <Button
              size="small"
              variant="ghost"
              className="ml-auto min-w-0 max-w-full"
              onClick={() => openDialog({ kind: 'install-ssh-config', workspaceId: workspace.id })}
            >
              <Truncated text={`Use “ssh ${sshHostOf(workspace.name)}”…`} />
            </Button>
          )}
        </div>
      )}
    </section>
  )
}
