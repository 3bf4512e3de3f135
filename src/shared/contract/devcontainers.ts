import { z } from 'zod'
import { devcontainerPathSchema, devcontainerStateSchema } from '../devcontainer'
import { workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'
import { startedSchema } from './workspaces'

const wait = z.boolean().default(false).describe('Wait for the operation to end before answering.')
const path = devcontainerPathSchema
  .optional()
  .describe('Path of the configuration within the repository; remembered. Default: the one chosen before, otherwise the first.')

const onWorkspace = (path: `/${string}`, summary: string) =>
  procedure.route({ method: 'POST', path: `/workspaces/{workspace}/devcontainer${path}`, tags: ['Dev containers'], summary })

export const devcontainers = {
  status: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/devcontainer',
      tags: ['Dev containers'],
      summary: 'The dev container of the workspace’s repository; refreshed if the workspace is running',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(devcontainerStateSchema),
  up: onWorkspace('/up', 'Build the dev container if necessary and start it; new terminals and commands then run inside it')
    .input(z.object({ workspace: workspaceReferenceSchema, path, wait }))
    .output(startedSchema),
  rebuild: onWorkspace(
    '/rebuild',
    'Remove the dev container and create it again from its current configuration; the repository is not touched',
  )
    .input(z.object({ workspace: workspaceReferenceSchema, path, wait }))
    .output(startedSchema),
  stop: onWorkspace('/stop', 'Stop the dev container; new terminals and commands run in the workspace itself')
    .input(z.object({ workspace: workspaceReferenceSchema, wait }))
    .output(startedSchema),
}
