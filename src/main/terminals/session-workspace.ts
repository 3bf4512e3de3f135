import type { DevcontainerTarget } from '../../shared/devcontainer'
import type { Unavailable } from '../../shared/place-capabilities'

/** What a session needs to know of the workspace it runs in. */
export interface SessionWorkspace {
  id: string
  name: string
  containerId: string | null
  running: boolean
  /** Where its repo is, if it has one: new sessions begin there. */
  repoPath: string | null
  /** Variables of all workspaces and of this one, as they are set now; null takes away what the container was created with. */
  environment: Record<string, string | null>
  /** Where its shells and commands run instead, unless they are to be outside. */
  devcontainer?: DevcontainerTarget | null
  /** It is up, or comes up again by itself. */
  opensDevcontainer?: boolean
  /** Where this machine reaches its ssh server; null when it has none. */
  ssh: { host: string; port: number } | null
  unavailable: Unavailable
}
