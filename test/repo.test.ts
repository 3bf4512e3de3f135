import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GitServer, startGitServer } from './support/git-server'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

describe('a repository cloned on creation', () => {
  let test: TestCore
  let server: GitServer
  beforeAll(async () => {
    ;[test, server] = await Promise.all([createTestCore(), startGitServer()])
  })
  afterAll(async () => {
    await test.dispose()
    await server.close()
  })

  it('lands in /home/workspace/repo, owned by the user', async () => {
    const { core } = test
    const name = uniqueName('repo')
    await done(core, core.workspaces.start({ name, clone: server.url('demo.git') }))
    expect(core.workspaces.get(name)).toMatchObject({ status: 'running', repoState: 'cloned', repo: server.url('demo.git') })
    expect(await inside(core, name, 'cat ~/repo/README.md; stat -c %U ~/repo/.git')).toBe('# Demo\nworkspace')
  })

  it('that cannot be had leaves a running workspace that says why, and the clone can be retried', async () => {
    const { core } = test
    const name = uniqueName('repo')
    await expect(done(core, core.workspaces.start({ name, clone: server.url('none.git') }))).rejects.toMatchObject({
      code: 'REPO_CLONE_FAILED',
      data: { workspace: name, url: server.url('none.git') },
    })
    expect(core.workspaces.get(name)).toMatchObject({
      status: 'running',
      repoState: 'failed',
      problem: { code: 'REPO_CLONE_FAILED' },
    })
    expect(await inside(core, name, 'ls -A ~ | grep -e repo -e berth || true')).toBe('')
    // A start is the retry; as the address is still wrong, so is the outcome.
    await expect(done(core, core.workspaces.start({ name }))).rejects.toMatchObject({ code: 'REPO_CLONE_FAILED' })
    expect(core.workspaces.get(name).status).toBe('running')
  })

  it('that was deleted inside is cloned again at the next start', async () => {
    const { core } = test
    const name = uniqueName('repo')
    await done(core, core.workspaces.start({ name, clone: server.url('demo.git') }))
    await inside(core, name, 'rm -rf ~/repo')
    await done(core, core.workspaces.restart(name))
    expect(await inside(core, name, 'cat ~/repo/README.md')).toBe('# Demo')
  })

  it('is left as it is when there is one', async () => {
    const { core } = test
    const name = uniqueName('repo')
    await done(core, core.workspaces.start({ name, clone: server.url('demo.git') }))
    await inside(core, name, 'echo mine > ~/repo/README.md')
    await done(core, core.workspaces.restart(name))
    expect(await inside(core, name, 'cat ~/repo/README.md')).toBe('mine')
    expect(await core.workspaces.deletionPreview(name)).toMatchObject({ uncommittedFiles: 1, unpushedCommits: 0 })
  })

  it.each(['-uupload-pack=touch /tmp/x', 'ext::sh -c id', '', 'file:///etc', 'http://host/a b'])(
    'is refused for “%s”, and nothing is made',
    async (url) => {
      const { core } = test
      const name = uniqueName('repo')
      await expect(core.workspaces.start({ name, clone: url })).rejects.toMatchObject({ code: 'REPO_URL_INVALID' })
      expect(core.workspaces.list().map((workspace) => workspace.name)).not.toContain(name)
    },
  )
})
