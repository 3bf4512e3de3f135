import type { Client, ClientChannel } from 'ssh2'
import { log } from '../log'
import { openSshClient, type SshClientOptions } from './ssh-client'

/** One ssh connection to a workspace, opened when first needed and again when it was lost. */
export interface SshLink {
  /** A connection to that address, made from within the workspace. Throws if it fails. */
  connect(host: string, port: number): Promise<ClientChannel>
  /** Whether there is a connection, or one is being made. */
  isOpen(): boolean
  /** Ends the connection and all channels on it; a later `connect` makes another. */
  close(): void
}

export function createSshLink(options: SshClientOptions): SshLink {
  let client: Promise<Client> | null = null

  function connected(): Promise<Client> {
    if (client) return client
    const forget = () => {
      if (client === opening) client = null
    }
    const opening = openSshClient(options, { onClose: forget })
    client = opening
    opening.catch(forget)
    return opening
  }

  return {
    async connect(host, port) {
      const link = await connected()
      return new Promise((resolve, reject) => {
        link.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)))
      })
    },
    isOpen: () => client !== null,
    close() {
      const closing = client
      client = null
      closing?.then(
        (link) => link.end(),
        (error: unknown) => log.debug({ err: error }, 'an ssh connection that was closed had failed'),
      )
    },
  }
}
