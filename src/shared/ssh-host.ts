/** The name by which ssh knows a workspace, once Berth's config is included. */
export function sshHostOf(workspaceName: string): string {
  return `${workspaceName}.berth`
}
