import { Link } from 'wouter'
import { formatBytes } from '../../../shared/byte-size'
import type { EngineView } from '../../../shared/contract/engines'
import { engineRemarks } from '../../../shared/engine-remarks'
import type { Workspace } from '../../../shared/workspace'
import { routes } from '../../routes'
import { useSwarms, useWorkspaces } from '../../store/store'
import { CopyableValue, Detail, Details } from '../../ui/details'
import { formatCount } from '../../ui/format'
import { Truncated } from '../../ui/truncated'
import { describeEngine, engineAddress, engineDot, engineObstacle, isLocalEngine } from '../../workspace-model/engine/describe-engine'
import { EngineBanner } from '../../workspace-model/engine/engine-banner'
import { statusWord } from '../../workspace-model/workspaces/describe-workspace'
import { WorkspaceMark } from '../../workspace-model/workspaces/workspace-mark'
import { DetailsHeader } from './details-header'
import { EngineActions } from './engine-actions'

/** One engine: how it is, what can be done with it, what it has, and the workspaces on it. */
export function EngineDetails({ engine }: { engine: EngineView }) {
  const { name, state, isDefault } = engine
  const workspaces = useWorkspaces().filter((workspace) => workspace.engine === name)
  return (
    <div className="flex w-full max-w-220 flex-col gap-4 p-5">
      <DetailsHeader name={name} dot={engineDot(state)} isDefault={isDefault}>
        {engineObstacle(state) ?? 'connected'}
      </DetailsHeader>
      <EngineBanner engine={engine} isAmongEngines />
      <EngineActions engine={engine} workspaces={workspaces} />
      <section aria-label="Details">
        <h3 className="mb-1 border-line border-b pb-1 font-semibold">Details</h3>
        <Details>
          <EngineFacts engine={engine} />
        </Details>
      </section>
      <section aria-label="Workspaces">
        <h3 className="mb-1 border-line border-b pb-1 font-semibold">
          {workspaces.length === 0 ? 'Workspaces' : formatCount(workspaces.length, 'workspace')}
        </h3>
        {workspaces.length === 0 ? (
          <p className="py-1 text-ink-faint">No workspaces.</p>
        ) : (
          <ul className="flex flex-col">
            {workspaces.map((workspace) => (
              <WorkspaceLine key={workspace.id} workspace={workspace} />
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}

function EngineFacts({ engine }: { engine: EngineView }) {
  const { state } = engine
  const swarm = useSwarms().find(({ nodes }) => nodes.some((node) => node.engine === engine.name))
  const address = engineAddress(engine)
  const known = state.status === 'connected' ? state : null
  const remarks = [
    ...engineRemarks(state),
    ...(known?.insecure ? ['not encrypted: anyone on the network path can read and change the traffic'] : []),
  ]
  return (
    <>
      <Detail name="Address">
        {address === null ? (
          <span className="text-ink-faint">found on this machine</span>
        ) : (
          <CopyableValue value={address} label="Copy address" />
        )}
      </Detail>
      {isLocalEngine(engine) && (
        <Detail name="Set in">
          <Link href={`${routes.settings}/engine`} className="rounded-sm text-accent hover:underline">
            Settings
          </Link>
        </Detail>
      )}
      <Detail name="Product">
        <Fact>{known && `${describeEngine(known)}, API ${known.apiVersion}`}</Fact>
      </Detail>
      <Detail name="System">
        <Fact>{known && `${known.operatingSystem}, ${known.architecture}`}</Fact>
      </Detail>
      <Detail name="Processors">
        <Fact>{known && String(known.cpus)}</Fact>
      </Detail>
      <Detail name="Memory">
        <Fact>{known && formatBytes(known.memoryBytes)}</Fact>
      </Detail>
      {swarm !== undefined && (
        <Detail name="Swarm">
          <Link href={routes.engine(swarm.name)} className="min-w-0 rounded-sm text-accent hover:underline">
            <Truncated text={swarm.name} />
          </Link>
        </Detail>
      )}
      {remarks.length > 0 && (
        <Detail name="Notes">
          <span className="min-w-0 break-words">{remarks.join('; ')}</span>
        </Detail>
      )}
    </>
  )
}

/** null while it is not known. */
function Fact({ children }: { children: string | null }) {
  return children === null ? <span className="text-ink-faint">not known</span> : <Truncated text={children} className="tabular-nums" />
}

function WorkspaceLine({ workspace }: { workspace: Workspace }) {
  return (
    <li>
      <Link href={routes.workspace(workspace.name)} className="-mx-2 flex h-7 items-center gap-2 rounded-md px-2 hover:bg-hover">
        <WorkspaceMark workspace={workspace} />
        <Truncated text={workspace.name} className="flex-1" />
        <span className="shrink-0 text-ink-muted text-sm">{statusWord(workspace)}</span>
      </Link>
    </li>
  )
}
