import { type BerthError, isBerthError, toProblem } from '../../../shared/errors'
import { type FurtherRepo, type FurtherRepoStates, furtherRepoPath } from '../../../shared/further-repos'
import { isRepoProblem } from '../../../shared/repo-problem'
import type { StepContext } from '../../operations/operation-definition'
import { cloneRepo } from '../../provisioning/repo'
import { openCredential, shareCredential } from '../../provisioning/repo-credential'
import type { RepoWork } from '../../provisioning/repo-git'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerIdOf } from '../base/own-containers'

type CloneContext = Pick<StepContext<unknown>, 'signal' | 'progress' | 'detail' | 'notice'>

/**
 * Clones each repository of the workspace that is not there yet. A failure is recorded with its repository and leaves the others usable; the first is
 * thrown when all have been tried.
 */
export async function cloneRepos(services: LifecycleServices, record: WorkspaceRecord, context: CloneContext): Promise<void> {
  const { records } = services
  const failures: BerthError[] = []
  if (record.repo !== null) {
    const error = await failureOf(async () => {
      const found = await cloneRepo(repoWork(services, record, record.repo ?? '', context), record)
      await records.patch(record.id, { repoState: 'cloned', ...found })
    })
    if (error) {
      await records.patch(record.id, { repoState: 'failed' })
      failures.push(error)
    }
  }
  for (const repo of record.furtherRepos) {
    // What ends the whole step ends it here too.
    if (failures.some(({ code }) => !isRepoProblem(code))) break
    const error = await failureOf(() => cloneFurther(services, record, repo, context))
    await keepState(services, record, repo, error)
    if (error) failures.push(error)
  }
  const worst = failures.find(({ code }) => !isRepoProblem(code)) ?? failures[0]
  // That of scripts is for the step that runs them.
  const left = (problem: WorkspaceRecord['problem']) => (problem?.code === 'POST_START_FAILED' ? problem : null)
  await records.patch(record.id, ({ problem }) => ({ problem: worst ? toProblem(worst) : left(problem) }))
  if (worst === undefined) return
  for (const other of failures) if (other !== worst) context.notice(other.message)
  throw worst
}

async function cloneFurther(services: LifecycleServices, record: WorkspaceRecord, repo: FurtherRepo, context: CloneContext): Promise<void> {
  const { branch, folder, url } = repo
  const choice = { branch, depth: record.depth, folder: null, withChanges: record.withChanges }
  await cloneRepo(repoWork(services, record, url, context), choice, furtherRepoPath(folder))
}

function keepState(
  { records }: LifecycleServices,
  { id }: WorkspaceRecord,
  { folder }: FurtherRepo,
  error: BerthError | null,
): Promise<void> {
  const state: FurtherRepoStates[string] = error ? { status: 'failed', problem: toProblem(error) } : { status: 'cloned', problem: null }
  return records.patch(id, ({ furtherRepoStates }) => ({ furtherRepoStates: { ...furtherRepoStates, [folder]: state } }))
}

async function failureOf(run: () => Promise<void>): Promise<BerthError | null> {
  try {
    await run()
    return null
  } catch (error) {
    if (isBerthError(error)) return error
    throw error
  }
}

function repoWork(services: LifecycleServices, record: WorkspaceRecord, url: string, context: CloneContext): RepoWork {
  const { engine, secrets, agents, handOvers } = services
  const { signal, progress, detail, notice } = context
  const isElsewhere = url !== record.repo && !shareCredential(record.repo ?? '', url)
  return {
    engine,
    containerId: containerIdOf(services, record),
    workspace: record.name,
    url,
    credential: isElsewhere ? null : openCredential(secrets, record.repoCredential),
    isElsewhere,
    useAgent: () => agents.use(record.id, 'workspace', handOvers.environmentOf(record)),
    signal,
    onProgress(made, line) {
      if (made) progress(made)
      detail(line)
    },
    notice,
  }
}
