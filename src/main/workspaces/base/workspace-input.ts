/** What start, restart and the end of create know of their workspace. */
export interface WorkspaceInput {
  id: string
  name: string
}
