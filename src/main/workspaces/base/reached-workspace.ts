import type { Unavailable } from '../../../shared/place-capabilities'

/** What it takes to reach into a workspace that runs. */
export interface ReachedWorkspace {
  id: string
  name: string
  /** Where it is: `places.ts`. */
  place: string
  containerId: string
  /** Where its commands begin: in its repository, if it has one. */
  repoPath: string | null
  /** The variables as they are set now; null takes away what the container was created with. */
  environment: Record<string, string | null>
  /** Where this machine reaches its ssh server. */
  ssh: { host: string; port: number } | null
  unavailable: Unavailable
}
