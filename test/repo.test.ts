import { exec } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { cloneRepo, type RepoChoice } from '../src/main/provisioning/repo'
import { readRepo } from '../src/shared/repo-url'
import { addFullRepo, type FullRepo, type GitServer, git, startGitDaemon, startGitServer } from './support/git-server'
import { connectEngine } from './support/test-container'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

const WHOLE: RepoChoice = { branch: null, depth: null, folder: null, withChanges: false }
/** What is checked out: commit, branch, a line for the README, and what `line` says. What is on a branch can be pulled. */
const lookAt = (
  readme: string,
  line: string,
) => `cd ~/repo && git rev-parse HEAD && echo "$(git branch --show-current)" && ${readme} && (${line}) && (
  ! git symbolic-ref -q HEAD >/dev/null || git pull -q) && rm -rf ~/repo`

describe('a repository', () => {
  let test: TestCore
  let server: GitServer
  let daemon: Awaited<ReturnType<typeof startGitDaemon>>
  let full: FullRepo
  let engine: Engine
  const secret = { username: 'me', password: 'p:w@/1' }
  const name = uniqueName('repo')
  const sshName = uniqueName('repo')
  const start = (workspace = name, options = {}) => done(test.core, test.core.workspaces.start({ name: workspace, ...options }))
  const inWorkspace = (line: string, workspace = name) => inside(test.core, workspace, line)

  beforeAll(async () => {
    ;[test, server, engine] = await Promise.all([createTestCore(), startGitServer(), connectEngine()])
    full = await addFullRepo(server)
    daemon = await startGitDaemon(server)
  })
  afterAll(async () => {
    engine.close()
    daemon.close()
    await test.dispose()
    await server.close()
  })

  /** Clones as a start does, into a workspace that is there, looks at it, and removes it. */
  async function clone(
    given: string,
    choice: Partial<RepoChoice> = {},
    { workspace = name, line = 'true', readme = 'cat README.md' } = {},
  ) {
    const { url, credential, ref } = readRepo(given)
    const notices: string[] = []
    const found = await cloneRepo(
      {
        ...{ engine, containerId: test.core.workspaces.get(workspace).containerId ?? '', workspace, url, credential },
        signal: new AbortController().signal,
        onProgress: () => undefined,
        notice: (text) => notices.push(text),
      },
      { ...WHOLE, branch: ref, ...choice },
    )
    expect(found).not.toBeNull()
    const [commit, on, content, said] = (await inWorkspace(lookAt(readme, line), workspace)).split('\n')
    return { ...found, commit, on, readme: content, said, notices }
  }

  it('that asks for a password says so at once, and is cloned when it has one', async () => {
    const url = server.privateUrl('demo.git', secret).replace(/\/\/.*@/, '//')
    const begun = Date.now()
    await expect(start(name, { clone: url })).rejects.toMatchObject({
      code: 'REPO_ACCESS_DENIED',
      data: { workspace: name, url, method: 'password', credentialGiven: false },
    })
    expect(Date.now() - begun).toBeLessThan(15_000)
    expect(test.core.workspaces.get(name)).toMatchObject({
      ...{ status: 'running', repoState: 'failed', problem: { code: 'REPO_ACCESS_DENIED' } },
    })
    expect(await inWorkspace('ls -A ~ | grep -e repo -e berth || true')).toBe('')
    await test.core.workspaces.setRepoCredential(name, { ...secret, password: 'wrong' })
    await expect(start()).rejects.toMatchObject({ code: 'REPO_ACCESS_DENIED', data: { credentialGiven: true } })
    await test.core.workspaces.setRepoCredential(name, secret)
    await start()
    expect(test.core.workspaces.get(name)).toMatchObject({ repoState: 'cloned', repo: url, problem: null })
    expect(await inWorkspace('git -C ~/repo pull -q && cat ~/repo/README.md; stat -c %U ~/repo/.git')).toBe('# Demo\nworkspace')
  })

  it('that is there is left as it is; one that was deleted inside is cloned again at the next start', async () => {
    await inWorkspace('echo mine > ~/repo/README.md')
    await start()
    expect(await inWorkspace('cat ~/repo/README.md')).toBe('mine')
    expect(await test.core.workspaces.deletionPreview(name)).toMatchObject({ uncommittedFiles: 1, unpushedCommits: 0 })
    const commit = await inWorkspace('git -C ~/repo rev-parse HEAD')
    expect(await test.core.workspaces.repositories(name)).toEqual([
      { path: '/home/workspace/repo', branch: 'main', commit, upstream: 'origin/main', ahead: 0, behind: 0, changedFiles: 1 },
    ])
    await inWorkspace('rm -rf ~/repo')
    await start()
    expect(await inWorkspace('cat ~/repo/README.md; rm -rf ~/repo')).toBe('# Demo')
  })

  it('comes with the available submodules, by the same password, and lists the others and missing large files', async () => {
    const line = 'cat library/README.md; ls broken'
    const { notices, ...cloned } = await clone(server.privateUrl('group/full.git', secret), { branch: 'extras' }, { line })
    expect(cloned).toMatchObject({ readme: 'main', said: '# Demo' })
    expect(notices).toEqual([
      expect.stringContaining('git-lfs is not installed'),
      expect.stringContaining('The submodule broken could not'),
    ])
  })

  it.each<[string, (base: string) => string, object]>([
    ['URL', (base) => `${base}.git`, { on: 'main', readme: 'main' }],
    ['URL#BRANCH', (base) => `${base}.git#feature/x`, { on: 'feature/x', readme: 'first', branch: 'feature/x' }],
    ['URL#TAG', (base) => `${base}.git#v1`, { on: '', readme: 'first' }],
    ['…/tree/BRANCH', (base) => `${base}/tree/feature/x`, { on: 'feature/x', branch: 'feature/x', folder: null }],
    [
      '…/tree/BRANCH/FOLDER',
      (base) => `${base}/tree/feature/x/packages/web`,
      { on: 'feature/x', branch: 'feature/x', folder: 'packages/web' },
    ],
    ['…/pull/N', (base) => `${base}/pull/7/files`, { on: 'pull/7', readme: 'pull request' }],
    ['…/-/merge_requests/N', (base) => `${base}/-/merge_requests/7`, { on: 'merge-requests/7', readme: 'pull request' }],
  ])('is cloned from what people paste: %s', async (_, form, expected) => {
    expect(await clone(form(server.url('group/full')))).toMatchObject(expected)
  })

  it('is cloned at a commit, on a branch or not, and with few commits', async () => {
    const base = server.url('group/full')
    expect(await clone(`${base}/commit/${full.first}`)).toMatchObject({ commit: full.first, on: '' })
    const line = 'git rev-list --count HEAD'
    expect(await clone(`${base}.git`, { branch: full.loose, depth: 1 }, { line })).toMatchObject({ commit: full.loose, said: '1' })
  })

  it('is cloned by the git protocol', async () => {
    expect(await clone(`${daemon.url('group/full.git')}#feature/x`)).toMatchObject({ on: 'feature/x', readme: 'first' })
  })

  it('opens in a folder of it, if that is there', async () => {
    expect(await clone(server.url('demo.git'), { folder: 'none' })).toMatchObject({
      ...{ folder: null, notices: [expect.stringContaining('no folder “none”')] },
    })
    await inWorkspace('mkdir -p ~/repo/packages/web')
    await test.core.workspaces.update(name, { folder: 'packages/web' })
    expect(await inWorkspace('pwd')).toBe('/home/workspace/repo/packages/web')
    await test.core.workspaces.update(name, { folder: 'gone/with/it' })
    expect(await inWorkspace('pwd; rm -rf ~/repo')).toBe('/home/workspace/repo')
  })

  it.each<[string, string, object]>([
    ['there is no such repository', 'none.git', { code: 'REPO_CLONE_FAILED', data: { exitCode: 128 } }],
    ['its branch has no such folder', 'group/full/tree/main/none', { code: 'REPO_REF_NOT_FOUND', data: { ref: 'main/none' } }],
    ['it has no such commit', 'group/full.git#0123456789abcdef', { code: 'REPO_REF_NOT_FOUND' }],
  ])('is refused with a reason when %s, and leaves nothing', async (_, form, error) => {
    await expect(clone(server.url(form))).rejects.toMatchObject(error)
    expect(await inWorkspace('ls -A ~ | grep -e repo -e berth || true')).toBe('')
  })

  it('is copied from a folder of this machine, with what is not committed if that is wanted', async () => {
    const local = join(server.folder, 'local')
    await git('clone', '-q', '--branch', 'main', join(server.folder, 'group/full.git'), local)
    await git('-C', local, 'remote', 'set-url', 'origin', server.url('group/full.git'))
    await writeFile(join(local, 'README.md'), 'changed\n')
    await mkdir(join(local, 'new folder'))
    await writeFile(join(local, 'new folder', 'ü'), 'new\n')
    await writeFile(join(local, 'tool'), '#!/bin/sh\n', { mode: 0o755 })
    await symlink('README.md', join(local, 'link'))
    await writeFile(join(local, '.git/info/exclude'), 'ignored\n')
    await writeFile(join(local, 'ignored'), 'ignored\n')
    const status = (path: string) => `git -C ${path} status --porcelain -z | base64 -w0`
    const line = `echo "$(${status('.')}) $(git rev-list --all --count) $(stat -c %a tool) $(cat link 'new folder/ü'; ls)"; git stash -qu`
    const { readme, said, notices } = await clone(local, { withChanges: true }, { line })
    expect({ readme, notices }).toEqual({ readme: 'changed', notices: [] })
    const here = await promisify(exec)(status(local))
    expect(said).toBe(`${here.stdout} ${await git('-C', local, 'rev-list', '--all', '--count')} 755 changed`)

    await git('-C', local, 'rm', '-q', '--cached', 'README.md')
    await rm(join(local, 'README.md'))
    const gone = { readme: 'echo', line: 'git status --porcelain README.md; git stash -qu' }
    expect(await clone(local, { withChanges: true }, gone)).toMatchObject({ said: ' D README.md' })
    expect(await clone(local, { branch: 'feature/x' })).toMatchObject({ on: 'feature/x', readme: 'first' })
  })

  it('on an ssh server: the host’s key is shown and accepted, a missing key is told, then it is cloned', async () => {
    await expect(start(sshName, { clone: 'workspace@127.0.0.1:served.git' })).rejects.toMatchObject({
      code: 'REPO_HOST_UNKNOWN',
      data: { host: '127.0.0.1', port: 22, changed: false },
    })
    const { problem } = test.core.workspaces.get(sshName)
    // The server is the workspace's own.
    const [, fingerprint = ''] = (await inWorkspace('ssh-keygen -lf /etc/berth/ssh/ssh_host_ed25519_key.pub', sshName)).split(' ')
    expect(problem?.data).toMatchObject({ keys: expect.arrayContaining([{ type: 'ssh-ed25519', fingerprint }]) })
    await expect(test.core.workspaces.trustRepoHost(sshName, 'SHA256:other')).rejects.toMatchObject({ code: 'REPO_HOST_UNKNOWN' })
    await test.core.workspaces.trustRepoHost(sshName, fingerprint)
    await expect(start(sshName)).rejects.toMatchObject({ code: 'REPO_ACCESS_DENIED', data: { method: 'key' } })
    await inWorkspace(
      `ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519 && cat ~/.ssh/*.pub >> ~/.ssh/authorized_keys &&
       git clone -q --mirror ${server.url('group/full.git')} ~/served.git && git -C ~/served.git config transfer.hideRefs refs/none`,
      sshName,
    )
    await start(sshName)
    expect(test.core.workspaces.get(sshName)).toMatchObject({ repoState: 'cloned', problem: null })
    await inWorkspace('rm -rf ~/repo', sshName)
    expect(await clone('ssh://workspace@127.0.0.1:22/~/served.git#feature/x', {}, { workspace: sshName })).toMatchObject({
      on: 'feature/x',
    })
    expect(await clone('workspace@127.0.0.1:served.git', { branch: 'refs/pull/7/head' }, { workspace: sshName })).toMatchObject({
      on: 'pull/7',
    })
    await inWorkspace('awk \'{ print "127.0.0.1", $1, $2 }\' ~/.ssh/id_ed25519.pub > ~/.ssh/known_hosts', sshName)
    await expect(clone('workspace@127.0.0.1:served.git', {}, { workspace: sshName })).rejects.toMatchObject({
      code: 'REPO_HOST_UNKNOWN',
      data: { changed: true },
    })
  })

  it('is one of several: each with its branch in its own folder, failures are reported separately, and missing ones are cloned at the next start', async () => {
    const several = uniqueName('repo')
    const later = server.url('later.git')
    const options = { clone: server.url('demo.git'), alsoClone: [`${server.url('group/full.git')}#feature/x`, later] }
    await expect(start(several, options)).rejects.toMatchObject({ code: 'REPO_CLONE_FAILED', data: { url: later } })
    const view = test.core.workspaces.get(several)
    expect(view).toMatchObject({
      ...{ status: 'running', repoState: 'cloned', problem: { code: 'REPO_CLONE_FAILED' } },
      furtherRepos: [
        { url: server.url('group/full.git'), branch: 'feature/x', folder: 'full' },
        { url: later, branch: null, folder: 'later' },
      ],
      furtherRepoStates: { full: { status: 'cloned', problem: null }, later: { status: 'failed', problem: { code: 'REPO_CLONE_FAILED' } } },
    })
    expect(await inWorkspace('cat ~/repo/README.md; git -C ~/full branch --show-current; ls ~', several)).toBe(
      '# Demo\nfeature/x\nfull\nrepo',
    )
    await git('clone', '-q', '--mirror', join(server.folder, 'demo.git'), join(server.folder, 'later.git'))
    await inWorkspace('echo mine > ~/repo/README.md; rm -rf ~/full', several)
    expect(await test.core.workspaces.deletionPreview(several)).toMatchObject({ uncommittedFiles: 1, unpushedCommits: 0 })
    // One was deleted inside, one could not be cloned.
    expect(await test.core.workspaces.repositories(several)).toMatchObject([{ path: '/home/workspace/repo', changedFiles: 1 }])
    await start(several)
    expect(test.core.workspaces.get(several)).toMatchObject({ problem: null, furtherRepoStates: { later: { status: 'cloned' } } })
    expect(await inWorkspace('cat ~/repo/README.md ~/later/README.md; git -C ~/full branch --show-current', several)).toBe(
      'mine\n# Demo\nfeature/x',
    )
  })

  it('of GitHub, which is asked first, becomes a workspace of its name, and is cloned again when it is gone', async () => {
    await mkdir(join(server.folder, 'octocat'))
    await git('clone', '-q', '--mirror', join(server.folder, 'demo.git'), join(server.folder, 'octocat/Hello.World.git'))
    const api = createServer((request, response) => {
      const isThere = request.url === '/repos/octocat/hello.world'
      response.writeHead(isThere ? 200 : 404).end(JSON.stringify(isThere ? { name: 'Hello.World', owner: { login: 'octocat' } } : {}))
    }).listen(0, '127.0.0.1')
    await once(api, 'listening')
    const { port } = api.address() as AddressInfo
    const web = server.url('').replace(/\/$/, '')
    const imports = await createTestCore({}, { github: { api: `http://127.0.0.1:${port}`, web } })
    const { signal } = new AbortController()
    try {
      const { workspaces } = imports.core
      await expect(workspaces.importGithub({ repository: 'octocat/none' }, signal)).rejects.toMatchObject({ code: 'GITHUB_NOT_FOUND' })
      expect(workspaces.list()).toEqual([])
      await done(imports.core, workspaces.importGithub({ repository: 'octocat/hello.world' }, signal))
      expect(workspaces.list()).toMatchObject([{ name: 'hello-world', repo: `${web}/octocat/Hello.World.git`, repoState: 'cloned' }])
      expect(await inside(imports.core, 'hello-world', 'cat ~/repo/README.md; rm -rf ~/repo')).toBe('# Demo')
      await done(imports.core, workspaces.restart('hello-world'))
      expect(await inside(imports.core, 'hello-world', 'cat ~/repo/README.md')).toBe('# Demo')
    } finally {
      await imports.dispose()
      api.close()
    }
  })

  it.each(['-uupload-pack=touch /tmp/x', 'ext::sh -c id', '', 'file:///etc', 'http://host/a b', 'owner/repo#a..b'])(
    'is refused for “%s”, and nothing is made',
    async (url) => {
      const refused = uniqueName('repo')
      await expect(test.core.workspaces.start({ name: refused, clone: url })).rejects.toMatchObject({ code: 'REPO_URL_INVALID' })
      expect(test.core.workspaces.list().map((workspace) => workspace.name)).not.toContain(refused)
    },
  )
})
