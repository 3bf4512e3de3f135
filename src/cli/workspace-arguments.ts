/** Arguments of these names are names of workspaces, to the shell's completion. */
export const WORKSPACE_ARGUMENTS: readonly string[] = ['name', 'names']
