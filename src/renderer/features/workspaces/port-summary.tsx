import { Link } from 'wouter'
import type { Workspace } from '../../../shared/workspace'
import { routes } from '../../routes'
import { usePorts } from '../../store/store'
import { localUrl } from '../../workspace-model/ports/port-actions'
import { portRows } from '../../workspace-model/ports/port-rows'

const SHOWN = 4

/** “3000 → 127.0.0.1:3000”, for the first few; the rest are a click away. */
export function PortSummary({ workspace }: { workspace: Workspace }) {
  const ports = usePorts(workspace.id)
  const rows = ports === undefined ? [] : portRows(ports)
  return (
    <span className="flex min-w-0 flex-wrap items-baseline gap-x-3">
      {rows.slice(0, SHOWN).map(({ key, port, forward }) => (
        <span key={key} className="font-mono text-sm">
          {port}
          {forward?.status === 'open' && (
            <>
              {' → '}
              <a href={localUrl(forward.localPort)} target="_blank" rel="noreferrer" className="rounded-sm text-accent hover:underline">
                {forward.localPort}
                <span className="sr-only"> on this machine, opens in the browser</span>
              </a>
            </>
          )}
        </span>
      ))}
      <Link href={routes.workspace(workspace.name, 'ports')} className="rounded-sm text-accent hover:underline">
        {rows.length === 0 ? 'none' : rows.length > SHOWN ? `${rows.length - SHOWN} more` : 'all'}
      </Link>
    </span>
  )
}
