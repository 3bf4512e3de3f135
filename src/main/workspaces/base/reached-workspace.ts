/** What it takes to reach into a workspace that runs. */
export interface ReachedWorkspace {
  id: string
  name: string
  /** Where it is: `places.ts`. */
  place: string
  containerId: string
  /** Where its commands begin: in its repository, if it has one. */
  repoPath: string | null
  /** As the variables are set now: containers have the values of their creation. */
  environment: Record<string, string>
  /** Where this machine reaches its ssh server. */
  ssh: { host: string; port: number } | null
}
