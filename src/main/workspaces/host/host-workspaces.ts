import { join } from 'node:path'
import { Mutex } from 'async-mutex'
import { type ShownEnvironment, showEnvironment } from '../../../shared/environment'
import { BerthError } from '../../../shared/errors'
import { expandHome } from '../../../shared/host-path'
import { UNAVAILABLE_ON_HOST } from '../../../shared/place-capabilities'
import { readRepo } from '../../../shared/repo-url'
import type { Workspace } from '../../../shared/workspace'
import {
  type ConfigurationChange,
  type CreationConfiguration,
  changeConfiguration,
  clonedConfiguration,
  initialConfiguration,
  pickGiven,
} from '../../../shared/workspace-configuration/configuration'
import { CHANGEABLE_FIELDS, CONTAINER_FIELDS, CREATION_FIELDS } from '../../../shared/workspace-configuration/fields'
import { checkWorkspaceName } from '../../../shared/workspace-name'
import { log } from '../../log'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import { HOST_PLACE, type HostRecord } from '../../settings/records'
import type { NameReservations } from '../base/name-reservations'
import type { ReachedWorkspace } from '../base/reached-workspace'
import { hasFailed, problemToError, type StartedOperation } from '../base/started-operation'
import { newWorkspaceId } from '../base/workspace-id'
import { subjectOf } from '../base/workspace-input'
import { chooseRepo } from '../lifecycle/chosen-repo'
import { countInRepos, type DeletionPreview } from '../lifecycle/deletion-preview'
import { existingFolder, newFolder, unusable } from './host-folders'
import { broughtProblems, type HostDefinitions, hostDefinitions } from './host-operations'
import { assertSupported, credentialRefused, needsContainer, notRunning, unconfirmed } from './host-refusals'
import { HOST_ID, type HostServices, hostCwd } from './host-services'

const DEFAULT_FOLDER = '~/Berth'
/** How exact `lastUsedAt` is: each note of it is a write to the disk. */
const LAST_USED_STEP_MS = 60_000

export interface HostCreation extends Omit<CreationConfiguration, 'template'> {
  name: string
  clone?: string | undefined
  /** Refused: these need a container. */
  alsoClone?: string[] | undefined
  template?: string | undefined
  host: {
    /** A folder that is there, or is to be made; left out: one of its name in the folder of the settings. */
    folder?: string | undefined
    /** Whoever asks knows that it is not isolated. */
    confirmed?: boolean | undefined
  }
}

/** Workspaces that are folders of this machine. References are names or ids; all but `has` throw WORKSPACE_NOT_FOUND for one that is none. */
export interface HostWorkspaces {
  has(reference: string): boolean
  list(): Workspace[]
  get(reference: string): Workspace
  /** Throws HOST_UNCONFIRMED the first time, NAME_INVALID, NAME_TAKEN, HOST_FOLDER_UNUSABLE, PLACE_CANNOT for what needs a container. */
  create(options: HostCreation): Promise<StartedOperation>
  start(reference: string, change?: ConfigurationChange): Promise<StartedOperation>
  stop(reference: string): Promise<StartedOperation>
  restart(reference: string): Promise<StartedOperation>
  rerunInit(reference: string): Promise<StartedOperation>
  /** Copies its folder. */
  clone(reference: string, options: { name: string; start: boolean }): Promise<StartedOperation>
  rename(reference: string, newName: string): Promise<StartedOperation>
  /** The folder goes only if Berth made it, and only if that is asked for. */
  delete(reference: string, options: { removeFolder: boolean }): Promise<StartedOperation>
  update(reference: string, change: ConfigurationChange): Promise<Workspace>
  environment(reference: string, options: { reveal: boolean }): ShownEnvironment
  deletionPreview(reference: string): Promise<DeletionPreview>
  /** Throws WORKSPACE_NOT_RUNNING unless it is running, or is to be started. */
  reach(reference: string, start: boolean): Promise<ReachedWorkspace>
  /** The same for one that runs. */
  running(reference: string, options?: { isUse: boolean }): ReachedWorkspace
  /** Brings what has changed in the library to those that run and use it. */
  onLibrary(): void
  /** Those in which something runs that was started by a former Berth are running. To be called once, at the beginning. */
  findRunning(): Promise<void>
  definitions(): OperationDefinition<never>[]
}

interface HostWorkspacesOptions extends HostServices {
  /** As `assertInLibrary`. */
  assertInLibrary(given: ConfigurationChange, before?: HostRecord): Promise<void>
  operations: Operations
  nameReservations: NameReservations
  /** Notes that host workspaces are wanted. */
  allow(): void
  platform: NodeJS.Platform
}

export function createHostWorkspaces(options: HostWorkspacesOptions): HostWorkspaces {
  const { hosts, views, operations, nameReservations, settings, secrets, userHome, now } = options
  const definitions: HostDefinitions = hostDefinitions(options, nameReservations.onReserved)
  const bringing = new Mutex()
  const lookUp = (reference: string) => hosts.findByName(reference) ?? hosts.get(reference)

  function find(reference: string): HostRecord {
    const record = lookUp(reference)
    if (record) return record
    throw new BerthError('WORKSPACE_NOT_FOUND', `There is no workspace “${reference}”.`, {
      workspace: reference,
      next: 'Check the name in the list of workspaces.',
    })
  }

  async function begin<Input extends { id: string; name: string }>(
    definition: OperationDefinition<Input>,
    reference: string,
    more: (record: HostRecord) => Omit<Input, 'id' | 'name'>,
  ): Promise<StartedOperation> {
    const before = find(reference)
    const operation = await operations.begin(definition, subjectOf(before), () => {
      const record = find(before.id)
      return { id: record.id, name: record.name, ...more(record) } as Input
    })
    const record = hosts.get(before.id)
    return { operation: operations.get(operation.id), workspace: views.view(record ?? before) }
  }

  function confirm({ folder, confirmed }: HostCreation['host']): void {
    if (settings().hostWorkspaces) return
    if (!confirmed) throw unconfirmed(folder ?? null)
    options.allow()
  }

  async function folderFor(name: string, given: string | undefined): Promise<{ folder: string; makesFolder: boolean }> {
    if (given === undefined) {
      const base = expandHome(settings().hostFolder ?? DEFAULT_FOLDER, userHome)
      return { folder: await newFolder(join(base, name)), makesFolder: true }
    }
    const path = expandHome(given, userHome)
    if (!path.startsWith('/')) throw unusable(given, 'it is not an absolute path')
    try {
      return { folder: await existingFolder(path, hosts), makesFolder: false }
    } catch (error) {
      if (!(error instanceof BerthError) || error.data.reason !== 'it does not exist') throw error
      return { folder: await newFolder(path), makesFolder: true }
    }
  }

  async function create(given: HostCreation): Promise<StartedOperation> {
    checkWorkspaceName(given.name)
    assertSupported(options.platform, given.name)
    for (const field of CONTAINER_FIELDS) if (given[field as keyof HostCreation] !== undefined) throw needsContainer(given.name, field)
    if (given.alsoClone?.length) throw needsContainer(given.name, 'furtherRepos')
    if (given.template !== undefined) throw needsContainer(given.name, 'template')
    const repo = given.clone === undefined ? null : readRepo(given.clone)
    if (repo?.credential) throw credentialRefused()
    const { url, configuration } = await chooseRepo(repo, pickGiven(given, CREATION_FIELDS))
    await options.assertInLibrary(configuration)
    confirm(given.host)
    return nameReservations.withName(given.name, async () => {
      const id = newWorkspaceId()
      return nameReservations.begin(definitions.create, { id, name: given.name }, async () => {
        const { folder, makesFolder } = await folderFor(given.name, given.host.folder)
        const chosen = { ...initialConfiguration, ...changeConfiguration(initialConfiguration, configuration, secrets) }
        const record = {
          ...newHostRecord(id, given.name, folder),
          ...chosen,
          repo: url,
          repoState: url === null ? 'none' : 'pending',
        } as HostRecord
        if (record.initScript !== null) record.init = { status: 'pending' }
        return { id, name: given.name, record, makesFolder }
      })
    })
  }

  function newHostRecord(id: string, name: string, hostFolder: string) {
    const times = { createdAt: now().toISOString(), startedAt: null, lastUsedAt: null }
    return { id, place: HOST_PLACE, name, hostFolder, created: null, problem: null, ...times } as const
  }

  async function clone(reference: string, { name, start }: { name: string; start: boolean }): Promise<StartedOperation> {
    const source = find(reference)
    checkWorkspaceName(name)
    return nameReservations.withName(name, async () => {
      const id = newWorkspaceId()
      const involves = [{ workspaceId: source.id, exclusive: false }]
      return nameReservations.begin(definitions.clone, { id, name, involves }, async () => {
        const original = find(source.id)
        const folder = await newFolder(join(expandHome(settings().hostFolder ?? DEFAULT_FOLDER, userHome), name))
        const { repoState, init } = original
        const record = { ...newHostRecord(id, name, folder), ...clonedConfiguration(original), repoState, ...(init ? { init } : {}) }
        return { id, name, record, sourceFolder: original.hostFolder, startClone: start }
      })
    })
  }

  function noteUse(record: HostRecord): void {
    const time = now()
    if (record.lastUsedAt && time.getTime() - Date.parse(record.lastUsedAt) < LAST_USED_STEP_MS) return
    hosts
      .patch(record.id, { lastUsedAt: time.toISOString() })
      .then(() => views.publish(record.id))
      .catch((error: unknown) => log.error({ err: error }, 'the time of the last use could not be recorded'))
  }

  function running(reference: string, { isUse } = { isUse: true }): ReachedWorkspace {
    const record = find(reference)
    if (!views.isRunning(record.id)) throw notRunning(record.name, views.view(record).status)
    if (isUse) noteUse(record)
    return {
      ...{ id: record.id, name: record.name, place: HOST_PLACE, containerId: HOST_ID, repoPath: hostCwd(record) },
      ...{
        environment: options.environmentOf(record),
        ssh: null,
        devcontainer: null,
        opensDevcontainer: false,
        unavailable: UNAVAILABLE_ON_HOST,
      },
    }
  }

  async function startIfStopped({ id }: HostRecord): Promise<void> {
    const underWay = operations.activeOn(id)
    if (underWay !== null) await operations.whenDecidable(underWay.id)
    if (views.isRunning(id)) return
    const { operation } = await begin(definitions.start, id, () => ({}))
    const ended = await operations.whenDecidable(operation.id)
    if (hasFailed(ended)) throw problemToError(ended)
  }

  async function update(reference: string, given: ConfigurationChange): Promise<Workspace> {
    const { id, name } = find(reference)
    for (const field of CONTAINER_FIELDS)
      if (field in given && given[field as keyof ConfigurationChange] !== undefined) throw needsContainer(name, field)
    const change = pickGiven(given, CHANGEABLE_FIELDS)
    await options.assertInLibrary(change, find(id))
    await hosts.patch(id, (current) => changeConfiguration(current, change, secrets))
    views.publish(id)
    if (change.skills !== undefined || change.tools !== undefined) await bring(id)
    return views.view(find(id))
  }

  /** One after the other, so that what is newer comes last. */
  function bring(id: string): Promise<void> {
    return bringing.runExclusive(async () => {
      const record = hosts.get(id)
      if (!record || !views.isRunning(id)) return
      for (const problem of await broughtProblems(options, record)) log.warn({ workspace: record.name }, problem)
    })
  }

  return {
    has: (reference) => lookUp(reference) !== null,
    list: views.list,
    get: (reference) => views.view(find(reference)),
    create,
    async start(reference, change = {}) {
      if (Object.keys(change).length > 0) await update(reference, change)
      return begin(definitions.start, reference, () => ({}))
    },
    stop: (reference) => begin(definitions.stop, reference, () => ({})),
    restart: (reference) => begin(definitions.restart, reference, () => ({})),
    rerunInit: (reference) =>
      begin(definitions.rerunInit, reference, ({ id, init }) => {
        running(id, { isUse: false })
        return { place: HOST_PLACE, postStart: init !== undefined }
      }),
    clone,
    async rename(reference, newName) {
      const { id } = find(reference)
      const { operation: begun } = await nameReservations.withNameUntilReserved(newName, async () => {
        const { operation } = await begin(definitions.rename, id, () => ({ newName }))
        return { operation, reserved: operations.whenEnded(operation.id).then(() => undefined) }
      })
      const operation = await operations.whenStill(begun.id)
      if (hasFailed(operation)) throw problemToError(operation)
      return { operation, workspace: views.view(find(id)) }
    },
    delete: (reference, { removeFolder }) => begin(definitions.delete, reference, () => ({ removesFolder: removeFolder })),
    update,
    environment: (reference, { reveal }) => showEnvironment(find(reference).env, secrets.open, reveal),
    async deletionPreview(reference) {
      const record = find(reference)
      const paths = record.repoState === 'cloned' ? [`${record.hostFolder}/repo`] : []
      return {
        volumes: [],
        folder: { path: record.hostFolder, created: record.created !== null },
        ...(await countInRepos(options.machine, HOST_ID, paths)),
      }
    },
    async reach(reference, start) {
      if (start) await startIfStopped(find(reference))
      return running(reference)
    },
    running,
    onLibrary() {
      for (const { id, skills, tools } of hosts.list()) if (skills.length + tools.length > 0) void bring(id)
    },
    async findRunning() {
      const ids = hosts.list().map(({ id }) => id)
      if (ids.length === 0 || options.platform !== 'linux') return
      for (const id of await options.machine.withProcesses(ids)) views.markRunning(id)
    },
    definitions: () => Object.values(definitions) as unknown as OperationDefinition<never>[],
  }
}
