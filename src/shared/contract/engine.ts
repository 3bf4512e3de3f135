import { z } from 'zod'
import { problemSchema } from '../errors'
import { procedure } from './base'

export const engineStateSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connecting'), endpoint: z.string().nullable() }),
  z.object({
    status: z.literal('connected'),
    endpoint: z.string(),
    /** There when whoever is in between can read and change all that is said: plain tcp, or TLS without a look at the certificate. */
    insecure: z.literal(true).optional(),
    product: z.enum(['docker', 'podman']),
    version: z.string(),
    apiVersion: z.string(),
    operatingSystem: z.string(),
    architecture: z.string(),
    /** Logical processors and bytes of memory that the engine has. */
    cpus: z.number(),
    memoryBytes: z.number(),
  }),
  z.object({
    status: z.literal('unreachable'),
    tried: z.array(z.object({ endpoint: z.string(), reason: z.string() })),
    /** What a person can do something about, such as a host that is to be trusted first. */
    problem: problemSchema.optional(),
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
