import { Agent } from 'node:http'
import type { Duplex } from 'node:stream'
import ssh2, { type ConnectConfig } from 'ssh2'

const KEEP_ALIVE_MS = 15_000

interface SshEndpoint {
  host?: string
  port?: number
  username?: string
  sshOptions: ConnectConfig
}

/** Carries one request over an ssh connection of its own, as `docker -H ssh://…` does: by `docker system dial-stdio` over there. */
export function createSshAgent({ host, port, username, sshOptions }: SshEndpoint): Agent {
  const agent = new Agent()
  agent.createConnection = (_, created) => {
    const connection = new ssh2.Client()
    const fail = (error: Error) => {
      connection.end()
      created?.(error, undefined as never)
    }
    connection.on('ready', () => {
      connection.exec('docker system dial-stdio', (error, channel) => {
        if (error) return fail(error)
        channel.once('close', () => connection.end())
        created?.(null, channel as Duplex)
      })
    })
    // Errors after that come out at the channel, which ends with its connection.
    connection.on('error', fail)
    try {
      connection.connect({
        ...sshOptions,
        ...{ host, port, username, keepaliveInterval: KEEP_ALIVE_MS },
      } as ConnectConfig)
    } catch (error) {
      // A key that is no key.
      process.nextTick(fail, error)
    }
    return undefined
  }
  return agent
}
