import { randomBytes } from 'node:crypto'
import type { ReservationSpec, SwarmService } from '../../engine/swarm'
import type { WorkspaceRecord } from '../../settings/records'
import { LABEL_ID, LABEL_OWNER, LABEL_ROLE } from '../../storage/drivers/storage-context'
import { LABEL_NAME } from '../base/workspace-resources'

/**
 * What a workspace holds in a Swarm: a service with one replica, which has Swarm choose a node with room and keep that room. It is pinned to the node
 * that has the workspace's volumes. The workspace's container is made beside its task, by the node's engine: see `swarm-lacks.ts`.
 */

/** Of the service; its name cannot be changed, and stays when the workspace is renamed. */
const ROLE = 'reservation'
/** The node that it is pinned to. */
const LABEL_NODE = 'dev.berth.node'
/** On the container of its task. */
const LABEL_RESERVED_FOR = 'dev.berth.reserved-for'

/** While its node has no image of the workspace yet. Swarm tries again every second, and holds the room meanwhile. */
export const NO_IMAGE_YET = `sha256:${'0'.repeat(64)}`

/** As Swarm has it: letters, digits, dashes. */
const NAME_LENGTH = 63

type Reserved = Pick<WorkspaceRecord, 'id' | 'name'> & { limits: { memoryBytes: number | null; cpus: number | null } }

/** Which services of an owner are reservations. */
export const ownReservations = (owner: string) => `${LABEL_OWNER}=${owner}`

export const workspaceOf = ({ labels }: Pick<SwarmService, 'labels'>): string | null =>
  labels[LABEL_ROLE] === ROLE ? (labels[LABEL_ID] ?? null) : null

/** null for one that Swarm has not chosen a node for. */
export const nodeOf = ({ labels }: Pick<SwarmService, 'labels'>): string | null => labels[LABEL_NODE] ?? null

/** The reservation of a workspace on that node; there can be another while it moves. */
export function reservationOn(node: string, { id }: Pick<WorkspaceRecord, 'id'>, services: SwarmService[]): SwarmService | undefined {
  return services.find((service) => workspaceOf(service) === id && nodeOf(service) === node)
}

/** A reservation for which Swarm chooses a node. It asks for the workspace's limits, if there are any. */
export function unplaced(reserved: Reserved, owner: string, constraints: string[]): ReservationSpec {
  return {
    name: serviceName(reserved),
    labels: { [LABEL_ID]: reserved.id, [LABEL_OWNER]: owner, [LABEL_NAME]: reserved.name, [LABEL_ROLE]: ROLE },
    containerLabels: { [LABEL_RESERVED_FOR]: reserved.id },
    image: NO_IMAGE_YET,
    constraints,
    memoryBytes: reserved.limits.memoryBytes,
    cpus: reserved.limits.cpus,
    isHeld: true,
  }
}

/** The same, on that node. */
export function pinned(
  reserved: Reserved,
  owner: string,
  node: string,
  { image, isHeld }: Pick<ReservationSpec, 'image' | 'isHeld'>,
): ReservationSpec {
  const spec = unplaced(reserved, owner, [`node.id==${node}`])
  return { ...spec, labels: { ...spec.labels, [LABEL_NODE]: node }, image, isHeld }
}

/** Whether the service is as described, but for its name. */
export function isAs(service: SwarmService, spec: ReservationSpec): boolean {
  const what = ({ labels, image, constraints, memoryBytes, cpus, isHeld }: SwarmService | ReservationSpec) =>
    JSON.stringify([Object.entries(labels).toSorted(), image, constraints, memoryBytes, cpus, isHeld])
  return what(service) === what(spec)
}

/** A workspace that moves has two for a while. */
function serviceName({ name }: Reserved): string {
  const suffix = randomBytes(3).toString('hex')
  return `${`workspace-${name}`.slice(0, NAME_LENGTH - suffix.length - 1)}-${suffix}`
}
