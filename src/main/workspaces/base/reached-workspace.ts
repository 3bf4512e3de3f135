import type { DevcontainerTarget } from '../../../shared/devcontainer'
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
  /** Where its terminals and commands run instead, unless they are requested outside; null if no dev container is running. */
  devcontainer: DevcontainerTarget | null
  /** It is running, or will start again automatically. */
  opensDevcontainer: boolean
  /** Where this machine reaches its ssh server. */
  ssh: { host: string; port: number } | null
  unavailable: Unavailable
}
