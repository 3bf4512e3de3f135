import { z } from 'zod'
import { problemSchema } from '../error-definitions'
import { hostPathSchema } from '../host-path'
import { procedure } from './base'
import { engineNameSchema, engineReferenceSchema } from './engines'

/** A node of a Swarm, and how Berth reaches its engine. */
export const swarmNodeViewSchema = z.object({
  id: z.string(),
  hostname: z.string(),
  address: z.string().describe('Address at which the managers reach it; empty if they do not report it.'),
  state: z.enum(['ready', 'down', 'disconnected', 'unknown']),
  availability: z.enum(['active', 'pause', 'drain']),
  role: z.enum(['worker', 'manager']),
  labels: z.record(z.string(), z.string()),
  cpus: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  engine: z
    .string()
    .nullable()
    .describe('Name of Berth’s engine for this node; null for a node that Berth cannot reach, which gets no workspaces.'),
  problem: problemSchema.nullable().describe('Why its engine could not be reached at its configured address.'),
  workspaces: z.array(z.string()).describe('Names of workspaces that Swarm placed on this node.'),
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
  isDefault: z.boolean().describe('Whether it places new workspaces.'),
  manager: z
    .string()
    .nullable()
    .describe(
      'Name of the engine that currently answers for the Swarm; null while no manager answers, when the last known nodes are listed.',
    ),
  rule: z.string().nullable().describe('Address pattern for the engines of its nodes.'),
  tlsFolder: z.string().nullable(),
  addresses: z.record(z.string(), z.string()).describe('Addresses of individual nodes, by hostname or id.'),
  movesOnDrain: z.boolean().describe('Whether workspaces leave a drained node automatically.'),
  nodes: z.array(swarmNodeViewSchema),
  lacks: z.array(z.string()).describe('What a workspace needs but tasks of this Swarm version do not support.'),
  unmoved: z
    .array(z.object({ workspace: z.string(), problem: problemSchema }))
    .describe('Workspaces that could not leave a drained node, and why.'),
})
export type SwarmView = z.infer<typeof swarmViewSchema>

const reference = z.object({ swarm: z.string().max(128).describe('Name or id of the Swarm.') })

const reach = {
  rule: address.nullable().optional(),
  tlsFolder: hostPathSchema.nullable().optional().describe('Folder on this machine with ca.pem, cert.pem and key.pem, for tcp://.'),
  addresses: z.record(z.string().max(256), address).optional(),
  movesOnDrain: z.boolean().optional(),
}

export const swarms = {
  list: procedure
    .route({ method: 'GET', path: '/swarms', tags: ['Swarms'], summary: 'List the Swarms that Berth uses, and their nodes' })
    .output(z.array(swarmViewSchema)),
  get: procedure
    .route({ method: 'GET', path: '/swarms/{swarm}', tags: ['Swarms'], summary: 'Get one Swarm' })
    .input(reference)
    .output(swarmViewSchema),
  add: procedure
    .route({ method: 'POST', path: '/swarms', tags: ['Swarms'], summary: 'Add a Swarm that chooses nodes for workspaces' })
    .input(
      z.object({
        name: engineNameSchema.describe('Name for the Swarm; used like the name of an engine.'),
        engine: engineReferenceSchema.optional().describe('An engine that is a manager of the Swarm.'),
        ...reach,
      }),
    )
    .output(swarmViewSchema),
  update: procedure
    .route({
      method: 'PATCH',
      path: '/swarms/{swarm}',
      tags: ['Swarms'],
      summary: 'Change how the nodes are reached and what happens when one is drained',
    })
    .input(reference.extend(reach))
    .output(swarmViewSchema),
  use: procedure
    .route({ method: 'POST', path: '/swarms/{swarm}/use', tags: ['Swarms'], summary: 'Let this Swarm place new workspaces from now on' })
    .input(reference)
    .output(swarmViewSchema),
  remove: procedure
    .route({
      method: 'DELETE',
      path: '/swarms/{swarm}',
      tags: ['Swarms'],
      summary: 'Remove a Swarm from Berth; refused while it has workspaces',
    })
    .input(reference)
    .output(z.object({})),
}
