import { z } from 'zod'
import { operationSchema } from '../operation'
import { snapshotSchema } from '../snapshot'
import { workspaceReferenceSchema, workspaceSchema } from '../workspace'
import { procedure } from './base'

const wait = z.boolean().default(false).describe('Wait for the operation to end before answering.')
const ofSnapshot = z.object({
  workspace: workspaceReferenceSchema,
  snapshot: z.string().max(128).describe('Name or id of a snapshot of the workspace.'),
})
const begunSchema = z.object({ operation: operationSchema })

export const snapshots = {
  list: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/snapshots',
      tags: ['Snapshots'],
      summary: 'List the snapshots of a workspace, newest first',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        measure: z.boolean().default(false).describe('Include sizes; this can take a while.'),
      }),
    )
    .output(z.array(snapshotSchema)),
  create: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/snapshots',
      tags: ['Snapshots'],
      summary: 'Take a snapshot of the disk state',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        name: z.string().max(1024).optional().describe('Default: a name made from the time.'),
        wait,
      }),
    )
    .output(begunSchema.extend({ snapshot: snapshotSchema })),
  restore: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/snapshots/{snapshot}/restore',
      tags: ['Snapshots'],
      summary: 'Restore a snapshot',
    })
    .input(
      ofSnapshot.extend({
        force: z.boolean().default(false).describe('Also while the workspace is running: stop it, then start it again.'),
        wait,
      }),
    )
    .output(begunSchema.extend({ workspace: workspaceSchema })),
  restoreAs: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/snapshots/{snapshot}/restore-as',
      tags: ['Snapshots'],
      summary: 'Create a workspace from a snapshot',
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
