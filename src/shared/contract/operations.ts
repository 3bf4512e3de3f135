import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { operationSchema } from '../operation'
import { procedure } from './base'

const byId = z.object({ operationId: z.string().max(64) })

export const operations = {
  list: procedure
    .route({
      method: 'GET',
      path: '/operations',
      tags: ['Operations'],
      summary: 'Those under way and the last 200 that ended, newest first',
    })
    .input(z.object({ workspaceId: z.string().max(64).optional() }))
    .output(z.array(operationSchema)),
  get: procedure
    .route({ method: 'GET', path: '/operations/{operationId}', tags: ['Operations'], summary: 'One operation' })
    .input(byId)
    .output(operationSchema),
  watch: procedure
    .route({
      method: 'GET',
      path: '/operations/{operationId}/watch',
      tags: ['Operations'],
      summary: 'The operation at once, at each change and at its end, as server-sent events',
    })
    .input(byId)
    .output(eventIterator(operationSchema)),
  cancel: procedure
    .route({ method: 'POST', path: '/operations/{operationId}/cancel', tags: ['Operations'], summary: 'Cancel; answers when it is undone' })
    .input(byId)
    .output(operationSchema),
  retry: procedure
    .route({
      method: 'POST',
      path: '/operations/{operationId}/retry',
      tags: ['Operations'],
      summary: 'Try again now what waits to be tried again',
    })
    .input(byId)
    .output(operationSchema),
  accept: procedure
    .route({
      method: 'POST',
      path: '/operations/{operationId}/accept',
      tags: ['Operations'],
      summary: 'End one that cannot go on, as failed; what it leaves is in its notices',
    })
    .input(byId)
    .output(operationSchema),
}
