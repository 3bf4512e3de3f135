import type { CredentialSharing } from '../../../shared/credential-sharing'
import { syncSummary } from '../../../shared/sync-report'
import type { Workspace } from '../../../shared/workspace'
import { WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import { Button } from '../../ui/button'
import { ForeignText } from '../../ui/foreign-text'
import { Time } from '../../ui/time'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { setCredentials } from '../../workspace-model/workspaces/copy-actions'
import { CredentialsSelect } from '../../workspace-model/workspaces/credentials-select'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { syncWorkspace } from '../../workspace-model/workspaces/workspace-actions'
import { LinesRow } from './lines-row'

/** What a workspace has from this machine besides what all workspaces have, and what came of copying it. */
export function SyncRows({ workspace }: { workspace: Workspace }) {
  return (
    <>
      <CredentialsRow workspace={workspace} />
      <LinesRow
        workspace={workspace}
        name="syncFiles"
        description="A file or folder of this machine on each line: copied to the same place below the home folder, or to another (HOST:INSIDE)."
        placeholder={'~/.config/nvim\n~/work/npmrc:~/.npmrc'}
      />
      <LinesRow
        workspace={workspace}
        name="syncSshKeys"
        description="Private keys of this machine, one on each line, with their public halves."
        placeholder="~/.ssh/id_ed25519"
      />
      <EntryRows workspace={workspace} />
      <SyncRow workspace={workspace} />
    </>
  )
}

/** What it has of the library. */
export function EntryRows({ workspace }: { workspace: Workspace }) {
  return (
    <>
      <LinesRow
        workspace={workspace}
        name="skills"
        description="Skills of the library for coding agents, one name on each line. They follow the library."
        placeholder="python-dev"
      />
      <LinesRow
        workspace={workspace}
        name="tools"
        description="Tools of the library for coding agents, one name on each line."
        placeholder="linter"
      />
    </>
  )
}

function CredentialsRow({ workspace }: { workspace: Workspace }) {
  const { title, form } = WORKSPACE_FIELDS.credentials
  return (
    <SettingRow
      title={title}
      description={`${form.hint}. Choose none for workspaces you do not trust; anything already shared is then removed.`}
    >
      {({ labelledBy, describedBy }) => (
        <CredentialsSelect
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          value={workspace.credentials}
          onChange={(event) => setCredentials(workspace, event.target.value as CredentialSharing)}
        />
      )}
    </SettingRow>
  )
}

function SyncRow({ workspace }: { workspace: Workspace }) {
  const { synced } = workspace
  const isUnavailable = !workspace.running || isBusy(workspace)
  const conflicts = synced?.conflicts ?? { count: 0, paths: [] }
  return (
    <SettingRow title="Sync" description="Files are copied at every start and when they change. Files changed inside are left alone.">
      {() => (
        <div className="flex flex-col items-start gap-1.5">
          {synced !== null && (
            <p className="text-ink-muted">
              Last sync <Time value={synced.at} />: {syncSummary(synced)}
            </p>
          )}
          {conflicts.count > 0 && (
            <ul aria-label="Changed inside" className="font-mono text-sm text-warn">
              {conflicts.paths.map((path) => (
                <li key={path} className="break-all">
                  <ForeignText text={path} />
                </li>
              ))}
            </ul>
          )}
          <div className="flex gap-2">
            <Button size="small" disabled={isUnavailable} onClick={() => syncWorkspace(workspace)}>
              Sync now
            </Button>
            {conflicts.count > 0 && (
              <Button size="small" disabled={isUnavailable} onClick={() => syncWorkspace(workspace, { force: true })}>
                Overwrite changes inside
              </Button>
            )}
          </div>
        </div>
      )}
    </SettingRow>
  )
}
