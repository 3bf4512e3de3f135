import type { EndpointTls } from './tls-files'

/** Which engine is meant: where it answers, or one of Docker's contexts, which is read again at each try. */
export type EngineAddress =
  | {
      /** As a person would write it: unix:///var/run/docker.sock, tcp://host:2376, ssh://user@host. */
      url: string
      /** Folder with ca.pem, cert.pem and key.pem, for tcp. */
      tlsFolder?: string | undefined
    }
  | { context: string }

/** Where an engine may be found, and what is needed to connect to it. */
export interface Endpoint {
  /** As in an address. */
  url: string
  /** For tcp; null for none. */
  tls: EndpointTls | null
}

/** What the search depends on, passed in so that it can be tested. */
export interface EndpointSurroundings {
  environment: Record<string, string | undefined>
  platform: NodeJS.Platform
  homeFolder: string
}

/** What reaching engines depends on. */
export interface EngineSurroundings extends EndpointSurroundings {
  /** BERTH_HOME: Berth’s own known hosts are in its folder `ssh`. */
  berthHome: string
  /** Tests only: ssh reads that file in place of the user’s and the system’s configuration. */
  sshConfig?: string | undefined
}

/** What a person has typed as an address; null for none. */
export function addressOf(url: string | null): EngineAddress | null {
  return url === null ? null : { url }
}
