import { GitBranch, RotateCw } from 'lucide-react'
import type { RepositoryStatus } from '../../../shared/repository-status'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { DevcontainerDetail } from '../../features/workspaces/devcontainer-detail'
import { PortSummary } from '../../features/workspaces/port-summary'
import { IconButton } from '../../ui/button'
import { Detail, Details } from '../../ui/details'
import { ForeignText } from '../../ui/foreign-text'
import { formatCount } from '../../ui/format'
import { useLook } from '../../workspace-model/workspaces/use-look'
import { RepoRows } from './repo-rows'

const askRepositories = (workspace: string) => client.workspaces.repositories({ workspace })

/** What people open a workspace's overview for: the branch, what has changed, and the ports. */
export function AtAGlance({ workspace }: { workspace: Workspace }) {
  const canTell = workspace.running || workspace.host !== null
  const mayHaveRepository = workspace.repo !== null || workspace.furtherRepos.length > 0 || workspace.host !== null
  return (
    <section aria-label="At a glance">
      <Details>
        {canTell && mayHaveRepository && <Branches key={`${workspace.id} ${workspace.repoState}`} workspace={workspace} />}
        <RepoRows workspace={workspace} />
        {workspace.unavailable.ports === undefined && (
          <Detail name="Ports">
            <PortSummary workspace={workspace} />
          </Detail>
        )}
        <DevcontainerDetail workspace={workspace} />
      </Details>
    </section>
  )
}

/** As git says when the overview is opened, and whenever somebody comes back to it. */
function Branches({ workspace }: { workspace: Workspace }) {
  const { found, look } = useLook(workspace.id, askRepositories)
  if (found === null || found.length === 0) return null
  return (
    <Detail name={found.length === 1 ? 'Branch' : 'Branches'}>
      <ul className="min-w-0 flex-1 py-1">
        {found.map((repository) => (
          <li key={repository.path} className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <Branch repository={repository} showsPath={found.length > 1} />
          </li>
        ))}
      </ul>
      <IconButton icon={RotateCw} size="small" label="Look again" onClick={look} />
    </Detail>
  )
}

function Branch({ repository, showsPath }: { repository: RepositoryStatus; showsPath: boolean }) {
  const { path, branch, commit, ahead, behind, changedFiles } = repository
  return (
    <>
      {showsPath && <span className="min-w-0 break-all text-ink-muted text-sm">{path.split('/').at(-1)}</span>}
      <span className="flex min-w-0 items-baseline gap-1 font-medium">
        <GitBranch aria-hidden className="size-3.5 shrink-0 self-center text-ink-muted" />
        <span className="min-w-0 break-all">
          <ForeignText text={branch ?? (commit === null ? 'no branch' : `commit ${commit.slice(0, 12)}`)} />
        </span>
      </span>
      <span className={changedFiles > 0 ? 'text-warn' : 'text-ink-muted'}>
        {changedFiles > 0 ? formatCount(changedFiles, 'changed file') : 'no changes'}
      </span>
      {ahead !== null && ahead > 0 && <span className="text-ink-muted">{formatCount(ahead, 'commit')} to push</span>}
      {behind !== null && behind > 0 && <span className="text-ink-muted">{formatCount(behind, 'commit')} behind</span>}
    </>
  )
}
