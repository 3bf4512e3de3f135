import { z } from 'zod'
import { isBerthError } from '../../../shared/errors'
import { namedPaths } from '../../../shared/sync-report'
import { GITHUB_ORIGIN, githubFiles, loginFile } from '../../credentials/generated-files'
import { readPlan, type SyncPlan } from '../../credentials/plan'
import { NOTHING_SHARED, sourcesOf } from '../../credentials/sources'
import { syncFiles } from '../../credentials/sync-files'
import type { ContainerFile } from '../../engine/containers'
import type { OperationDefinition, StepContext } from '../../operations/operation-definition'
import { authorizedKeysFile } from '../../provisioning/authorized-keys'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerIdOf } from '../base/own-containers'
import { type WorkspaceInput, workspaceInputSchema } from '../base/workspace-input'
import { libraryCopies } from './library-copies'

const syncInputSchema = workspaceInputSchema.extend({
  /** Overwrite and remove what was changed inside. */
  force: z.boolean().default(false),
})
export type SyncInput = z.infer<typeof syncInputSchema>

type PlanServices = Pick<LifecycleServices, 'settings' | 'userHome' | 'githubToken' | 'hostLogins' | 'library'>

interface WorkspacePlan extends SyncPlan {
  /** git inside has a login for these. */
  loginOrigins: string[]
}
type SyncContext = Pick<StepContext<WorkspaceInput>, 'signal' | 'notice' | 'detail' | 'progress'>

/** Progress is told after so many files. */
const PROGRESS_STEP = 100

/** What that workspace is to have from this machine. Throws SYNC_TOO_LARGE. */
export async function syncPlanOf(services: PlanServices, record: WorkspaceRecord): Promise<WorkspacePlan> {
  const { settings, userHome } = services
  const isShared = record.credentials !== 'none'
  const { files, loginOrigins, problems } = isShared ? await sharedLogins(services) : { files: [], loginOrigins: [], problems: [] }
  const chosen = await libraryCopies(services.library, record)
  const sources = sourcesOf(isShared ? settings() : NOTHING_SHARED, record, userHome)
  const plan = await readPlan([...chosen.sources, ...sources], [...files, ...chosen.links])
  return { ...plan, loginOrigins, problems: [...new Set([...plan.problems, ...problems, ...chosen.problems])] }
}

async function sharedLogins({ settings, githubToken, hostLogins }: PlanServices) {
  const token = githubToken()
  const files = token === null ? [] : githubFiles(token)
  const loginOrigins = token === null ? [] : [GITHUB_ORIGIN]
  const problems: string[] = []
  if (token === null && settings().githubToken !== null) problems.push('The GitHub token cannot be decrypted: set it again.')
  for (const [origin, answer] of await hostLogins.all()) {
    // The token was chosen for it.
    if (loginOrigins.includes(origin)) continue
    if ('problem' in answer) {
      problems.push(`The login for ${origin}: ${answer.problem}`)
      continue
    }
    files.push(loginFile(origin, answer.login))
    loginOrigins.push(origin)
  }
  return { files, loginOrigins, problems }
}

/** Whether that container has what the plan says, as far as Berth knows: what somebody has changed inside is found by a sync. */
export function isSynced({ synced }: WorkspaceRecord, containerId: string, plan: SyncPlan): boolean {
  if (synced === undefined) return plan.entries.length === 0
  return synced.plan === plan.digest && synced.containerId === containerId
}

/** Copies whatever is missing. With nothing to copy the engine is asked nothing. A failure is told, and no reason not to use the workspace. Throws CANCELLED. */
export async function syncAfterStart(
  services: LifecycleServices,
  record: WorkspaceRecord,
  containerId: string,
  context: SyncContext,
): Promise<void> {
  try {
    const plan = await syncPlanOf(services, record)
    if (isSynced(record, containerId, plan)) return tellProblems(plan, context)
    context.detail('Copying files')
    await runSync(services, record, containerId, plan, context)
  } catch (error) {
    if (!isBerthError(error) || isBerthError(error, 'CANCELLED')) throw error
    context.notice(`Files of this machine were not copied into ${record.name}. ${error.message} ${error.data.next}`)
  }
}

/** The same by itself, on a running workspace. */
export function syncDefinition(services: LifecycleServices): OperationDefinition<SyncInput> {
  return {
    kind: 'workspace.sync',
    version: 1,
    input: syncInputSchema,
    commitStep: 'sync',
    cancellable: true,
    steps: [
      {
        name: 'sync',
        title: 'Copy files',
        followUp: true,
        async run(context) {
          const { force } = context.input
          const record = services.records.get(context.input.id)
          if (!record) return context.skip('The workspace no longer exists.')
          const keys = authorizedKeysFile(await services.authorizedKeys())
          const plan = await syncPlanOf(services, record)
          await runSync(services, record, containerIdOf(services, record), plan, context, { force, rootFiles: [keys] })
        },
      },
    ],
  }
}

async function runSync(
  services: LifecycleServices,
  { id, name }: WorkspaceRecord,
  containerId: string,
  plan: WorkspacePlan,
  context: SyncContext,
  { force, rootFiles }: { force: boolean; rootFiles: ContainerFile[] } = { force: false, rootFiles: [] },
): Promise<void> {
  const { engine, records, registry, now } = services
  const { signal, notice, progress } = context
  const onSending = (done: number, total: number) => {
    if (done % PROGRESS_STEP === 0) progress({ done, total, unit: 'steps' })
  }
  const options = { force, rootFiles, loginOrigins: plan.loginOrigins }
  const { sent, removed, conflicts, unchanged } = await syncFiles({ engine, containerId, signal, onSending }, plan, options)
  const report = {
    ...{ at: now().toISOString(), sent: namedPaths(sent), removed: namedPaths(removed), conflicts: namedPaths(conflicts) },
    ...{ unchanged, problems: plan.problems },
  }
  await records.patch(id, { synced: { ...report, plan: plan.digest, containerId } })
  registry.publish(id)
  tellProblems(plan, context)
  if (conflicts.length > 0) notice(conflictNotice(name, conflicts))
}

function tellProblems({ problems }: SyncPlan, { notice }: SyncContext): void {
  for (const problem of problems) notice(`Not copied: ${problem}`)
}

const TOLD_CONFLICTS = 5

function conflictNotice(workspace: string, conflicts: readonly string[]): string {
  const named = conflicts.slice(0, TOLD_CONFLICTS).join(', ')
  const more = conflicts.length > TOLD_CONFLICTS ? ` and ${conflicts.length - TOLD_CONFLICTS} more` : ''
  return `Changed in ${workspace} and left as they are: ${named}${more}. “berth sync ${workspace} --force” overwrites them.`
}
