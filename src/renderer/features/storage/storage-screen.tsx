import { RefreshCw } from 'lucide-react'
import { useEffect } from 'react'
import { useEngine } from '../../store/store'
import { Button } from '../../ui/button'
import { Screen } from '../../ui/screen'
import { Time } from '../../ui/time'
import { presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { measureStorage, useStorageUsage } from '../../workspace-model/storage/storage-state'
import { CleanupPanel } from './cleanup-panel'
import { DoctorPanel } from './doctor-panel'
import { StorageFigures } from './storage-figures'
import { StorageWarnings } from './storage-warnings'
import { UsageTable } from './usage-table'

/** What takes the disk, and what of it nobody needs. Measured when it is opened; what was measured before is shown meanwhile. */
export function StorageScreen() {
  const { usage, isMeasuring, usageFailure } = useStorageUsage()
  const isConnected = useEngine()?.status === 'connected'
  useEffect(() => {
    if (isConnected) void measureStorage()
  }, [isConnected])
  return (
    <Screen
      title="Storage"
      actions={
        <>
          <span role="status" className="text-ink-muted text-sm">
            {isMeasuring ? 'Measuring…' : usage !== null && <Time value={usage.measuredAt} />}
          </span>
          <Button icon={RefreshCw} disabled={isMeasuring} onClick={() => void measureStorage()}>
            Refresh
          </Button>
        </>
      }
    >
      {usageFailure !== null && !isMeasuring && (
        <ProblemPanel presentation={presentError(usageFailure)} onRetry={() => void measureStorage()} />
      )}
      {usage !== null && <StorageWarnings warnings={usage.warnings} />}
      {(usage !== null || usageFailure === null) && (
        <>
          <StorageFigures usage={usage} />
          <UsageTable usage={usage} />
        </>
      )}
      <DoctorPanel />
      <CleanupPanel />
    </Screen>
  )
}
