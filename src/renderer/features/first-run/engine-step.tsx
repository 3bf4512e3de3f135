import { formatBytes } from '../../../shared/byte-size'
import type { EngineView } from '../../../shared/contract/engines'
import { openNewWorkspace } from '../../store/dialogs'
import { ForeignText } from '../../ui/foreign-text'
import { StatusDot } from '../../ui/status-dot'
import { defaultFirst, describeEngine, engineDot } from '../../workspace-model/engine/describe-engine'
import { EngineHelp } from './engine-help'

/** How the engines stand, in a few words. `isNeeded` is false for somebody with a host workspace. */
export function engineSummary(engines: readonly EngineView[], isNeeded: boolean): string {
  const connected = defaultFirst(engines).find(({ state }) => state.status === 'connected')
  if (connected?.state.status === 'connected') return `${describeEngine(connected.state)} on ${connected.state.operatingSystem}`
  const isLooking = engines.length === 0 || engines.some(({ state }) => state.status === 'connecting')
  if (isLooking) return 'Looking for an engine…'
  return isNeeded ? 'Workspaces are containers, so Berth needs one' : 'No engine is responding; host workspaces do not need one'
}

/** The engines that were found; without any, what was tried and how to get one. */
export function EngineStep({ engines }: { engines: readonly EngineView[] }) {
  const connected = defaultFirst(engines).flatMap(({ id, state }) => (state.status === 'connected' ? { id, state } : []))
  if (connected.length > 0)
    return (
      <ul className="flex flex-col gap-2">
        {connected.map(({ id, state }) => (
          <li key={id} className="flex items-start gap-2">
            <StatusDot state={engineDot(state)} className="mt-1" />
            <div className="min-w-0 flex-1">
              <p>{describeEngine(state)}</p>
              <p className="break-all font-mono text-ink-muted text-sm">{state.endpoint}</p>
              <p className="text-ink-muted text-sm">
                <ForeignText text={state.operatingSystem} />, {state.architecture}, {state.cpus} CPUs, {formatBytes(state.memoryBytes)}
              </p>
            </div>
          </li>
        ))}
      </ul>
    )
  if (engines.some(({ state }) => state.status !== 'unreachable') || engines.length === 0)
    return (
      <p role="status" className="flex items-center gap-2 text-ink-muted">
        <StatusDot state="busy" /> Looking for an engine…
      </p>
    )
  return (
    <>
      <div>
        <h3 className="font-semibold">No Docker engine is responding</h3>
        <p className="text-ink-muted">Berth continues by itself as soon as one responds.</p>
      </div>
      <EngineHelp engines={engines} heading="h3" onUseHost={() => openNewWorkspace({ place: 'host' })} />
    </>
  )
}
