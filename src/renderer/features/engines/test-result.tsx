import { formatBytes } from '../../../shared/byte-size'
import type { EngineState } from '../../../shared/contract/engines'
import { formatCount } from '../../ui/format'
import { StatusDot } from '../../ui/status-dot'
import { describeEngine, engineDot } from '../../workspace-model/engine/describe-engine'

/** What came of a connection that was only tried. */
export type Tested = EngineState

/** What answered, or why nothing did. `tested` is null before. */
export function TestResult({ tested }: { tested: Tested | null }) {
  return (
    <div role="status" aria-label="Result of the test" className="empty:hidden">
      {tested !== null && (
        <div className="flex items-start gap-2 rounded-lg border border-line bg-sunken px-3 py-2">
          <StatusDot state={engineDot(tested)} className="mt-1" />
          <div className="min-w-0 flex-1">
            {tested.status === 'connected' ? (
              <>
                <p className="font-medium">{describeEngine(tested)} is responding</p>
                <p className="text-ink-muted text-sm">
                  {tested.operatingSystem}, {tested.architecture}, {formatCount(tested.cpus, 'processor')},{' '}
                  {formatBytes(tested.memoryBytes)}
                </p>
              </>
            ) : (
              <>
                <p className="font-medium">Not responding</p>
                {tested.status === 'unreachable' && <Reasons tried={tested.tried} />}
              </>
            )}
          </div>
        </div>
      )}
    </div>
  )
}

function Reasons({ tried }: { tried: readonly { endpoint: string; reason: string }[] }) {
  return tried.map(({ endpoint, reason }) => (
    <p key={endpoint} className="break-words text-sm">
      <span className="break-all font-mono">{endpoint}</span>: <span className="text-ink-muted">{reason}</span>
    </p>
  ))
}
