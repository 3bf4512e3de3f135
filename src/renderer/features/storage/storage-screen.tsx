import { RefreshCw } from 'lucide-react'
import { useEffect } from 'react'
import type { EngineView } from '../../../shared/contract/engines'
import { Button } from '../../ui/button'
import { Screen } from '../../ui/screen'
import { Time } from '../../ui/time'
import { EngineBanner } from '../../workspace-model/engine/engine-banner'
import { EnginePicker } from '../../workspace-model/engine/engine-picker'
import { useShownEngine } from '../../workspace-model/engine/shown-engine'
import { presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { measureStorage, useStorageUsage } from '../../workspace-model/storage/storage-state'
import { CleanupPanel } from './cleanup-panel'
import { DoctorPanel } from './doctor-panel'
import { StorageFigures } from './storage-figures'
import { StorageWarnings } from './storage-warnings'
import { UsageTable } from './usage-table'

/** What takes the disk of an engine, and what of it nobody needs. Measured when it is opened; what was measured before is shown meanwhile. */
export function StorageScreen() {
  const engine = useShownEngine()
  const { usage, isMeasuring } = useStorageUsage(engine?.id)
  return (
    <Screen
      title="Storage"
      actions={
        <>
          <span role="status" className="text-ink-muted text-sm">
            {isMeasuring ? 'Measuring…' : usage !== null && <Time value={usage.measuredAt} />}
          </span>
          <EnginePicker />
          <Button
            icon={RefreshCw}
            disabled={isMeasuring || engine === undefined}
            onClick={() => engine !== undefined && void measureStorage(engine.id)}
          >
            Refresh
          </Button>
        </>
      }
    >
      {engine === undefined ? <StorageFigures usage={null} /> : <StorageOf key={engine.id} engine={engine} />}
    </Screen>
  )
}

function StorageOf({ engine }: { engine: EngineView }) {
  const { id, state } = engine
  const { usage, isMeasuring, usageFailure } = useStorageUsage(id)
  const isConnected = state.status === 'connected'
  const isAway = state.status === 'unreachable'
  useEffect(() => {
    if (isConnected) void measureStorage(id)
  }, [id, isConnected])
  return (
    <>
      <EngineBanner engine={engine} />
      {usageFailure !== null && !isMeasuring && !isAway && (
        <ProblemPanel presentation={presentError(usageFailure)} onRetry={() => void measureStorage(id)} />
      )}
      {usage !== null && <StorageWarnings warnings={usage.warnings} />}
      {(usage !== null || (usageFailure === null && !isAway)) && (
        <>
          <StorageFigures usage={usage} />
          <UsageTable usage={usage} />
        </>
      )}
      <DoctorPanel />
      {!isAway && <CleanupPanel engine={engine} />}
    </>
  )
}
