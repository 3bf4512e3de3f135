import { z } from 'zod'
import { workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'
import { startedSchema } from './workspaces'

/** The command, and which parts a shell interprets. */
const MAX_COMMAND_LENGTH = 131_072
export const INIT_LOG_LINES = 5000

/** Requests that scripts for other systems make, at the addresses they make them to. Berth’s own procedures do the same and more. */
export const compatibility = {
  exec: procedure
    .route({
      method: 'POST',
      path: '/v1/exec',
      tags: ['Compatibility'],
      summary: 'Run a shell command line in a workspace; starts the workspace first if it is stopped',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        command: z.string().min(1).max(MAX_COMMAND_LENGTH).describe('Run by a bash login shell.'),
      }),
    )
    .output(z.object({ exit_code: z.number().int().nullable(), stdout: z.string(), stderr: z.string(), timed_out: z.boolean() })),
  importGithub: procedure
    .route({
      method: 'POST',
      path: '/v1/workspaces/import',
      tags: ['Compatibility'],
      summary: 'Create a workspace for a GitHub repository; same as /workspaces/import-github',
    })
    .input(z.object({ github_repo: z.string().max(4096).describe('OWNER/REPO') }))
    .output(startedSchema),
  initLog: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/init-log',
      tags: ['Compatibility'],
      summary: 'The last output of the init script; to follow it: /workspaces/{workspace}/logs?source=init&follow=true',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(z.object({ log: z.string().describe(`The last ${INIT_LOG_LINES} lines.`) })),
}
