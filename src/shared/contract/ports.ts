import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { containerReferenceSchema } from '../container-name'
import { portForwardSchema, workspacePortsSchema } from '../port-forward'
import { portSchema, workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'

const target = z.object({
  workspace: workspaceReferenceSchema,
  port: portSchema.describe('The port inside.'),
  container: containerReferenceSchema.nullable().default(null).describe('A nested container; the workspace itself if left out.'),
})

const localPort = portSchema.optional().describe('The port on this machine; the same number if left out, the next free one if it is taken.')

const openedSchema = z.object({
  forward: portForwardSchema,
  /** “Port 3000 is taken on this machine; it is 3001.” */
  notice: z.string().nullable(),
})

export const ports = {
  list: procedure
    .route({ method: 'GET', path: '/workspaces/{workspace}/ports', tags: ['Ports'], summary: 'What listens inside, and what is forwarded' })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(workspacePortsSchema),
  watch: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/ports/changes',
      tags: ['Ports'],
      summary:
        'The same at once and after each change, as server-sent events; what listens is looked at for as long as this stream is read',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(eventIterator(workspacePortsSchema)),
  add: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/ports',
      tags: ['Ports'],
      summary: 'Forward a port of this machine (loopback only) to one inside; remembered',
    })
    .input(target.extend({ localPort }))
    .output(openedSchema),
  remove: procedure
    .route({ method: 'DELETE', path: '/workspaces/{workspace}/ports/{port}', tags: ['Ports'], summary: 'End a forward, and forget it' })
    .input(target)
    .output(workspacePortsSchema),
  proxy: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/ports/proxy',
      tags: ['Ports'],
      summary: 'Forward ports for as long as this stream of server-sent events is read',
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
