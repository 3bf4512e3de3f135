import { z } from 'zod'
import { procedure } from './base'

export const engineCapabilitiesSchema = z.object({
  product: z.enum(['docker', 'podman']),
  /** It runs as an ordinary user. */
  rootless: z.boolean(),
  cgroupVersion: z.union([z.literal(1), z.literal(2)]),
  /** Which limits containers are held to. */
  limits: z.object({ memory: z.boolean(), cpus: z.boolean(), processes: z.boolean() }),
  /** Whether limits of a container can be changed while it is running. */
  changeLimits: z.boolean(),
  /** Whether containers of one network can be kept from reaching each other. */
  networksApart: z.boolean(),
  /** Names only: seccomp, apparmor, selinux, rootless, … */
  securityOptions: z.array(z.string()),
  storageDriver: z.string(),
  swarm: z.enum(['none', 'worker', 'manager']),
  /** The same for one engine, whatever address it is reached at. */
  daemonId: z.string(),
})
export type EngineCapabilities = z.infer<typeof engineCapabilitiesSchema>

export const engineStateSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connecting'), endpoint: z.string().nullable() }),
  z.object({
    status: z.literal('connected'),
    endpoint: z.string(),
    product: z.enum(['docker', 'podman']),
    version: z.string(),
    apiVersion: z.string(),
    operatingSystem: z.string(),
    architecture: z.string(),
    /** Logical processors and bytes of memory that the engine has. */
    cpus: z.number(),
    memoryBytes: z.number(),
    capabilities: engineCapabilitiesSchema,
  }),
  z.object({
    status: z.literal('unreachable'),
    tried: z.array(z.object({ endpoint: z.string(), reason: z.string() })),
    /** When the next try is made. */
    retryAt: z.iso.datetime().nullable(),
  }),
])
export type EngineState = z.infer<typeof engineStateSchema>

export const engine = {
  status: procedure.route({ method: 'GET', path: '/engine', tags: ['Engine'], summary: 'The Docker engine' }).output(engineStateSchema),
  reconnect: procedure
    .route({ method: 'POST', path: '/engine/reconnect', tags: ['Engine'], summary: 'Try to connect now, without waiting for the next try' })
    .output(engineStateSchema),
}
