/** The name by which ssh knows a workspace, once Berth's config is included. */
export function sshHostOf(workspaceName: string): string {
  return `${workspaceName}.berth`
}

/** Where the ssh server of a workspace listens, inside. */
export const SSH_CONTAINER_PORT = 22

/**
 * The command that logs in with Berth's own ssh config and nothing else: neither keys in an agent, nor a port that another workspace had
 * before, nor anything in the user's config gets in its way. For a POSIX shell, PowerShell and cmd.
 */
export function sshWithConfig(workspaceName: string, configPath: string): string {
  const plain = /^[\w@%+=:,./~\\-]+$/
  return `ssh -F ${plain.test(configPath) ? configPath : `"${configPath}"`} ${sshHostOf(workspaceName)}`
}
