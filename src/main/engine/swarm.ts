import type Docker from 'dockerode'
import { z } from 'zod'
import { type EngineConnection, request } from './connection'
import { ignoreStatus } from './engine-errors'

/** A node, as the managers know it. */
export interface SwarmNode {
  id: string
  hostname: string
  /** Where managers reach it; empty when they have never heard of it. */
  address: string
  state: 'ready' | 'down' | 'disconnected' | 'unknown'
  availability: 'active' | 'pause' | 'drain'
  role: 'worker' | 'manager'
  labels: Record<string, string>
  /** null while nothing is known of it. */
  cpus: number | null
  memoryBytes: number | null
}

/** A service with at most one task, which runs nothing but a wait: what it holds is room on its node. */
export interface ReservationSpec {
  name: string
  labels: Record<string, string>
  /** Of the container of its task. Those of a workspace would have it taken for that. */
  containerLabels: Record<string, string>
  /** “sha256:…” of an image on its node: with another name, Swarm would ask a registry first. */
  image: string
  /** As in `docker service create --constraint`. */
  constraints: string[]
  /** Swarm gives it a node that has so much left; null for none. */
  memoryBytes: number | null
  cpus: number | null
  /** Whether it holds room now. */
  isHeld: boolean
}

export interface SwarmService {
  id: string
  name: string
  labels: Record<string, string>
  image: string
  constraints: string[]
  memoryBytes: number | null
  cpus: number | null
  isHeld: boolean
}

export interface SwarmTask {
  /** null until Swarm has chosen one. */
  nodeId: string | null
  /** As Swarm names it: new, pending, assigned, accepted, preparing, starting, running, complete, failed, shutdown, rejected, … */
  state: string
  desiredState: string
  /** Why it does not run, in Swarm's words. */
  error: string | null
  createdAt: number
}

/** The Swarm that an engine is a manager of. Throws ENGINE_REFUSED (503) where it is none, and ENGINE_UNREACHABLE. */
export interface Swarm {
  nodes(): Promise<SwarmNode[]>
  /** With that label, “key=value”. */
  services(label: string): Promise<SwarmService[]>
  createService(spec: ReservationSpec): Promise<string>
  /** All of it but the name, which Swarm does not change. Throws ENGINE_REFUSED (404) when it is gone. */
  updateService(id: string, spec: ReservationSpec): Promise<void>
  /** It being gone already is fine. */
  removeService(id: string): Promise<void>
  /** Of one service, the newest first. */
  tasks(serviceId: string): Promise<SwarmTask[]>
}

/** Enough for `sleep`. */
const TASK_MEMORY_BYTES = 16 * 1024 ** 2
const NANO = 1e9
const SECOND_NS = 1e9

const nodeSchema = z.object({
  ID: z.string(),
  Spec: z.object({
    Role: z.enum(['worker', 'manager']),
    Availability: z.enum(['active', 'pause', 'drain']),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  Description: z
    .object({
      Hostname: z.string().nullish(),
      Resources: z.object({ NanoCPUs: z.number().nullish(), MemoryBytes: z.number().nullish() }).nullish(),
    })
    .nullish(),
  Status: z.object({ State: z.enum(['ready', 'down', 'disconnected', 'unknown']).catch('unknown'), Addr: z.string().nullish() }),
})

const serviceSchema = z.object({
  ID: z.string(),
  Spec: z.object({
    Name: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    TaskTemplate: z.object({
      ContainerSpec: z.object({ Image: z.string() }),
      Resources: z
        .object({ Reservations: z.object({ NanoCPUs: z.number().nullish(), MemoryBytes: z.number().nullish() }).nullish() })
        .nullish(),
      Placement: z.object({ Constraints: z.array(z.string()).nullish() }).nullish(),
    }),
    Mode: z.object({ Replicated: z.object({ Replicas: z.number() }).nullish() }),
  }),
})

const taskSchema = z.object({
  CreatedAt: z.string(),
  NodeID: z.string().nullish(),
  DesiredState: z.string(),
  Status: z.object({ State: z.string(), Err: z.string().nullish() }),
})

export function createSwarm(connection: EngineConnection): Swarm {
  return {
    nodes: () =>
      request(connection, 'list the nodes of the Swarm', async (docker) =>
        z
          .array(nodeSchema)
          .parse(await docker.listNodes())
          .map(toNode),
      ),
    services: (label) =>
      request(connection, 'list services', async (docker) => {
        const found = await docker.listServices({ filters: { label: [label] } })
        return z.array(serviceSchema).parse(found).map(toService)
      }),
    createService: (spec) =>
      request(connection, `create the service ${spec.name}`, async (docker) => {
        const { id }: { id: string } = await docker.createService(serviceOptions(spec))
        return id
      }),
    updateService: (id, spec) =>
      request(connection, `change the service ${spec.name}`, async (docker) => {
        const service = docker.getService(id)
        const { Version: version, Spec: now } = z
          .object({ Version: z.object({ Index: z.number() }), Spec: z.object({ Name: z.string() }) })
          .parse(await service.inspect())
        await service.update({ version: version.Index, ...serviceOptions(spec), Name: now.Name })
      }),
    removeService: (id) => request(connection, 'remove a service', (docker) => ignoreStatus(404, docker.getService(id).remove())),
    tasks: (serviceId) =>
      request(connection, 'list the tasks of a service', async (docker) => {
        const found = await docker.listTasks({ filters: { service: [serviceId] } })
        return z
          .array(taskSchema)
          .parse(found)
          .map(toTask)
          .toSorted((one, other) => other.createdAt - one.createdAt)
      }),
  }
}

/** Least privilege: it runs beside the workspace, and nobody talks to it. */
function serviceOptions(spec: ReservationSpec): Docker.CreateServiceOptions {
  return {
    Name: spec.name,
    Labels: spec.labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: spec.image,
        Labels: spec.containerLabels,
        Command: ['sleep', 'infinity'],
        Init: true,
        User: 'nobody',
        ReadOnly: true,
        CapabilityDrop: ['ALL'],
        StopGracePeriod: SECOND_NS,
      },
      Resources: {
        Limits: { MemoryBytes: TASK_MEMORY_BYTES },
        Reservations: {
          ...(spec.memoryBytes === null ? {} : { MemoryBytes: spec.memoryBytes }),
          ...(spec.cpus === null ? {} : { NanoCPUs: Math.round(spec.cpus * NANO) }),
        },
      },
      RestartPolicy: { Condition: 'any', Delay: SECOND_NS },
      Placement: { Constraints: spec.constraints },
      LogDriver: { Name: 'none' },
    },
    Mode: { Replicated: { Replicas: spec.isHeld ? 1 : 0 } },
    // A task that fails while its image is on its way is no reason to leave the change half done.
    UpdateConfig: { Parallelism: 1, FailureAction: 'continue' },
  } as Docker.CreateServiceOptions
}

function toNode({ ID: id, Spec: spec, Description: description, Status: status }: z.infer<typeof nodeSchema>): SwarmNode {
  const { NanoCPUs: nano, MemoryBytes: memoryBytes } = description?.Resources ?? {}
  return {
    id,
    hostname: description?.Hostname ?? '',
    address: status.Addr ?? '',
    state: status.State,
    availability: spec.Availability,
    role: spec.Role,
    labels: spec.Labels ?? {},
    cpus: nano ? nano / NANO : null,
    memoryBytes: memoryBytes ?? null,
  }
}

function toService({ ID: id, Spec: spec }: z.infer<typeof serviceSchema>): SwarmService {
  const { NanoCPUs: nano, MemoryBytes: memoryBytes } = spec.TaskTemplate.Resources?.Reservations ?? {}
  return {
    id,
    name: spec.Name,
    labels: spec.Labels ?? {},
    image: spec.TaskTemplate.ContainerSpec.Image,
    constraints: spec.TaskTemplate.Placement?.Constraints ?? [],
    memoryBytes: memoryBytes || null,
    cpus: nano ? nano / NANO : null,
    isHeld: (spec.Mode.Replicated?.Replicas ?? 0) > 0,
  }
}

function toTask({ CreatedAt, NodeID, DesiredState, Status }: z.infer<typeof taskSchema>): SwarmTask {
  return {
    nodeId: NodeID || null,
    state: Status.State,
    desiredState: DesiredState,
    error: Status.Err || null,
    createdAt: Date.parse(CreatedAt),
  }
}
