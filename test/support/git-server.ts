import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface GitServer {
  /** As it is to be given to a workspace: reachable from inside one. */
  url(repository: string): string
  /** The same, for a repository that asks for this user name and password. */
  privateUrl(repository: string, credential: { username: string; password: string }): string
  close(): Promise<void>
}

/** A git server on this machine with one repository, `demo.git`, that has a README. Git's plain file protocol over HTTP. */
export async function startGitServer(): Promise<GitServer> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-git-'))
  const work = join(folder, 'work')
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=main', ...args])
  await git('init', '-q', work)
  await writeFile(join(work, 'README.md'), '# Demo\n')
  await git('-C', work, 'add', '.')
  await git('-C', work, 'commit', '-q', '-m', 'Begin')
  await git('clone', '-q', '--bare', work, join(folder, 'demo.git'))
  await git('-C', join(folder, 'demo.git'), 'update-server-info')

  const credentials = new Set<string>()
  const server = createServer(async (request, response) => {
    const asked = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    if (asked.startsWith('/private/') && !credentials.has(request.headers.authorization ?? '')) {
      return response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="private"' }).end()
    }
    const path = join(folder, asked.replace(/^\/private/, ''))
    const found = await stat(path).catch(() => null)
    if (!path.startsWith(folder) || !found?.isFile()) return response.writeHead(404).end()
    return createReadStream(path).pipe(response)
  })
  // Workspaces come from the engine's bridge.
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: (repository) => `http://host.docker.internal:${port}/${repository}`,
    privateUrl(repository, { username, password }) {
      credentials.add(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`)
      return `http://${encodeURIComponent(username)}:${encodeURIComponent(password)}@host.docker.internal:${port}/private/${repository}`
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
