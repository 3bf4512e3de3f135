/** The name by which ssh knows a workspace, once Berth's config is included. */
export function sshHostOf(workspaceName: string): string {
  return `${workspaceName}.berth`
}

/** Where the ssh server of a workspace listens, inside. */
export const SSH_CONTAINER_PORT = 22
