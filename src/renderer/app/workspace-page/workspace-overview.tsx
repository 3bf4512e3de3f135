import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Problem } from '../../../shared/error-definitions'
import { nestedEngineRemarks } from '../../../shared/nested-engine-remarks'
import { hasEnded } from '../../../shared/operation-state'
import type { Workspace } from '../../../shared/workspace'
import { type FieldName, WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import { SshCard } from '../../features/ssh/ssh-card'
import { ProcessesPanel } from '../../features/stats/processes-panel'
import { StatsPanel } from '../../features/stats/stats-panel'
import { StorageDetails } from '../../features/storage/storage-details'
import { DevcontainerBanner } from '../../features/workspaces/devcontainer-banner'
import { routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import {
  useCopiesUnderWay,
  useEngineByReference,
  useHasSeveralEngines,
  useOperation,
  useOperationsOf,
  useSnapshots,
} from '../../store/store'
import { Button } from '../../ui/button'
import { CopyableValue, Detail, Details } from '../../ui/details'
import { formatCount } from '../../ui/format'
import { Time } from '../../ui/time'
import { EngineBanner } from '../../workspace-model/engine/engine-banner'
import { OperationCard } from '../../workspace-model/operations/operation-card'
import { OperationRow } from '../../workspace-model/operations/operation-row'
import { presentProblem } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { startWorkspace } from '../../workspace-model/workspaces/workspace-actions'
import { AtAGlance } from './at-a-glance'
import { HostCard } from './host-card'

const RECENT = 8

function fieldTitle(field: string): string {
  return Object.hasOwn(WORKSPACE_FIELDS, field) ? WORKSPACE_FIELDS[field as FieldName].title : field
}

export function WorkspaceOverview({ workspace }: { workspace: Workspace }) {
  const operation = useOperation(workspace.operationId)
  const copies = useCopiesUnderWay(workspace.id)
  const engine = useEngineByReference(workspace.engine)
  return (
    <div className="@container flex w-full max-w-360 flex-col gap-4 p-5">
      <EngineBanner engine={engine} />
      {operation && !hasEnded(operation) && <OperationCard operation={operation} />}
      {copies.map((copy) => (
        <OperationCard key={copy.id} operation={copy} isCompact />
      ))}
      {workspace.problem !== null && !isBusy(workspace) && <WorkspaceProblem workspace={workspace} problem={workspace.problem} />}
      {workspace.host !== null && <HostCard workspace={workspace} />}
      <DevcontainerBanner workspace={workspace} />
      <AtAGlance workspace={workspace} />
      {workspace.running && workspace.unavailable.stats === undefined && <StatsPanel workspace={workspace} />}
      {workspace.running && <ProcessesPanel key={workspace.id} workspaceId={workspace.id} />}
      {workspace.unavailable.ssh === undefined && <SshCard workspace={workspace} />}
      <div className="grid @4xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] grid-cols-1 gap-x-10 gap-y-6">
        <div className="flex min-w-0 flex-col gap-6">
          <Section title="Details">
            {workspace.statusDetail !== null && workspace.statusDetail !== workspace.problem?.message && !isBusy(workspace) && (
              <Detail name="State">
                <span className="min-w-0 break-words py-1">{workspace.statusDetail}</span>
              </Detail>
            )}
            {workspace.host !== null && (
              <Detail name="Folder">
                <CopyableValue value={workspace.host.folder} label="Copy folder" />
              </Detail>
            )}
            <EngineDetail name={workspace.engine} />
            {workspace.image !== null && (
              <Detail name="Image">
                <CopyableValue value={workspace.image} label="Copy image" />
                {workspace.imageOutdated && (
                  <>
                    <span className="shrink-0 text-sm text-warn">out of date</span>
                    <Button
                      size="small"
                      disabled={isBusy(workspace)}
                      onClick={() => openDialog({ kind: 'rebuild-workspace', workspaceId: workspace.id })}
                    >
                      Rebuild…
                    </Button>
                  </>
                )}
              </Detail>
            )}
            {workspace.libraryTemplate !== null && (
              <Detail name="Template">
                <span className="min-w-0 break-words py-1 font-mono text-sm">{workspace.libraryTemplate}</span>
                {workspace.templateDrift.length > 0 && (
                  <>
                    <span className="text-sm text-warn">changed since: {workspace.templateDrift.map(fieldTitle).join(', ')}</span>
                    <Button
                      size="small"
                      disabled={isBusy(workspace)}
                      onClick={() => openDialog({ kind: 'apply-template', workspaceId: workspace.id })}
                    >
                      Apply…
                    </Button>
                  </>
                )}
              </Detail>
            )}
            {workspace.containerName !== null && (
              <Detail name="Container">
                <CopyableValue value={workspace.containerName} label="Copy container name" />
                {workspace.containerId !== null && (
                  <CopyableValue value={workspace.containerId} shown={workspace.containerId.slice(0, 12)} label="Copy container id" />
                )}
              </Detail>
            )}
            {nestedEngineRemarks(workspace.nestedEngine).length > 0 && (
              <Detail name="Docker inside">
                <ul className="min-w-0 py-1 text-warn">
                  {nestedEngineRemarks(workspace.nestedEngine).map((remark) => (
                    <li key={remark} className="break-words">
                      {remark}
                    </li>
                  ))}
                </ul>
              </Detail>
            )}
            {workspace.volumes !== null && <VolumeRows volumes={workspace.volumes} />}
            {workspace.unavailable.storage === undefined && <StorageDetails workspace={workspace} />}
            {workspace.unavailable.snapshots === undefined && (
              <Detail name="Snapshots">
                <SnapshotSummary workspace={workspace} />
              </Detail>
            )}
            <Detail name="Created">
              <Time value={workspace.createdAt} />
            </Detail>
            <Detail name="Started">{workspace.startedAt === null ? <Nothing>never</Nothing> : <Time value={workspace.startedAt} />}</Detail>
            <Detail name="Last used">
              {workspace.lastUsedAt === null ? <Nothing>never</Nothing> : <Time value={workspace.lastUsedAt} />}
            </Detail>
          </Section>
        </div>
        <RecentActivity workspaceId={workspace.id} />
      </div>
    </div>
  )
}

/** Where there is one engine only, everybody knows which one it is. */
function EngineDetail({ name }: { name: string | null }) {
  const isOneOfSeveral = useHasSeveralEngines()
  if (name === null || !isOneOfSeveral) return null
  return (
    <Detail name="Engine">
      <Link href={routes.engine(name)} className="truncate rounded-sm text-accent hover:underline">
        {name}
      </Link>
    </Detail>
  )
}

function VolumeRows({ volumes }: { volumes: NonNullable<Workspace['volumes']> }) {
  return (
    <>
      <Detail name="Home volume">
        <CopyableValue value={volumes.home} label="Copy home volume name" />
      </Detail>
      <Detail name="Docker volume">
        <CopyableValue value={volumes.docker} label="Copy Docker volume name" />
      </Detail>
    </>
  )
}

/** A workspace that runs although something in it went wrong is warned of; one that does not run is an error. */
function WorkspaceProblem({ workspace, problem }: { workspace: Workspace; problem: Problem }) {
  return (
    <ProblemPanel
      presentation={presentProblem(problem)}
      tone={workspace.status === 'error' ? 'error' : 'warning'}
      onRetry={() => startWorkspace(workspace)}
    />
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-1 border-line border-b pb-1 font-semibold">{title}</h2>
      <Details>{children}</Details>
    </section>
  )
}

const Nothing = ({ children }: { children: ReactNode }) => <span className="text-ink-faint">{children}</span>

function SnapshotSummary({ workspace }: { workspace: Workspace }) {
  const snapshots = useSnapshots(workspace.id)
  const [latest] = snapshots
  return (
    <span>
      <Link href={routes.workspace(workspace.name, 'snapshots')} className="rounded-sm text-accent hover:underline">
        {latest === undefined ? 'none' : formatCount(snapshots.length, 'snapshot')}
      </Link>
      {latest !== undefined && (
        <span className="text-ink-muted">
          , the last <Time value={latest.createdAt} />
        </span>
      )}
    </span>
  )
}

function RecentActivity({ workspaceId }: { workspaceId: string }) {
  const ended = useOperationsOf(workspaceId).filter(hasEnded)
  return (
    <section aria-label="Recent activity" className="min-w-0">
      <div className="mb-1 flex items-baseline justify-between border-line border-b pb-1">
        <h2 className="font-semibold">Recent activity</h2>
        <Link href={routes.activity} className="rounded-sm text-accent text-sm hover:underline">
          All activity
        </Link>
      </div>
      {ended.length === 0 ? (
        <p className="py-1 text-ink-faint">Nothing yet.</p>
      ) : (
        <ul className="flex flex-col">
          {ended.slice(0, RECENT).map((operation) => (
            <li key={operation.id}>
              <OperationRow operation={operation} isAboutOne />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
