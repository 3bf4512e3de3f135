import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { containerReferenceSchema } from '../container-name'
import { portForwardSchema, workspacePortsSchema } from '../port-forward'
import { portSchema, workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'

const target = z.object({
  workspace: workspaceReferenceSchema,
  port: portSchema.describe('Port inside the workspace.'),
  container: containerReferenceSchema.nullable().default(null).describe('Name of a nested container. Default: the workspace itself.'),
})

const localPort = portSchema.optional().describe('Port on this machine. Default: the same number, or the next free one if that is taken.')

const openedSchema = z.object({
  forward: portForwardSchema,
  /** “Port 3000 is taken on this machine; it is 3001.” */
  notice: z.string().nullable(),
})

export const ports = {
  list: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/ports',
      tags: ['Ports'],
      summary: 'List listening and forwarded ports of a workspace',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(workspacePortsSchema),
  watch: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/ports/changes',
      tags: ['Ports'],
      summary: 'Stream the ports of a workspace as server-sent events; listening ports are watched while the stream is open',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(eventIterator(workspacePortsSchema)),
  add: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/ports',
      tags: ['Ports'],
      summary: 'Forward a port of this machine (loopback only) to a port in the workspace; the forward is remembered',
    })
    .input(target.extend({ localPort }))
    .output(openedSchema),
  remove: procedure
    .route({ method: 'DELETE', path: '/workspaces/{workspace}/ports/{port}', tags: ['Ports'], summary: 'Remove a forward' })
    .input(target)
    .output(workspacePortsSchema),
  proxy: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/ports/proxy',
      tags: ['Ports'],
      summary: 'Forward ports while this stream of server-sent events is open',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        forwards: z
          .array(z.object({ port: portSchema, localPort: portSchema.optional() }))
          .min(1)
          .max(64),
      }),
    )
    .output(eventIterator(z.array(openedSchema))),
}
