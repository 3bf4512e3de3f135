import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connectable } from './connectable'
import { killWithDescendants } from './engine-namespaces'

const SSHD = '/usr/sbin/sshd'

/** Real ssh servers need Debian's openssh-server, and root. */
export const haveSshServer = existsSync(SSHD) && process.getuid?.() === 0

/** A real ssh server of the test's own. */
export interface SshServer {
  address: string
  port: number
  /** Lines for its configuration from the next start on. */
  settings: string[]
  /** “type key” of its host key, which `renewKey` changes. */
  hostKey(): Promise<string>
  renewKey(): void
  start(): Promise<void>
  /** With the connections that there are. */
  kill(): void
}

/** `run` starts a program where the server is to be; its files are in the folder, which is made. */
export async function startSshServer(
  folder: string,
  { address, authorizedKeys, run = spawnHere }: { address: string; authorizedKeys: string; run?: typeof spawnHere },
): Promise<SshServer> {
  await mkdir(folder, { recursive: true })
  // It insists on it, for what it runs without rights.
  await mkdir('/run/sshd', { recursive: true })
  const port = await freePort()
  const key = join(folder, 'host-key')
  const output = await open(join(folder, 'output'), 'a')
  let running: ChildProcess | null = null
  const server: SshServer = {
    address,
    port,
    settings: [],
    hostKey: async () => (await readFile(`${key}.pub`, 'utf8')).split(' ').slice(0, 2).join(' '),
    renewKey() {
      execFileSync('rm', ['-f', key, `${key}.pub`])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    },
    async start() {
      const config = join(folder, 'config')
      const lines = [
        `ListenAddress ${address}:${port}`,
        ...[`HostKey ${key}`, `AuthorizedKeysFile ${authorizedKeys}`, 'PidFile none', 'UsePAM no', 'StrictModes no'],
        ...['PermitRootLogin prohibit-password', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
        // Not what this machine's own user has in the files of the shell.
        `SetEnv HOME=${folder}`,
        ...server.settings,
      ]
      await writeFile(config, lines.join('\n'))
      running = run([SSHD, '-D', '-e', '-f', config], output.fd)
      await connectable(address, port)
    },
    kill() {
      if (running?.pid !== undefined) killWithDescendants(running.pid)
      running = null
    },
  }
  server.renewKey()
  // As many people's do.
  await writeFile(join(folder, '.bashrc'), 'echo A notice of the login.\n')
  await server.start()
  return server
}

function spawnHere([program = '', ...args]: string[], output: number): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', output, output] })
}

/** A port that nothing has now, on this machine. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a server without a port')
  return address.port
}

/** An ssh agent with one key that is nowhere else. */
export interface SshAgent {
  socket: string
  publicKey: string
  stop(): void
}

export async function startSshAgent(folder: string): Promise<SshAgent> {
  const socket = join(folder, 'agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 10))
  const key = join(folder, 'login-key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
  const publicKey = await readFile(`${key}.pub`, 'utf8')
  execFileSync('rm', [key, `${key}.pub`])
  return { socket, publicKey, stop: () => void agent.kill() }
}
