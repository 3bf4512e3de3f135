import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import ssh2, { type BaseAgent, type Client } from 'ssh2'
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

export interface SshClientOptions {
  /** As it is now: asked before each connection. */
  server: () => Promise<SshServer>
  privateKeyPath: string
}

const READY_TIMEOUT_MS = 10_000
/** For an address that answers at once or never. */
const FIRST_ADDRESS_MS = 300
const KEEPALIVE_MS = 15_000
/** Of the ciphers that ssh2 has, the ones that processors do in hardware. */
const CIPHERS = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr'] as const

/** Those that an ssh server makes by itself; Berth's image has the first two. */
const HOST_KEY_TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'] as const

/**
 * One ssh connection to a workspace, as the user `workspace`, with Berth's own key. An agent is forwarded to programs in the connection,
 * and never used to log in. Throws if the connection fails; `onClose` is called when an established one ends.
 */
export async function openSshClient(
  { server, privateKeyPath }: SshClientOptions,
  { agent, onClose }: { agent?: BaseAgent; onClose: () => void },
): Promise<Client> {
  const [{ addresses, hostKeys }, privateKey] = await Promise.all([server(), readFile(privateKeyPath)])
  const sock = await dial(addresses)
  const made = new ssh2.Client()
  const ready = Promise.withResolvers<Client>()
  made.on('ready', () => ready.resolve(made))
  made.on('error', (error) => {
    ready.reject(error)
    log.debug({ err: error }, 'an ssh connection failed')
  })
  made.on('close', () => {
    ready.reject(new Error('the connection was closed'))
    onClose()
  })
  made.connect({
    sock,
    username: 'workspace',
    privateKey,
    authHandler: ['publickey'],
    ...(agent ? { agent, agentForward: true } : {}),
    readyTimeout: READY_TIMEOUT_MS,
    keepaliveInterval: KEEPALIVE_MS,
    algorithms: { serverHostKey: [...HOST_KEY_TYPES], cipher: [...CIPHERS] },
    hostVerifier: (key: Buffer) => hostKeys.some((known) => known.split(' ')[1] === key.toString('base64')),
  })
  return ready.promise
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
