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
      summary: 'List running operations and the last 200 that ended, newest first',
    })
    .input(z.object({ workspaceId: z.string().max(64).optional() }))
    .output(z.array(operationSchema)),
  get: procedure
    .route({ method: 'GET', path: '/operations/{operationId}', tags: ['Operations'], summary: 'Get one operation' })
    .input(byId)
    .output(operationSchema),
  watch: procedure
    .route({
      method: 'GET',
      path: '/operations/{operationId}/watch',
      tags: ['Operations'],
      summary: 'Follow an operation as server-sent events: its current state, then every change until it ends',
    })
    .input(byId)
    .output(eventIterator(operationSchema)),
  cancel: procedure
    .route({
      method: 'POST',
      path: '/operations/{operationId}/cancel',
      tags: ['Operations'],
      summary: 'Cancel an operation; answers after it has been undone',
    })
    .input(byId)
    .output(operationSchema),
  retry: procedure
    .route({
      method: 'POST',
      path: '/operations/{operationId}/retry',
      tags: ['Operations'],
      summary: 'Retry a waiting operation now',
    })
    .input(byId)
    .output(operationSchema),
  accept: procedure
    .route({
      method: 'POST',
      path: '/operations/{operationId}/accept',
      tags: ['Operations'],
      summary: 'End a stuck operation as failed; its notices list what it leaves behind',
    })
    .input(byId)
    .output(operationSchema),
}
