/** Names of volumes that operations have been given and that neither a record nor the engine may have yet. */
export interface PromisedVolumes {
  /** Until no operation is at work on the workspace any more. */
  promise(workspaceId: string, names: string[]): void
  toOthersThan(workspaceId: string): string[]
}

/** A workspace named `web-docker` has the volume for its home that one named `web` has for Docker. */
export function createPromisedVolumes(operations: { holds(workspaceId: string): boolean }): PromisedVolumes {
  const promised = new Map<string, string[]>()
  return {
    promise: (workspaceId, names) => void promised.set(workspaceId, names),
    toOthersThan(workspaceId) {
      for (const id of promised.keys()) if (!operations.holds(id)) promised.delete(id)
      return [...promised].flatMap(([id, names]) => (id === workspaceId ? [] : names))
    },
  }
}
