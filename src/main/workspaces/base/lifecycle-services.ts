import type { BerthEvent } from '../../../shared/contract/events'
import type { Settings } from '../../../shared/contract/settings'
import type { ContainerFile } from '../../engine/containers'
import type { Library } from '../../library/library'
import type { ForwardedAgents } from '../../ports/forwarded-agents'
import type { PortAllocator } from '../../ports/port-allocator'
import type { Github } from '../../provisioning/github'
import type { HostLogins } from '../../provisioning/host-logins'
import type { Records, WorkspaceRecord } from '../../settings/records'
import type { SecretVault } from '../../settings/secret-vault'
import type { HandOvers } from './hand-overs'
import type { Losses } from './losses'
import type { Place, Placed, Places } from './places'
import type { PromisedVolumes } from './promised-volumes'
import type { Registry } from './registry'

/** Room that workspaces hold in a Swarm. */
export interface Reservations {
  /**
   * Before a start: lets Swarm reserve resources on its node, if Swarm placed the workspace there. Throws SWARM_NO_ROOM. If the managers
   * are unreachable, it is a notice: the workspace exists and must stay usable.
   */
  claim(record: WorkspaceRecord, imageId: string, notice: (text: string) => void): Promise<void>
}

/** What does not depend on where a workspace lives. */
interface CommonServices {
  places: Places
  /** Put on all that is made, so that it is known as this Berth's. */
  installationId: string
  /** To every open door. */
  emit: (event: BerthEvent) => void
  records: Records
  promisedVolumes: PromisedVolumes
  registry: Registry
  ports: PortAllocator
  settings: () => Settings
  secrets: SecretVault
  /** The variables of the workspace; `lost` are names of variables whose values cannot be read any more. */
  environmentOf(record: WorkspaceRecord): { variables: Record<string, string>; lost: string[] }
  /** For all workspaces; null for none, or one that cannot be read any more. */
  githubToken: () => string | null
  hostLogins: HostLogins
  github: Github
  library: Library
  handOvers: HandOvers
  agents: ForwardedAgents
  /** The home folder of the user on this machine. */
  userHome: string
  /** The content of authorized_keys as it is to be now. */
  authorizedKeys: () => Promise<string>
  /** Has the ssh host keys of a workspace that runs known to ssh. */
  pinHostKeys: (workspaceId: string, containerId: string) => Promise<void>
  /** What a container with that entrypoint is given before each start. */
  runtimeFiles: (entrypoint: readonly string[]) => Promise<ContainerFile[]>
  losses: Pick<Losses, 'ofSnapshot'>
  reservations: Reservations
  now: () => Date
}

/** What every step of a workspace's life works with, where that workspace is. */
export interface LifecycleServices extends CommonServices, Place {}

/** What operations and services are made with: they ask for the place of each workspace when it is its turn. */
export interface WorkspaceServices extends CommonServices {
  /** Throws PLACE_UNKNOWN. */
  at(placed: Placed): LifecycleServices
}

export function createWorkspaceServices(common: CommonServices): WorkspaceServices {
  return { ...common, at: (placed) => ({ ...common, ...common.places.of(placed) }) }
}
