import { HOME_FOLDER } from '../../shared/files/file-path'
import { assertAvailable } from '../../shared/place-capabilities'
import type { WorkspacePorts } from '../../shared/port-forward'
import type { RepositoryStatus } from '../../shared/repository-status'
import { pickGiven } from '../../shared/workspace-configuration/configuration'
import { CHANGEABLE_FIELDS } from '../../shared/workspace-configuration/fields'
import type { WorkspaceProcess } from '../../shared/workspace-process'
import type { HostMachine } from '../host/host-machine'
import { SERVICE_LOGS } from '../logs/service-logs'
import type { ForwardedAgents } from '../ports/forwarded-agents'
import type { Places } from './base/places'
import type { StartedOperation } from './base/started-operation'
import type { Copies } from './copies/copies'
import type { Devcontainers } from './devcontainer/devcontainers'
import { notRunning } from './host/host-refusals'
import { HOST_ID, hostLogs } from './host/host-services'
import type { HostCreation, HostWorkspaces } from './host/host-workspaces'
import { type CommandRunner, createCommandRunner } from './lifecycle/command-runner'
import { repositoryPaths, repositoryStatuses } from './lifecycle/repository-status'
import type { CreateOptions, Workspaces } from './workspaces'

type ByContainer = 'create' | 'start' | 'delete' | 'container' | 'watchReadiness' | 'onEngineBack' | 'close'

interface Creation extends CreateOptions {
  /** A folder of this machine instead of a container. */
  host?: HostCreation['host'] | undefined
}

/** All workspaces, in whatever place: what the doors call. What the place of a workspace cannot do is PLACE_CANNOT. */
export interface AllWorkspaces extends Omit<Workspaces, ByContainer>, CommandRunner {
  create(options: Creation): Promise<StartedOperation>
  start(options: Creation & { recreate?: boolean | undefined }): Promise<StartedOperation>
  clone(reference: string, options: { name: string; stop: boolean; start: boolean; engine?: string | undefined }): Promise<StartedOperation>
  /** The folder of a host workspace goes only if Berth made it, and only if that is asked for. */
  delete(reference: string, options?: { removeFolder: boolean }): Promise<StartedOperation>
  /** What listens in it, which is checked if necessary, and what is forwarded. */
  ports(reference: string): Promise<WorkspacePorts>
  /** What runs in it now. Throws WORKSPACE_NOT_FOUND, WORKSPACE_NOT_RUNNING, and what the engine throws. */
  processes(reference: string): Promise<WorkspaceProcess[]>
  /** What git says of its repositories now; those that are cloned. Throws WORKSPACE_NOT_FOUND, WORKSPACE_NOT_RUNNING, and what the engine throws. */
  repositories(reference: string, signal?: AbortSignal): Promise<RepositoryStatus[]>
  /** The id of one that has ports which can be forwarded. Throws WORKSPACE_NOT_FOUND, PLACE_CANNOT. */
  withForwards(reference: string): string
  /** How to reach its files and logs: null for a container that is not there. `home` is the folder that the workspace needs. */
  inside(reference: string): Inside
}

interface Inside {
  id: string
  name: string
  status: string
  busy: boolean
  home: string
  container: { containerId: string; running: boolean } | null
  /** Files with logs there. */
  logs: Partial<typeof SERVICE_LOGS>
}

interface AllWorkspacesOptions {
  containers: Workspaces
  hosts: HostWorkspaces
  copies: Pick<Copies, 'clone'>
  places: Pick<Places, 'machineOf' | 'engineOf'>
  agents: Pick<ForwardedAgents, 'use'>
  assertDevcontainer: Devcontainers['assertRunning']
  /** Of those in containers. */
  portsOf: (workspaceId: string) => Promise<WorkspacePorts>
  /** Of host workspaces. */
  machine: Pick<HostMachine, 'listenersIn' | 'processesIn' | 'exec'>
  /** Of the scripts of host workspaces. */
  logFolder: string
}

export function createAllWorkspaces({
  containers,
  hosts,
  copies,
  places,
  agents,
  assertDevcontainer,
  portsOf,
  machine,
  logFolder,
}: AllWorkspacesOptions): AllWorkspaces {
  const of = (reference: string) => (hosts.has(reference) ? hosts : containers)
  const reach: Workspaces['reach'] = (reference, start) => of(reference).reach(reference, start)

  return {
    list: () => [...containers.list(), ...hosts.list()],
    get: (reference) => of(reference).get(reference),
    create: ({ host, ...options }) => (host ? hosts.create({ ...options, host }) : containers.create(options)),
    importGithub: containers.importGithub,
    async start({ host, ...options }) {
      if (hosts.has(options.name)) return hosts.start(options.name, pickGiven(withoutTemplate(options), CHANGEABLE_FIELDS))
      return host ? hosts.create({ ...options, host }) : containers.start(options)
    },
    stop: (reference, options) => (hosts.has(reference) ? hosts.stop(reference) : containers.stop(reference, options)),
    restart: (reference) => of(reference).restart(reference),
    rerunInit: (reference) => of(reference).rerunInit(reference),
    sync: containers.sync,
    clone: (reference, options) => (hosts.has(reference) ? hosts.clone(reference, options) : copies.clone(reference, options)),
    rename: (reference, newName) => of(reference).rename(reference, newName),
    delete: (reference, options = { removeFolder: false }) =>
      hosts.has(reference) ? hosts.delete(reference, options) : containers.delete(reference),
    update: (reference, change) => of(reference).update(reference, change),
    environment: (reference, options) => of(reference).environment(reference, options),
    deletionPreview: (reference) => of(reference).deletionPreview(reference),
    setRepoCredential: containers.setRepoCredential,
    trustRepoHost: containers.trustRepoHost,
    runningContainer: containers.runningContainer,
    reach,
    ...createCommandRunner(places.machineOf, agents, reach, assertDevcontainer),
    async ports(reference) {
      const { id, running, host } = of(reference).get(reference)
      if (host === null) return portsOf(id)
      return { workspaceId: id, listeners: running ? await machine.listenersIn(id) : null, forwards: [] }
    },
    async processes(reference) {
      const { id, name, status, running, host } = of(reference).get(reference)
      if (host === null) {
        const { containerId, place } = containers.runningContainer(reference, { isUse: false })
        return places.engineOf({ place }).containers.processes(containerId)
      }
      if (!running) throw notRunning(name, status)
      return machine.processesIn(id)
    },
    async repositories(reference, signal) {
      const workspace = of(reference).get(reference)
      const paths = repositoryPaths(workspace)
      // A folder of this machine is there whether or not anything runs in it.
      if (workspace.host !== null) return repositoryStatuses(machine, HOST_ID, paths, signal)
      const { containerId, place } = containers.runningContainer(reference, { isUse: false })
      return repositoryStatuses(places.engineOf({ place }), containerId, paths, signal)
    },
    withForwards(reference) {
      const workspace = of(reference).get(reference)
      assertAvailable(workspace, 'ports')
      return workspace.id
    },
    definitions: () => [...containers.definitions(), ...hosts.definitions()],
    inside(reference) {
      const { id, name, status, operationId, host } = of(reference).get(reference)
      const workspace = { id, name, status, busy: operationId !== null }
      if (host === null) return { ...workspace, home: HOME_FOLDER, container: containers.container(id), logs: SERVICE_LOGS }
      // Its files exist whether or not anything is running in it.
      return { ...workspace, home: host.folder, container: { containerId: HOST_ID, running: true }, logs: hostLogs(logFolder, id) }
    },
  }
}

/** As an input it names the template of a new workspace; as a field it says whether the workspace is one. */
function withoutTemplate({ template: _, ...options }: CreateOptions): Omit<CreateOptions, 'template'> {
  return options
}
