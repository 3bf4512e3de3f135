import { z } from 'zod'
import { operationSchema } from '../operation'
import { snapshotSchema } from '../snapshot'
import { workspaceReferenceSchema, workspaceSchema } from '../workspace'
import { procedure } from './base'

const wait = z.boolean().default(false).describe('Answer only when the operation has ended.')
const ofSnapshot = z.object({
  workspace: workspaceReferenceSchema,
  snapshot: z.string().max(128).describe('The name or the id of a snapshot of the workspace.'),
})
const begunSchema = z.object({ operation: operationSchema })

export const snapshots = {
  list: procedure
    .route({ method: 'GET', path: '/workspaces/{workspace}/snapshots', tags: ['Snapshots'], summary: 'Its snapshots, newest first' })
    .input(
      z.object({ workspace: workspaceReferenceSchema, measure: z.boolean().default(false).describe('With sizes: this may take a while.') }),
    )
    .output(z.array(snapshotSchema)),
  create: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/snapshots',
      tags: ['Snapshots'],
      summary: 'Keep its whole disk state as it is now',
    })
    .input(
      z.object({ workspace: workspaceReferenceSchema, name: z.string().max(1024).optional().describe('By the time if left out.'), wait }),
    )
    .output(begunSchema.extend({ snapshot: snapshotSchema })),
  restore: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/snapshots/{snapshot}/restore',
      tags: ['Snapshots'],
      summary: 'Bring the workspace back to a snapshot',
    })
    .input(ofSnapshot.extend({ force: z.boolean().default(false).describe('Also when it runs: it is stopped, and started again.'), wait }))
    .output(begunSchema.extend({ workspace: workspaceSchema })),
  restoreAs: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/snapshots/{snapshot}/restore-as',
      tags: ['Snapshots'],
      summary: 'Make another workspace of a snapshot',
    })
    .input(ofSnapshot.extend({ name: z.string().max(1024), start: z.boolean().default(true), wait }))
    .output(begunSchema.extend({ workspace: workspaceSchema })),
  delete: procedure
    .route({
      method: 'DELETE',
      path: '/workspaces/{workspace}/snapshots/{snapshot}',
      tags: ['Snapshots'],
      summary: 'Delete a snapshot; cannot be undone',
    })
    .input(ofSnapshot.extend({ wait }))
    .output(begunSchema),
}
