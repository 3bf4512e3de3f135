import { z } from 'zod'
import { problemSchema } from '../error-definitions'
import { hostPathSchema } from '../host-path'
import { procedure } from './base'

export const engineCapabilitiesSchema = z.object({
  product: z.enum(['docker', 'podman']),
  /** It runs as an ordinary user. */
  rootless: z.boolean(),
  cgroupVersion: z.union([z.literal(1), z.literal(2)]),
  /** Its containers have control groups: they can be paused, and what they use is measured. */
  groups: z.boolean(),
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
  /** Which node of a Swarm it is. */
  swarmNodeId: z.string().nullable(),
  /** Which Swarm it manages. */
  swarmId: z.string().nullable(),
  /** The same for one engine, whatever address it is reached at. */
  daemonId: z.string(),
})
export type EngineCapabilities = z.infer<typeof engineCapabilitiesSchema>

export const engineStateSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connecting'), endpoint: z.string().nullable() }),
  z.object({
    status: z.literal('connected'),
    endpoint: z.string(),
    /** Set if someone in between can read and change all traffic: plain tcp. */
    insecure: z.literal(true).optional(),
    /** It has not answered since then; there while that is so. It may be busy. */
    quietSince: z.iso.datetime().optional(),
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
    /** What a person can do something about, such as a host that is to be trusted first. */
    problem: problemSchema.optional(),
    /** When the next try is made. */
    retryAt: z.iso.datetime().nullable(),
  }),
])
export type EngineState = z.infer<typeof engineStateSchema>

/** How the user calls an engine. */
export const engineNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/i, 'Use at most 40 letters, digits, dots, dashes and underscores, starting with a letter or a digit.')

/** An engine's name or id, as a person or script gives it. */
export const engineReferenceSchema = z
  .string()
  .max(128)
  .describe('Name or id of an engine or a Swarm. Default: the one for new workspaces.')

/** An engine that Berth uses, and how its connection is. */
export const engineViewSchema = z.object({
  id: z.string(),
  name: engineNameSchema,
  address: z
    .string()
    .nullable()
    .describe('The configured address, or “context NAME”; null for the local engine, which is found automatically.'),
  isDefault: z.boolean().describe('Whether new workspaces are created on it.'),
  state: engineStateSchema,
})
export type EngineView = z.infer<typeof engineViewSchema>

/** An engine that was found on this machine, in Docker’s contexts or among Podman’s connections. */
export const foundEngineSchema = z.object({
  source: z.enum(['context', 'environment', 'socket', 'podman']),
  name: z.string(),
  address: z.string().nullable().describe('Address in Docker’s form: unix://…, tcp://…, ssh://…; null if it could not be read.'),
  context: z.string().nullable().describe('Name of the Docker context it comes from; null for none.'),
  tlsFolder: z.string().nullable(),
  description: z.string().nullable(),
  isCurrent: z.boolean().describe('Whether the docker command would use it.'),
  problem: z.string().nullable().describe('Why it cannot be used as it is.'),
  usedAs: z.string().nullable().describe('Name of Berth’s engine at that address; null for none.'),
})
export type FoundEngine = z.infer<typeof foundEngineSchema>

export const engineAddressSchema = z
  .string()
  .max(1024)
  .regex(
    /^(unix|tcp|npipe|http|https|ssh):\/\/./,
    'Enter an address such as ssh://user@host, tcp://host:2376 or unix:///var/run/docker.sock.',
  )

/** Where an engine is said to be: an address, or a Docker context. */
const given = {
  address: engineAddressSchema.optional(),
  tlsFolder: hostPathSchema.optional().describe('Folder on this machine with ca.pem, cert.pem and key.pem, for tcp://.'),
  context: z.string().min(1).max(256).optional().describe('Name of a Docker context, instead of an address.'),
}
const oneOf = ({ address, context }: { address?: string | undefined; context?: string | undefined }) =>
  (address === undefined) !== (context === undefined)
const ONE_OF = 'Enter either an address or a context.'

const engineInput = z.object({ engine: engineReferenceSchema })

export const engines = {
  list: procedure
    .route({ method: 'GET', path: '/engines', tags: ['Engines'], summary: 'List the engines that Berth uses, the local one first' })
    .output(z.array(engineViewSchema)),
  found: procedure
    .route({
      method: 'GET',
      path: '/engines/found',
      tags: ['Engines'],
      summary: 'Find available engines: Docker contexts, DOCKER_HOST, sockets on this machine, Podman connections',
    })
    .output(z.array(foundEngineSchema)),
  add: procedure
    .route({ method: 'POST', path: '/engines', tags: ['Engines'], summary: 'Add an engine, after checking that it answers' })
    .input(z.object({ name: engineNameSchema, ...given }).refine(oneOf, ONE_OF))
    .output(engineViewSchema),
  test: procedure
    .route({ method: 'POST', path: '/engines/test', tags: ['Engines'], summary: 'Test the connection to an engine without adding it' })
    .input(z.object(given).refine(oneOf, ONE_OF))
    .output(engineStateSchema),
  get: procedure
    .route({ method: 'GET', path: '/engines/{engine}', tags: ['Engines'], summary: 'Get one engine' })
    .input(engineInput)
    .output(engineViewSchema),
  use: procedure
    .route({
      method: 'POST',
      path: '/engines/{engine}/use',
      tags: ['Engines'],
      summary: 'Create new workspaces on this engine from now on',
    })
    .input(engineInput)
    .output(engineViewSchema),
  remove: procedure
    .route({
      method: 'DELETE',
      path: '/engines/{engine}',
      tags: ['Engines'],
      summary: 'Remove an engine from Berth; refused while workspaces or snapshots are on it',
    })
    .input(engineInput)
    .output(z.object({})),
  trust: procedure
    .route({
      method: 'POST',
      path: '/engines/trust',
      tags: ['Engines'],
      summary: 'Trust the key of the ssh server at an address, identified by its fingerprint',
    })
    .input(z.object({ address: z.string().max(1024), fingerprint: z.string().max(256) }))
    .output(z.object({})),
  reconnect: procedure
    .route({
      method: 'POST',
      path: '/engines/{engine}/reconnect',
      tags: ['Engines'],
      summary: 'Connect now instead of waiting for the next attempt',
    })
    .input(engineInput)
    .output(engineViewSchema),
}
