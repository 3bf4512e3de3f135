import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DockerOptions } from 'dockerode'
import type { Endpoint } from './endpoint'

/**
 * How dockerode reaches the endpoint. No API version is set: paths without one are for the newest API that the engine has. With one, an
 * engine refuses what is newer than itself (Docker 20.10: above 1.41) or too old for it (Docker 29: below 1.44), so that no fixed version
 * serves both; Podman ignores it. What Berth sends and reads is of 1.41, and kept in newer ones: fields they add are passed over, and what
 * they leave out is optional (`/info`) or asked for in another way.
 * Throws a TypeError when the URL is of no kind Docker knows, and what reading a certificate throws.
 */
export function clientOptions({ url, tlsFolder }: Endpoint): DockerOptions {
  const { protocol, hostname, port, username, pathname } = new URL(url)
  switch (protocol) {
    case 'unix:':
      return { socketPath: decodeURIComponent(pathname) }
    case 'npipe:':
      return { socketPath: url.slice('npipe://'.length) }
    case 'ssh:':
      return {
        protocol: 'ssh',
        host: hostname,
        port: port === '' ? 22 : Number(port),
        username,
        ...(process.env.SSH_AUTH_SOCK ? { sshOptions: { agent: process.env.SSH_AUTH_SOCK } } : {}),
      }
    case 'tcp:':
    case 'http:':
    case 'https:': {
      const tls = readTls(tlsFolder)
      const secure = protocol === 'https:' || tls !== null
      return { protocol: secure ? 'https' : 'http', host: hostname, port: port === '' ? (secure ? 2376 : 2375) : Number(port), ...tls }
    }
    default:
      throw new TypeError(`“${protocol}” is not one of unix, npipe, tcp, http, https and ssh.`)
  }
}

function readTls(folder: string | undefined): { ca: Buffer; cert: Buffer; key: Buffer } | null {
  if (folder === undefined || !existsSync(join(folder, 'cert.pem'))) return null
  return {
    ca: readFileSync(join(folder, 'ca.pem')),
    cert: readFileSync(join(folder, 'cert.pem')),
    key: readFileSync(join(folder, 'key.pem')),
  }
}
