import { devcontainerTarget } from '../../shared/devcontainer'
import { type ShownEnvironment, showEnvironment } from '../../shared/environment'
import { BerthError } from '../../shared/errors'
import { assertOneImage } from '../../shared/image-choice'
import { repoFolder } from '../../shared/repo-path'
import { readRepo } from '../../shared/repo-url'
import type { Workspace } from '../../shared/workspace'
import {
  type ConfigurationChange,
  type CreationConfiguration,
  changeConfiguration,
  initialConfiguration,
  pickGiven,
} from '../../shared/workspace-configuration/configuration'
import { CHANGEABLE_FIELDS, CREATION_FIELDS, type FieldName, WORKSPACE_FIELDS } from '../../shared/workspace-configuration/fields'
import { checkWorkspaceName } from '../../shared/workspace-name'
import { log } from '../log'
import type { OperationDefinition } from '../operations/operation-definition'
import type { Operations } from '../operations/operations'
import { sealedCredential } from '../provisioning/repo-credential'
import type { WorkspaceRecord } from '../settings/records'
import type { WorkspaceServices } from './base/lifecycle-services'
import type { NameReservations } from './base/name-reservations'
import { newRecord } from './base/new-record'
import { placedDefinition } from './base/placed-definition'
import type { ChosenPlace } from './base/places'
import type { ReachedWorkspace } from './base/reached-workspace'
import { hasFailed, problemToError, type StartedOperation } from './base/started-operation'
import { newWorkspaceId } from './base/workspace-id'
import { identityOf, subjectOf, type WorkspaceInput } from './base/workspace-input'
import type { Copies } from './copies/copies'
import { chooseFurtherRepos, chooseRepo, isSameRepo, withRefOf } from './lifecycle/chosen-repo'
import { hasInitScript } from './lifecycle/configured-scripts'
import { type DeletionPreview, previewDeletion } from './lifecycle/deletion-preview'
import { type GithubImport, readGithubImport } from './lifecycle/github-import'
import { rerunInitDefinition } from './lifecycle/init-script'
import { createDefinition, deleteDefinition, restartDefinition, startDefinition, stopDefinition } from './lifecycle/lifecycle'
import { createLimitChanges } from './lifecycle/limit-changes'
import { createReadinessWatches } from './lifecycle/readiness-watches'
import { renameDefinition } from './lifecycle/rename'
import { createRepoAccess, type RepoAccess } from './lifecycle/repo-access'
import { syncDefinition } from './lifecycle/sync'
import { assertInLibrary, chooseTemplate, creationFrom, type FileTemplate, plainCreation } from './templates/choose-template'

/** How exact `lastUsedAt` is: each note of it is a write to the disk. */
const LAST_USED_STEP_MS = 60_000

export interface CreateOptions extends CreationConfiguration {
  name: string
  /** Name or id of the engine or Swarm to make it on; without one, on that for new workspaces. */
  engine?: string | undefined
  constraints?: string[] | undefined
  clone?: string | undefined
  /** Repositories besides that one. */
  alsoClone?: string[] | undefined
  /** A workspace to clone, or a file of the library; other given fields override the template. */
  template?: string | undefined
}

/** What can be done with workspaces in containers. References are names or ids; all throw WORKSPACE_NOT_FOUND for one that is not there. */
export interface Workspaces extends RepoAccess {
  list(): Workspace[]
  get(reference: string): Workspace
  /** Throws NAME_INVALID, NAME_TAKEN, REPO_URL_INVALID, PORTS_EXHAUSTED, FOREIGN_RESOURCE, and what `chooseTemplate` throws, before anything is made. */
  create(options: CreateOptions): Promise<StartedOperation>
  /** The same for a repository of GitHub, which is asked first. Throws what `readGithubImport` throws, too. */
  importGithub(options: GithubImport, signal: AbortSignal): Promise<StartedOperation>
  /** Creates it when there is none of that name. `recreate` accepts the loss of what was removed outside Berth (WORKSPACE_INCOMPLETE). */
  start(options: CreateOptions & { recreate?: boolean | undefined }): Promise<StartedOperation>
  /** With `now`, what is inside is killed soon after it was asked to end; a stop that is under way, of whatever operation, is hurried. `notice` says why. */
  stop(reference: string, options?: { now: boolean; notice?: string }): Promise<StartedOperation>
  restart(reference: string): Promise<StartedOperation>
  /** Runs its init script, whether it has run or not. Throws WORKSPACE_NOT_RUNNING. */
  rerunInit(reference: string): Promise<StartedOperation>
  /** Copies what has changed on this machine; with `force` also over files that were changed inside. Throws WORKSPACE_NOT_RUNNING. */
  sync(reference: string, options: { force: boolean }): Promise<StartedOperation>
  delete(reference: string): Promise<StartedOperation>
  /** Answers when it is done. Throws NAME_INVALID, NAME_TAKEN, FOREIGN_RESOURCE. */
  rename(reference: string, newName: string): Promise<StartedOperation>
  /**
   * Throws WORKSPACE_RUNNING if a running one should become a template, WORKSPACE_BUSY if an operation blocks a change of its disk limit,
   * LIMIT_BELOW_USE for less memory than it uses, INPUT_INVALID for more processors than there are.
   */
  update(reference: string, change: ConfigurationChange): Promise<Workspace>
  /** The variables it was given; with `reveal` their values. */
  environment(reference: string, options: { reveal: boolean }): ShownEnvironment
  deletionPreview(reference: string): Promise<DeletionPreview>
  /** The container to reach into, by which the use of the workspace is noted unless `isUse` is false. Throws WORKSPACE_NOT_RUNNING. */
  runningContainer(reference: string, options?: { isUse: boolean }): ReachedWorkspace
  /** As `runningContainer`, once it is known what runs; with `start`, a workspace that does not run is started first, and waited for. */
  reach(reference: string, start: boolean): Promise<ReachedWorkspace>
  /** The container, running or not; null when there is none. */
  container(reference: string): { containerId: string; running: boolean } | null
  /** Like `ReadinessWatches.watch`, for a container that was started outside Berth. */
  watchReadiness(record: WorkspaceRecord, containerId: string): void
  /** What runs is known again: limits that are in doubt are settled. */
  onEngineBack(isThere: (workspaceId: string) => boolean): void
  /** Every definition there is, for recovery. */
  definitions(): OperationDefinition<never>[]
  close(): void
}

export function createWorkspaces(
  services: WorkspaceServices,
  operations: Operations,
  nameReservations: NameReservations,
  copies: Copies,
): Workspaces {
  const { places, records, registry, now } = services
  const definitions = {
    create: placedDefinition(services, (here) => createDefinition(here, nameReservations.onReserved)),
    start: placedDefinition(services, startDefinition),
    stop: placedDefinition(services, stopDefinition),
    restart: placedDefinition(services, restartDefinition),
    rename: placedDefinition(services, renameDefinition),
    rerunInit: placedDefinition(services, rerunInitDefinition),
    sync: placedDefinition(services, syncDefinition),
    delete: placedDefinition(services, deleteDefinition),
  }
  const limitChanges = createLimitChanges(services, operations)
  const readinessWatches = createReadinessWatches({
    engineOf: places.engineOf,
    registry,
    handOvers: services.handOvers,
    onReady(workspaceId, { nestedEngine }) {
      records.patch(workspaceId, { nestedEngine }).then(
        () => registry.publish(workspaceId),
        (error: unknown) => log.warn({ err: error, workspaceId }, 'the state of a nested engine could not be recorded'),
      )
    },
  })

  async function create(given: CreateOptions): Promise<StartedOperation> {
    checkWorkspaceName(given.name)
    assertOneImage(given)
    if (given.clone !== undefined) readRepo(given.clone)
    const template = given.template === undefined ? null : await chooseTemplate(services, given.template)
    return template?.kind === 'workspace' ? cloneTemplate(template.record, given) : createNew(given, template)
  }

  async function createNew(given: CreateOptions, from: FileTemplate | null): Promise<StartedOperation> {
    const { options, libraryTemplate, forwards } = from === null ? plainCreation(given) : creationFrom(from, given)
    const repo = options.clone === undefined ? null : readRepo(options.clone)
    await assertInLibrary(services.library, options)
    const { url, configuration } = await chooseRepo(repo, pickGiven(options, CREATION_FIELDS))
    const { furtherRepos, credential } = await chooseFurtherRepos(repo, options.alsoClone ?? [])
    const chosen = { ...initialConfiguration, ...changeConfiguration(initialConfiguration, configuration, services.secrets) }
    const id = newWorkspaceId()
    const begin = ({ place: { id: place }, placement }: ChosenPlace) =>
      nameReservations.begin(definitions.create, { id, name: options.name }, async () => {
        const record = await newRecord(services.at({ place }), {
          place,
          ...(placement ? { placement } : {}),
          id,
          name: options.name,
          ...chosen,
          ...(hasInitScript(services, chosen) ? { init: { status: 'pending' } } : {}),
          repo: url,
          repoCredential: sealedCredential(services.secrets, credential),
          repoState: repo === null ? 'none' : 'pending',
          furtherRepos,
          ...(libraryTemplate ? { libraryTemplate } : {}),
          storage: services.at({ place }).newStorage(),
        })
        return { place, id, name: record.name, record, forwards }
      })
    return nameReservations.withName(options.name, () =>
      places.choose(
        { id, name: options.name, limits: chosen.limits, engine: given.engine, constraints: given.constraints },
        async (choice) => {
          await choice.place.ready()
          return begin(choice)
        },
      ),
    )
  }

  async function cloneTemplate(template: WorkspaceRecord, options: CreateOptions): Promise<StartedOperation> {
    if (options.clone !== undefined) throw notWithTemplate(template.name, 'clone', 'repository')
    if (options.alsoClone?.length) throw notWithTemplate(template.name, 'alsoClone', 'repositories')
    await assertInLibrary(services.library, options)
    const configuration = pickGiven(options, CREATION_FIELDS)
    const [brought] = FIXED_FIELDS.filter((name) => configuration[name] !== undefined)
    if (brought) throw notWithTemplate(template.name, brought, nounOf(brought))
    const { name, engine, constraints } = options
    return copies.clone(template.id, { name, stop: false, start: true, engine, constraints, configuration })
  }

  function notOfTemplate(record: WorkspaceRecord): object {
    if (record.template) throw isTemplate(record.name)
    return {}
  }

  async function begin<Input extends WorkspaceInput>(
    definition: OperationDefinition<Input>,
    reference: string,
    read: (record: WorkspaceRecord) => Omit<Input, keyof WorkspaceInput>,
  ): Promise<StartedOperation> {
    const before = registry.find(reference)
    await places.of(before).ready()
    const { id } = before
    const view = registry.view(before)
    const operation = await operations.begin(definition, subjectOf(before), () => {
      const record = registry.find(id)
      return { ...identityOf(record), ...read(record) } as Input
    })
    const record = records.get(id)
    return { operation: operations.get(operation.id), workspace: record ? registry.view(record) : view }
  }

  function runningContainer(reference: string, { isUse } = { isUse: true }) {
    const record = registry.find(reference, 'stats')
    const container = registry.containerOf(record.id)
    if (!container?.running) {
      const { status } = registry.view(record)
      throw new BerthError('WORKSPACE_NOT_RUNNING', `${record.name} is not running (its status is ${status}).`, {
        workspace: record.name,
        status,
        next: `Start ${record.name} first.`,
      })
    }
    if (isUse) noteUse(record)
    return {
      id: record.id,
      name: record.name,
      place: record.place,
      containerId: container.containerId,
      repoPath: repoFolder(record),
      environment: services.handOvers.environmentOf(record),
      opensDevcontainer: record.devcontainerState?.isOpen === true,
      devcontainer: container.ready ? devcontainerTarget(record.devcontainerState) : null,
      ssh: record.sshPort === null ? null : { host: '127.0.0.1', port: record.sshPort },
      unavailable: {},
    }
  }

  async function reach(reference: string, start: boolean) {
    await places.of(registry.find(reference)).ready()
    if (start) await startIfStopped(reference)
    return runningContainer(reference)
  }

  async function startIfStopped(reference: string): Promise<void> {
    const record = registry.find(reference)
    const underWay = registry.view(record).operationId
    // It may already be starting, or being created.
    if (underWay !== null) await operations.whenDecidable(underWay)
    if (registry.containerOf(record.id)?.ready) return
    const { operation } = await beginStart(record.id)
    const ended = await operations.whenDecidable(operation.id)
    if (hasFailed(ended)) throw problemToError(ended)
  }

  /** Throws WORKSPACE_IS_TEMPLATE. */
  function beginStart(reference: string, remarks: string[] = [], recreate = false): Promise<StartedOperation> {
    return begin(definitions.start, reference, (record) => ({ ...notOfTemplate(record), remarks, recreate }))
  }

  /** Changes what can be changed for an existing workspace, and reports the rest. */
  async function startExisting(record: WorkspaceRecord, options: Parameters<Workspaces['start']>[0]): Promise<StartedOperation> {
    notOfTemplate(record)
    const { template: _, ...given } = options
    const change = pickGiven(given, CHANGEABLE_FIELDS)
    if (Object.keys(change).length > 0) await update(record.id, change)
    return beginStart(record.id, [...fixedAtCreation(record, options), ...keepsEngine(record, options)], options.recreate)
  }

  function keepsEngine(record: WorkspaceRecord, { engine }: CreateOptions): string[] {
    if (engine === undefined || places.isAt(record, engine)) return []
    return [`${record.name} stays on its engine ${places.of(record).name}. Use “berth move” to move it to another.`]
  }

  /** The operation whose stop was hurried; null when none is stopping it. */
  function hurryStop(reference: string): StartedOperation | null {
    const record = registry.find(reference)
    const container = registry.containerOf(record.id)
    const owner = container && services.at(record).stops.hurry(container.containerId)
    const operation = owner === null ? null : operations.activeOn(owner)
    return operation && { operation, workspace: registry.view(record) }
  }

  function noteUse(record: WorkspaceRecord): void {
    const time = now()
    if (record.lastUsedAt && time.getTime() - Date.parse(record.lastUsedAt) < LAST_USED_STEP_MS) return
    records
      .patch(record.id, { lastUsedAt: time.toISOString() })
      .then(() => registry.publish(record.id))
      .catch((error: unknown) => log.error({ err: error }, 'the time of the last use could not be recorded'))
  }

  async function update(reference: string, given: ConfigurationChange): Promise<Workspace> {
    const { id, skills, tools } = registry.find(reference)
    const { limits, ...others } = pickGiven(given, CHANGEABLE_FIELDS)
    await assertInLibrary(services.library, others, { skills, tools })
    const change = async () => {
      const record = registry.find(id)
      if (given.template === true && registry.containerOf(id)?.running) throw running(record.name)
      if (limits === undefined) await records.patch(id, (current) => changeConfiguration(current, others, services.secrets))
      else await limitChanges.change(id, limits, others)
    }
    // Operations work with these two; other fields are nothing to them.
    if (given.template === undefined && limits === undefined) await change()
    else await operations.whileIdle(id, change)
    registry.publish(id)
    await services.handOvers.bringUpToDate(id)
    return registry.view(registry.find(id))
  }

  return {
    list: registry.list,
    get: (reference) => registry.view(registry.find(reference)),
    create,
    importGithub: async (options, signal) => create(await readGithubImport(services, options, signal)),
    async start(options) {
      const existing = records.findByName(options.name) ?? records.get(options.name)
      return existing ? startExisting(existing, options) : create(options)
    },
    async stop(reference, { now, notice = null }: { now: boolean; notice?: string | null } = { now: false }) {
      const underWay = now ? hurryStop(reference) : null
      return underWay ?? begin(definitions.stop, reference, () => ({ now, notice }))
    },
    restart: async (reference) => begin(definitions.restart, reference, notOfTemplate),
    rerunInit: async (reference) =>
      begin(definitions.rerunInit, reference, ({ id, init }) => {
        runningContainer(id, { isUse: false })
        return { postStart: init !== undefined }
      }),
    sync: async (reference, { force }) =>
      begin(definitions.sync, registry.find(reference, 'sync').id, ({ id }) => {
        runningContainer(id, { isUse: false })
        return { force }
      }),
    delete: (reference) => begin(definitions.delete, reference, ({ volumes, storage }) => ({ volumes, storage })),
    async rename(reference, newName) {
      const { id } = registry.find(reference)
      const { operation: begun } = await nameReservations.withNameUntilReserved(newName, async () => {
        const { operation } = await begin(definitions.rename, id, () => ({ newName }))
        return { operation, reserved: operations.whenEnded(operation.id).then(() => undefined) }
      })
      // A few calls to the engine: the answer must tell whether the name was taken or refused.
      const operation = await operations.whenStill(begun.id)
      if (hasFailed(operation)) throw problemToError(operation)
      return { operation, workspace: registry.view(registry.find(id)) }
    },
    update,
    environment: (reference, { reveal }) => showEnvironment(registry.find(reference).env, services.secrets.open, reveal),
    deletionPreview: (reference) => {
      const record = registry.find(reference)
      return previewDeletion(places.engineOf(record), record, registry.containerOf(record.id))
    },
    ...createRepoAccess(services, runningContainer),
    runningContainer,
    reach,
    container: (reference) => registry.containerOf(registry.find(reference).id),
    watchReadiness: readinessWatches.watch,
    definitions: () => Object.values(definitions) as unknown as OperationDefinition<never>[],
    onEngineBack: limitChanges.onEngineBack,
    close() {
      readinessWatches.close()
      limitChanges.close()
    },
  }
}

/** A workspace keeps these from its creation on. */
const FIXED_FIELDS = CREATION_FIELDS.filter((name) => WORKSPACE_FIELDS[name].set.later === 'never')

const nounOf = (name: FieldName) => WORKSPACE_FIELDS[name].title.toLowerCase()

/** Messages about requested fields that can only be set at creation; none for those that already have the value. */
function fixedAtCreation(record: WorkspaceRecord, options: CreateOptions): string[] {
  const { clone, template } = options
  const repo = clone === undefined ? null : readRepo(clone)
  const asked = withRefOf(options, repo)
  const named = FIXED_FIELDS.filter((name) => WORKSPACE_FIELDS[name].kind !== 'flag')
  const remarks = named
    .filter((name) => asked[name] !== undefined && asked[name] !== record[name])
    .map(
      (name) =>
        `${record.name} keeps its ${nounOf(name)}${record[name] === null ? '' : ` ${record[name]}`}, which can only be set at creation.`,
    )
  if (repo !== null && !isSameRepo(repo.url, record.repo))
    remarks.push(
      `${record.name} ${record.repo === null ? 'still has no repository' : 'keeps its repository'}: a repository can only be set at creation.`,
    )
  const further = (options.alsoClone ?? []).map((text) => readRepo(text).url)
  if (further.some((url) => !record.furtherRepos.some((kept) => isSameRepo(url, kept.url))))
    remarks.push(`${record.name} keeps its further repositories, which can only be set at creation.`)
  if (options.initScript && options.initScript !== record.initScript && record.init === undefined)
    remarks.push(
      `The init script of ${record.name} was saved but not run, since it only runs at the first start. “berth rerun-init ${record.name}” runs it.`,
    )
  if (template !== undefined) remarks.push(`${record.name} already exists, so the template ${template} was not used.`)
  return remarks
}

function isTemplate(workspace: string): BerthError {
  return new BerthError('WORKSPACE_IS_TEMPLATE', `${workspace} is a template, so it cannot be started.`, {
    workspace,
    next: `Create a workspace from it, or turn it back into a workspace first.`,
  })
}

function notWithTemplate(template: string, field: string, noun: string): BerthError {
  const message = `The template ${template} already sets the ${noun}.`
  return new BerthError('INPUT_INVALID', message, { issues: [{ path: field, message }], next: `Leave out ${field}, or the template.` })
}

function running(workspace: string): BerthError {
  return new BerthError('WORKSPACE_RUNNING', `${workspace} is running, but a template must be stopped.`, {
    workspace,
    next: `Stop ${workspace} first.`,
  })
}
