import { ExternalLink, X } from 'lucide-react'
import type { PortForward } from '../../../shared/port-forward'
import { Button, IconButton } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { ForeignText } from '../../ui/foreign-text'
import { Tooltip } from '../../ui/tooltip'
import { Truncated } from '../../ui/truncated'
import { endForward, forwardPort, localUrl } from '../../workspace-model/ports/port-actions'
import type { PortRow } from '../../workspace-model/ports/port-rows'

interface PortTableRowProps {
  workspaceId: string
  row: PortRow
  isRunning: boolean
}

export function PortTableRow({ workspaceId, row, isRunning }: PortTableRowProps) {
  const { port, container, listener, forward, lent } = row
  const place = container ?? listener?.publishedBy ?? null
  return (
    <tr className="group border-line border-b hover:bg-hover">
      <th scope="row" className="h-9 pl-2 text-left font-mono font-normal text-sm tabular-nums">
        {port}
      </th>
      <td className="max-w-0 pl-4">
        <span className="flex min-w-0 items-baseline gap-2">
          {listener === null ? (
            <span className="whitespace-nowrap text-ink-faint">{isRunning ? 'nothing listens' : 'not running'}</span>
          ) : (
            <Truncated text={listener.process ?? 'unknown'} className="font-mono text-sm" />
          )}
          {place !== null && (
            <span className="shrink-0 text-ink-muted text-sm">
              in <ForeignText text={place} />
            </span>
          )}
        </span>
      </td>
      <td className="pl-4">
        <span className="flex flex-col">
          {forward !== null && <Local forward={forward} />}
          {lent.map((other) => (
            <Local key={other.localPort} forward={other} />
          ))}
        </span>
      </td>
      <td className="pr-1 pl-3">
        <span className="flex items-center justify-end gap-0.5">
          {forward === null ? (
            <Button size="small" onClick={() => void forwardPort(workspaceId, row)} aria-label={`Forward port ${port}`}>
              Forward
            </Button>
          ) : (
            <IconButton size="small" icon={X} label={`End the forward of port ${port}`} onClick={() => endForward(workspaceId, row)} />
          )}
        </span>
      </td>
    </tr>
  )
}

function Local({ forward }: { forward: PortForward }) {
  const { localPort, status, problem, kind } = forward
  const address = `127.0.0.1:${localPort}`
  if (status === 'failed') return <span className="py-1 text-bad text-sm">{problem?.message ?? 'could not be forwarded'}</span>
  if (status === 'waiting') {
    return (
      <span className="flex h-7 items-center gap-2 text-ink-muted">
        <span className="font-mono text-sm">{address}</span> waits
      </span>
    )
  }
  return (
    <span className="flex h-7 items-center gap-1">
      <a
        href={localUrl(localPort)}
        target="_blank"
        rel="noreferrer"
        className="flex items-center gap-1 rounded-sm font-mono text-accent text-sm hover:underline"
      >
        {address}
        <ExternalLink aria-hidden className="size-3 shrink-0" />
        <span className="sr-only">, opens in the browser</span>
      </a>
      <CopyButton text={localUrl(localPort)} label={`Copy the address of port ${forward.port}`} />
      {kind !== 'kept' && (
        <Tooltip text={kind === 'automatic' ? 'Forwarded automatically while something is listening.' : 'While “berth proxy” is running.'}>
          <span className="shrink-0 rounded-sm border border-line-strong px-1 text-ink-muted text-xs">{kind}</span>
        </Tooltip>
      )}
    </span>
  )
}
