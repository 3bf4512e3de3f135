import { z } from 'zod'
import { problemSchema } from '../error-definitions'
import { hostPathSchema } from '../host-path'
import { procedure } from './base'
import { engineNameSchema, engineReferenceSchema } from './engines'

/** A node of a Swarm, and how Berth reaches its engine. */
export const swarmNodeViewSchema = z.object({
  id: z.string(),
  hostname: z.string(),
  address: z.string().describe('Where the managers reach it; empty when they do not say.'),
  state: z.enum(['ready', 'down', 'disconnected', 'unknown']),
  availability: z.enum(['active', 'pause', 'drain']),
  role: z.enum(['worker', 'manager']),
  labels: z.record(z.string(), z.string()),
  cpus: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  engine: z
    .string()
    .nullable()
    .describe('Name of the engine that Berth uses for it; null for a node that gets no workspaces, since Berth does not reach it.'),
  problem: problemSchema.nullable().describe('Why its engine could not be reached at the address that was given for it.'),
  workspaces: z.array(z.string()).describe('Names of workspaces that live on it and were given it by Swarm.'),
})
export type SwarmNodeView = z.infer<typeof swarmNodeViewSchema>

const address = z
  .string()
  .max(1024)
  .describe('Address of an engine, or `context:NAME`; `{hostname}`, `{address}` and `{id}` stand for the node’s.')

/** A Swarm that Berth uses: Swarm gives workspaces their nodes. */
export const swarmViewSchema = z.object({
  id: z.string(),
  name: engineNameSchema,
  isDefault: z.boolean().describe('New workspaces are placed by it.'),
  manager: z
    .string()
    .nullable()
    .describe('Name of the engine that answers for it now; null while no manager does, and its nodes are as they were.'),
  rule: z.string().nullable().describe('Where the engines of its nodes are.'),
  tlsFolder: z.string().nullable(),
  addresses: z.record(z.string(), z.string()).describe('Where those of single nodes are, by hostname or id.'),
  movesOnDrain: z.boolean().describe('Workspaces leave a node that is drained by themselves.'),
  nodes: z.array(swarmNodeViewSchema),
  lacks: z.array(z.string()).describe('What the tasks of this version of Swarm cannot be given and a workspace needs, in words.'),
  unmoved: z
    .array(z.object({ workspace: z.string(), problem: problemSchema }))
    .describe('Workspaces that could not leave a node that is drained, and why.'),
})
export type SwarmView = z.infer<typeof swarmViewSchema>

const reference = z.object({ swarm: z.string().max(128).describe('Name or id of the Swarm.') })

const reach = {
  rule: address.nullable().optional(),
  tlsFolder: hostPathSchema.nullable().optional().describe('A folder of this machine with ca.pem, cert.pem and key.pem, for tcp://.'),
  addresses: z.record(z.string().max(256), address).optional(),
  movesOnDrain: z.boolean().optional(),
}

export const swarms = {
  list: procedure
    .route({ method: 'GET', path: '/swarms', tags: ['Swarms'], summary: 'The Swarms that Berth uses, and their nodes' })
    .output(z.array(swarmViewSchema)),
  get: procedure
    .route({ method: 'GET', path: '/swarms/{swarm}', tags: ['Swarms'], summary: 'One Swarm' })
    .input(reference)
    .output(swarmViewSchema),
  add: procedure
    .route({ method: 'POST', path: '/swarms', tags: ['Swarms'], summary: 'Have a Swarm choose nodes for workspaces' })
    .input(
      z.object({
        name: engineNameSchema.describe('What to call it. Workspaces are made on it by that name, like on an engine.'),
        engine: engineReferenceSchema.optional().describe('An engine that is a manager of it.'),
        ...reach,
      }),
    )
    .output(swarmViewSchema),
  update: procedure
    .route({
      method: 'PATCH',
      path: '/swarms/{swarm}',
      tags: ['Swarms'],
      summary: 'Where its nodes are reached, and what happens on drain',
    })
    .input(reference.extend(reach))
    .output(swarmViewSchema),
  use: procedure
    .route({ method: 'POST', path: '/swarms/{swarm}/use', tags: ['Swarms'], summary: 'Have new workspaces placed by it from now on' })
    .input(reference)
    .output(swarmViewSchema),
  remove: procedure
    .route({
      method: 'DELETE',
      path: '/swarms/{swarm}',
      tags: ['Swarms'],
      summary: 'Do not use it any more; refused while workspaces were placed by it',
    })
    .input(reference)
    .output(z.object({})),
}
