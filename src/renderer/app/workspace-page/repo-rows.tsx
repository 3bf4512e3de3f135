import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { CopyableValue, Detail } from '../../ui/details'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { startWorkspace } from '../../workspace-model/workspaces/workspace-actions'

const STATES = { none: null, pending: 'not cloned yet', cloned: null, failed: 'could not be cloned' } as const

/** The repositories of a workspace, each with its state. */
export function RepoRows({ workspace }: { workspace: Workspace }) {
  const { repo, repoState, branch, problem, furtherRepos, furtherRepoStates } = workspace
  return (
    <>
      {repo === null && furtherRepos.length === 0 && (
        <Detail name="Repository">
          <span className="text-ink-faint">none</span>
        </Detail>
      )}
      {repo !== null && (
        <Detail name="Repository">
          <Repo workspace={workspace} url={repo} branch={branch} state={repoState} />
        </Detail>
      )}
      {furtherRepos.map(({ url, branch, folder }) => {
        const state = furtherRepoStates[folder]
        // The panel above shows the workspace's own problem.
        const message = state?.problem && state.problem.message !== problem?.message ? state.problem.message : null
        return (
          <Detail key={folder} name="Also">
            <Repo workspace={workspace} url={url} branch={branch} folder={folder} state={state?.status ?? 'pending'} message={message} />
          </Detail>
        )
      })}
    </>
  )
}

interface RepoProps {
  workspace: Workspace
  url: string
  branch: string | null
  /** In the home folder, of a further one. */
  folder?: string
  state: Workspace['repoState']
  /** Why it could not be cloned, where nothing else says so. */
  message?: string | null
}

function Repo({ workspace, url, branch, folder, state, message = null }: RepoProps) {
  const note = STATES[state]
  const place = [folder === undefined ? null : `in ~/${folder}`, branch === null ? null : `at ${branch}`].filter(Boolean).join(', ')
  return (
    <div className="min-w-0 flex-1">
      <div className="flex min-h-7 items-center gap-1">
        <CopyableValue value={url} label="Copy repository URL" />
      </div>
      {(place !== '' || note !== null) && (
        <div className="flex flex-wrap items-center gap-x-2 pb-1 text-ink-muted text-sm">
          {place !== '' && <span className="min-w-0 break-all">{place}</span>}
          {note !== null && <span className={state === 'failed' ? 'text-bad' : undefined}>{note}</span>}
          {state === 'failed' && (
            <Button size="small" disabled={isBusy(workspace)} onClick={() => startWorkspace(workspace)}>
              Retry clone
            </Button>
          )}
        </div>
      )}
      {message !== null && <p className="break-words pb-1 text-ink-muted text-sm">{message}</p>}
    </div>
  )
}
