import { ChevronDown, ChevronUp, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import { client } from '../../client'
import { Button, IconButton } from '../../ui/button'
import { formatCount, formatDuration } from '../../ui/format'
import { Skeleton } from '../../ui/skeleton'
import { Truncated } from '../../ui/truncated'
import { useLook } from '../../workspace-model/workspaces/use-look'

const list = (workspace: string) => client.stats.processes({ workspace })

/** What runs in a workspace, once somebody wants to see it: nothing is asked for while it is closed. */
export function ProcessesPanel({ workspaceId }: { workspaceId: string }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <section aria-label="Processes">
      <div className="mb-1 flex items-center justify-between border-line border-b pb-1">
        <h2 className="font-semibold">Processes</h2>
        <Button
          size="small"
          variant="ghost"
          icon={isOpen ? ChevronUp : ChevronDown}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Show'}
        </Button>
      </div>
      {isOpen && <Processes workspaceId={workspaceId} />}
    </section>
  )
}

/** As they were when the list was opened or last asked for. */
function Processes({ workspaceId }: { workspaceId: string }) {
  const { found: processes, look } = useLook(workspaceId, list)
  if (processes === null) return <Skeleton className="h-20" />
  return (
    <>
      <div className="flex items-center justify-between">
        <span className="text-ink-muted">
          {processes.length === 0 ? 'Nothing is running.' : formatCount(processes.length, 'process', 'processes')}
        </span>
        <IconButton icon={RotateCw} size="small" label="Refresh processes" onClick={look} />
      </div>
      {processes.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, with the keyboard too
        <section className="max-h-80 overflow-auto" tabIndex={0} aria-label="List of processes">
          <table className="w-full border-collapse">
            <thead className="sticky top-0 bg-canvas">
              <tr className="text-left [&>th]:whitespace-nowrap [&>th]:pb-1 [&>th]:font-semibold">
                <th scope="col" className="w-20">
                  PID
                </th>
                <th scope="col" className="w-28 pl-4">
                  Age
                </th>
                <th scope="col" className="w-28 pl-4">
                  CPU time
                </th>
                <th scope="col" className="w-24 pl-4">
                  Memory
                </th>
                <th scope="col" className="pl-4">
                  Command
                </th>
              </tr>
            </thead>
            <tbody>
              {processes.map(({ pid, age, cpuTime, memoryBytes, command }) => (
                <tr key={pid} className="border-line border-t [&>td]:whitespace-nowrap [&>td]:py-0.5 [&>td]:tabular-nums">
                  <td>{pid}</td>
                  <td className="pl-4">{formatDuration(age * 1000)}</td>
                  <td className="pl-4">{formatDuration(cpuTime * 1000)}</td>
                  <td className="pl-4">{formatBytes(memoryBytes)}</td>
                  <td className="w-full max-w-0 pl-4">
                    <Truncated text={command} className="font-mono text-sm" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}
