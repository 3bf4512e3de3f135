import { z } from 'zod'
import { LOCAL_PLACE } from '../../settings/records'

/** What start, restart and the end of create know of their workspace. */
export const workspaceInputSchema = z.object({ id: z.string(), name: z.string(), place: z.string().default(LOCAL_PLACE) })
export type WorkspaceInput = z.infer<typeof workspaceInputSchema>

/** For what starts a workspace that is there already. */
export const startInputSchema = workspaceInputSchema.extend({
  /** Requested changes that are not possible, as messages: shown when the operation begins. */
  remarks: z.array(z.string()).default([]),
  /** Recreate parts that were removed outside Berth, without their contents. */
  recreate: z.boolean().default(false),
})
export type StartInput = z.infer<typeof startInputSchema>

/** Names of a workspace's volumes, as an operation has them. */
export const volumeNamesSchema = z.object({ home: z.string(), docker: z.string() })

/** For `operations.begin`. */
export function subjectOf({ id, name }: Pick<WorkspaceInput, 'id' | 'name'>): { workspaceId: string; workspaceName: string } {
  return { workspaceId: id, workspaceName: name }
}

/** The beginning of an operation's input. */
export function identityOf({ id, name, place }: WorkspaceInput): WorkspaceInput {
  return { id, name, place }
}
