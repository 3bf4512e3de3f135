import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import ssh2, { type Client, type ClientChannel } from 'ssh2'
import { log } from '../log'

export interface SshAddress {
  host: string
  port: number
}

/** Where the ssh server of a workspace answers, and as what it is known. */
export interface SshServer {
  /** In the order in which they are tried. */
  addresses: SshAddress[]
  /** “ssh-ed25519 AAAA…”: any of these. */
  hostKeys: string[]
}

interface SshLinkOptions {
  /** As it is now: asked before each connection. */
  server: () => Promise<SshServer>
  privateKeyPath: string
}

/** One ssh connection to a workspace, made when it is first needed and made again when it was lost. */
export interface SshLink {
  /** A connection to that address, made from within the workspace. Throws when there is none to be had. */
  connect(host: string, port: number): Promise<ClientChannel>
  /** Ends the connection and all channels on it; a later `connect` makes another. */
  close(): void
}

const READY_TIMEOUT_MS = 10_000
/** For an address that answers at once or never. */
const FIRST_ADDRESS_MS = 300
const KEEPALIVE_MS = 15_000
/** Of the ciphers that ssh2 has, the ones that processors do in hardware. */
const CIPHERS = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr'] as const

/** Those that an ssh server makes by itself; Berth's image has the first two. */
const HOST_KEY_TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'] as const

export function createSshLink({ server, privateKeyPath }: SshLinkOptions): SshLink {
  let client: Promise<Client> | null = null

  async function open(): Promise<Client> {
    const [{ addresses, hostKeys }, privateKey] = await Promise.all([server(), readFile(privateKeyPath)])
    const sock = await dial(addresses)
    const made = new ssh2.Client()
    const ready = Promise.withResolvers<Client>()
    made.on('ready', () => ready.resolve(made))
    made.on('error', (error) => {
      ready.reject(error)
      log.debug({ err: error }, 'an ssh connection has failed')
    })
    made.on('close', () => {
      ready.reject(new Error('the connection was closed'))
      if (client === opening) client = null
    })
    made.connect({
      sock,
      username: 'workspace',
      privateKey,
      readyTimeout: READY_TIMEOUT_MS,
      keepaliveInterval: KEEPALIVE_MS,
      algorithms: { serverHostKey: [...HOST_KEY_TYPES], cipher: [...CIPHERS] },
      hostVerifier: (key: Buffer) => hostKeys.some((known) => known.split(' ')[1] === key.toString('base64')),
    })
    return ready.promise
  }

  let opening: Promise<Client> | null = null
  function connected(): Promise<Client> {
    if (client) return client
    opening = open()
    client = opening
    opening.catch(() => {
      client = null
    })
    return opening
  }

  return {
    async connect(host, port) {
      const link = await connected()
      return new Promise((resolve, reject) => {
        link.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)))
      })
    },
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

/** Connects to the first that answers. Throws what the last one says. */
async function dial([first, ...others]: SshAddress[]): Promise<Socket> {
  if (!first) throw new Error('it has no address')
  // At once: a word that the window is open again must not wait for an answer to the one before.
  const socket = connect({ ...first, noDelay: true })
  const signal = AbortSignal.timeout(others.length > 0 ? FIRST_ADDRESS_MS : READY_TIMEOUT_MS)
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    if (others.length === 0) throw error
    log.debug({ err: error, address: first }, 'the next address of an ssh server is tried')
    return dial(others)
  }
}
