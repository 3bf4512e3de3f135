import { z } from 'zod'
import type { Operations } from '../../operations/operations'
import { volumeNamesSchema } from './workspace-input'

/** Names of volumes that operations have been given and that neither a record nor the engine may have yet. */
export interface PromisedVolumes {
  /** Until no operation is at work on the workspace any more. */
  promise(workspaceId: string, names: string[]): void
  toOthersThan(workspaceId: string): string[]
}

/** Of the input of an operation that gives a workspace other volumes. */
const givingOthersSchema = z.object({ next: z.object({ volumes: volumeNamesSchema }), previous: z.object({ volumes: volumeNamesSchema }) })

/**
 * The home volume of a workspace `web-docker` has the same name as the Docker volume of one named `web`. What an earlier process had
 * promised is read from its unfinished operations: until one is undone, its record may have either name.
 */
export function createPromisedVolumes(operations: Pick<Operations, 'holds' | 'left'>): PromisedVolumes {
  const promised = new Map<string, string[]>()
  for (const { workspaceId, input } of operations.left()) {
    const { data } = givingOthersSchema.safeParse(input)
    if (workspaceId !== null && data)
      promised.set(
        workspaceId,
        [data.next, data.previous].flatMap(({ volumes }) => Object.values(volumes)),
      )
  }
  return {
    promise: (workspaceId, names) => void promised.set(workspaceId, names),
    toOthersThan(workspaceId) {
      for (const id of promised.keys()) if (!operations.holds(id)) promised.delete(id)
      return [...promised].flatMap(([id, names]) => (id === workspaceId ? [] : names))
    },
  }
}
