import { z } from 'zod'
import { devcontainerPathSchema, devcontainerStateSchema } from '../devcontainer'
import { workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'
import { startedSchema } from './workspaces'

const wait = z.boolean().default(false).describe('Answer only when the operation has ended.')
const path = devcontainerPathSchema
  .optional()
  .describe('Which configuration, below the repository; kept. The one that was chosen, or else the first, if left out.')

const onWorkspace = (path: `/${string}`, summary: string) =>
  procedure.route({ method: 'POST', path: `/workspaces/{workspace}/devcontainer${path}`, tags: ['Dev containers'], summary })

export const devcontainers = {
  status: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/devcontainer',
      tags: ['Dev containers'],
      summary: 'The dev container of its repository, looked at anew if the workspace is running',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(devcontainerStateSchema),
  up: onWorkspace('/up', 'Build it if need be, and start it: new terminals and commands run inside it from then on')
    .input(z.object({ workspace: workspaceReferenceSchema, path, wait }))
    .output(startedSchema),
  rebuild: onWorkspace('/rebuild', 'Remove it, and make it from its configuration as it is now; the repository is not touched')
    .input(z.object({ workspace: workspaceReferenceSchema, path, wait }))
    .output(startedSchema),
  stop: onWorkspace('/stop', 'Stop it; new terminals and commands run in the workspace itself')
    .input(z.object({ workspace: workspaceReferenceSchema, wait }))
    .output(startedSchema),
}
