import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface GitServer {
  /** Of the repositories. */
  folder: string
  /** As it is to be given to a workspace: reachable from inside one. */
  url(repository: string): string
  /** The same, for a repository that asks for this user name and password. */
  privateUrl(repository: string, credential: { username: string; password: string }): string
  close(): Promise<void>
}

/** A git server on this machine with one repository, `demo.git`, that has a README; and more of `addFullRepo`. */
export async function startGitServer(): Promise<GitServer> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-git-'))
  const work = join(folder, 'work')
  await git('init', '-q', work)
  await writeFile(join(work, 'README.md'), '# Demo\n')
  await git('-C', work, 'add', '.')
  await git('-C', work, 'commit', '-q', '-m', 'Begin')
  await git('clone', '-q', '--bare', work, join(folder, 'demo.git'))

  const credentials = new Set<string>()
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
    const asked = normalize(pathname)
    if (asked.startsWith('/private/') && !credentials.has(request.headers.authorization ?? '')) {
      return response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="private"' }).end()
    }
    return answerByBackend(folder, asked.replace(/^\/private/, ''), search, request, response)
  })
  // Workspaces come from the engine's bridge.
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    folder,
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

export async function git(...args: string[]): Promise<string> {
  const config = ['user.name=Test', 'user.email=test@example.com', 'init.defaultBranch=main', 'protocol.file.allow=always']
  const { stdout } = await run('git', [...config.flatMap((entry) => ['-c', entry]), ...args])
  return stdout.trim()
}

/** By git's own CGI program, which speaks what real servers do. */
async function answerByBackend(folder: string, path: string, search: string, request: IncomingMessage, response: ServerResponse) {
  const { headers, method = 'GET' } = request
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: method,
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  backend.stdin.on('error', () => undefined)
  request.pipe(backend.stdin)
  const chunks: Buffer[] = []
  for await (const chunk of backend.stdout) chunks.push(chunk as Buffer)
  const answer = Buffer.concat(chunks)
  const end = answer.indexOf('\r\n\r\n')
  for (const line of answer.subarray(0, end).toString('utf8').split('\r\n')) {
    const [name = '', value = ''] = line.split(': ')
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10)
    else response.setHeader(name, value)
  }
  response.end(answer.subarray(end + 4))
}

/** A git daemon for the repositories of a server: the git protocol. */
export async function startGitDaemon({ folder }: GitServer): Promise<{ url(repository: string): string; close(): void }> {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  const { stdout: execPath } = await run('git', ['--exec-path'])
  const options = ['--verbose', '--reuseaddr', '--export-all', `--port=${port}`, `--base-path=${folder}`, folder]
  const daemon = spawn(join(execPath.trim(), 'git-daemon'), options, { stdio: ['ignore', 'ignore', 'pipe'] })
  // It says so once it listens.
  await once(daemon.stderr, 'data')
  daemon.stderr.resume()
  return { url: (repository) => `git://host.docker.internal:${port}/${repository}`, close: () => daemon.kill() }
}

/** What is in `group/full.git`. */
export interface FullRepo {
  /** Of the first commit, which is on all branches, and of one that no branch has. */
  first: string
  loose: string
}

/**
 * Adds `group/full.git`: branches `main`, `feature/x` (with a folder `packages/web`), a tag `v1`, a pull request 7 and a merge request 7; `extras` has a
 * submodule that is there, one that is not, and attributes for LFS.
 */
export async function addFullRepo({ folder }: GitServer): Promise<FullRepo> {
  const [work, group] = [join(folder, 'full-work'), join(folder, 'group')]
  const inWork = (...args: string[]) => git('-C', work, ...args)
  const commit = async (file: string, content: string) => {
    await writeFile(join(work, file), content)
    await inWork('add', '.')
    await inWork('commit', '-q', '-m', file)
    return inWork('rev-parse', 'HEAD')
  }
  await mkdir(group)
  await git('clone', '-q', '--bare', join(folder, 'demo.git'), join(group, 'library.git'))
  await git('init', '-q', work)
  const first = await commit('README.md', 'first\n')
  await inWork('tag', 'v1')
  await inWork('checkout', '-q', '-b', 'feature/x')
  await mkdir(join(work, 'packages/web'), { recursive: true })
  await commit('packages/web/index.html', 'feature\n')
  await inWork('checkout', '-q', '--detach', 'main')
  await commit('README.md', 'pull request\n')
  await inWork('update-ref', 'refs/pull/7/head', 'HEAD')
  await inWork('update-ref', 'refs/merge-requests/7/head', 'HEAD')
  const loose = await commit('README.md', 'loose\n')
  await inWork('update-ref', 'refs/hidden/loose', 'HEAD')
  await inWork('checkout', '-q', 'main')
  await commit('README.md', 'main\n')
  await inWork('checkout', '-q', '-b', 'extras')
  await writeFile(join(work, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
  await inWork('submodule', '--quiet', 'add', join(group, 'library.git'), 'library')
  await writeFile(
    join(work, '.gitmodules'),
    ['library', 'broken'].map((name) => `[submodule "${name}"]\n\tpath = ${name}\n\turl = ../${name}.git\n`).join(''),
  )
  await inWork('update-index', '--add', '--cacheinfo', `160000,${first},broken`)
  await inWork('add', '.gitmodules', '.gitattributes', 'library')
  await inWork('commit', '-q', '-m', 'Submodules')
  await inWork('checkout', '-q', 'main')
  await git('clone', '-q', '--mirror', work, join(group, 'full.git'))
  await git('-C', join(group, 'full.git'), 'config', 'transfer.hideRefs', 'refs/hidden')
  return { first, loose }
}
