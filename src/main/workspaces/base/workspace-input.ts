import { z } from 'zod'

/** What start, restart and the end of create know of their workspace. */
export const workspaceInputSchema = z.object({ id: z.string(), name: z.string() })
export type WorkspaceInput = z.infer<typeof workspaceInputSchema>

/** Names of a workspace's volumes, as an operation has them. */
export const volumeNamesSchema = z.object({ home: z.string(), docker: z.string() })

/** For `operations.begin`. */
export function subjectOf({ id, name }: WorkspaceInput): { workspaceId: string; workspaceName: string } {
  return { workspaceId: id, workspaceName: name }
}
