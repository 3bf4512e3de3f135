import { formatBytes } from '../../../shared/byte-size'
import { useEngines } from '../../store/store'
import { Button } from '../../ui/button'
import { StatusDot } from '../../ui/status-dot'
import { describeEngine, engineDot, isLocalEngine } from '../../workspace-model/engine/describe-engine'
import { reconnectEngine } from '../../workspace-model/problems/run-suggested-action'
import { SettingRow } from '../../workspace-model/settings/setting-row'

/** What the endpoint of the local engine leads to. */
export function EngineStateLine() {
  const engine = useEngines().find(isLocalEngine)?.state
  if (engine === undefined) return null
  return (
    <SettingRow title="State">
      {() => (
        <div className="flex items-start gap-2">
          <StatusDot state={engineDot(engine)} className="mt-1" />
          <div className="min-w-0 flex-1">
            <p>{describeEngine(engine)}</p>
            {engine.status === 'connected' && (
              <>
                <p className="break-all font-mono text-ink-muted text-sm">{engine.endpoint}</p>
                <p className="text-ink-muted text-sm">
                  {engine.operatingSystem}, {engine.architecture}, {engine.cpus} CPUs, {formatBytes(engine.memoryBytes)}
                </p>
              </>
            )}
          </div>
          {engine.status !== 'connected' && (
            <Button size="small" onClick={reconnectEngine}>
              Try again
            </Button>
          )}
        </div>
      )}
    </SettingRow>
  )
}
