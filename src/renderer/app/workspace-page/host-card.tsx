import { RotateCw, ShieldOff } from 'lucide-react'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { IconButton } from '../../ui/button'
import { EditorButtons } from '../../workspace-model/workspaces/editor-buttons'
import { useLook } from '../../workspace-model/workspaces/use-look'

const listPorts = (workspace: string) => client.ports.list({ workspace })

/** Said first, so that nobody takes it for a container; with the editors that open its folder, and what listens in it. */
export function HostCard({ workspace }: { workspace: Workspace }) {
  return (
    <section aria-label="Host workspace" className="rounded-lg border border-line bg-sunken py-1 pr-1.5 pl-3">
      <p className="flex items-start gap-2 py-1 text-ink-muted">
        <ShieldOff aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
        <span>
          <span className="font-medium text-ink">Not isolated.</span> This is a folder on your machine. Programs here have all your rights.
        </span>
      </p>
      <div className="flex flex-wrap items-center gap-x-1 gap-y-0.5 border-line border-t pt-1">
        <EditorButtons workspace={workspace} />
      </div>
      {workspace.running && <Listening workspaceId={workspace.id} />}
    </section>
  )
}

/** The kernel does not say when somebody begins to listen: it is looked at when the page is opened or come back to, and on request. */
function Listening({ workspaceId }: { workspaceId: string }) {
  const { found, look } = useLook(workspaceId, listPorts)
  const listeners = found?.listeners
  return (
    <div className="mt-1 flex min-h-7 items-center gap-2 border-line border-t pt-1">
      <span className="shrink-0 text-ink-muted">Listening</span>
      <span className="flex min-w-0 flex-1 flex-wrap gap-x-3">
        {listeners?.length === 0 && <span className="text-ink-faint">nothing</span>}
        {listeners?.map(({ port, process }) => (
          <a
            key={port}
            href={`http://localhost:${port}`}
            target="_blank"
            rel="noreferrer"
            className="rounded-sm text-accent hover:underline"
          >
            {port}
            {process !== null && <span className="text-ink-muted"> {process}</span>}
          </a>
        ))}
      </span>
      <IconButton icon={RotateCw} size="small" label="Refresh listening ports" onClick={look} />
    </div>
  )
}
