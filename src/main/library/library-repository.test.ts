import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BerthError, isBerthError } from '../../shared/errors'
import { createLibraryRepository, type LibraryRepository } from './library-repository'
import { createGitFolders, type GitFolders } from './testing/git-folders'

const STARTER = join(import.meta.dirname, '../../../resources/starter-library')
const NODE = 'workspace-template/node.json'

let folders: GitFolders
let library: LibraryRepository

const open = (folder = 'library') =>
  createLibraryRepository({ folder: () => join(folders.root, folder), starterPath: STARTER, now: () => new Date('2026-01-02T03:04:05Z') })
const read = (path: string) => readFileSync(join(folders.root, path), 'utf8')
const git = (folder: string, ...command: string[]) => folders.git(folder, ...command)

beforeEach(() => {
  folders = createGitFolders()
  library = open()
})
afterEach(() => {
  vi.unstubAllEnvs()
  folders.dispose()
})

/** A bare remote with one template, a clone of it that is the library, and another clone: a colleague’s. */
async function withRemote(): Promise<void> {
  git('.', 'init', '--quiet', '--bare', 'remote.git')
  git('.', 'clone', '--quiet', 'remote.git', 'colleague')
  folders.write(`colleague/${NODE}`, '{ "name": "one" }\n')
  commitAndPush('colleague', 'First')
  await library.clone(join(folders.root, 'remote.git'))
  git('library', 'config', 'user.name', 'Grace')
  git('library', 'config', 'user.email', 'grace@example.com')
}

function commit(folder: string, message: string): void {
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '-m', message)
}

function commitAndPush(folder: string, message: string, ...options: string[]): void {
  commit(folder, message)
  git(folder, 'push', '--quiet', ...options, 'origin', 'HEAD:main')
}

async function refused(work: Promise<unknown>): Promise<BerthError<'LIBRARY_STATE'>> {
  const error: unknown = await work.then(
    () => null,
    (caught: unknown) => caught,
  )
  if (!isBerthError(error, 'LIBRARY_STATE')) throw error ?? new Error('It was not refused.')
  return error
}

describe('making one', () => {
  it('names a library that is not there, makes it with the starter’s templates, and has everything committed', async () => {
    expect(await library.status()).toMatchObject({ states: ['missing'], actions: ['init', 'clone'] })
    expect(await library.init()).toMatchObject({ states: ['no-remote', 'clean'], actions: [], branch: 'main' })
    expect(readdirSync(join(folders.root, 'library/workspace-template')).sort()).toEqual([
      'fullstack.json',
      'go.json',
      'node.json',
      'python.json',
      'rust.json',
    ])
    expect(await library.log(5)).toMatchObject([{ subject: 'Begin with the starter library' }])
    expect((await refused(library.init())).data).toMatchObject({ action: 'init', states: ['no-remote', 'clean'] })
  })

  it('makes a repository of a plain folder, and adds nothing to it', async () => {
    folders.write(`library/${NODE}`, 'mine')
    expect(await library.status()).toMatchObject({ states: ['not-a-repository'], actions: ['init'] })
    expect(await library.log(5)).toEqual([])
    await refused(library.commit('no'))
    await refused(library.clone(join(folders.root, 'remote.git')))
    expect(await library.init()).toMatchObject({ states: ['no-remote', 'clean'] })
    expect(git('library', 'ls-files').trim()).toBe(NODE)
    expect(read(`library/${NODE}`)).toBe('mine')
  })

  it('takes a folder within another repository for none', async () => {
    git('.', 'init', '--quiet')
    folders.write(`library/${NODE}`, 'mine')
    expect(await library.status()).toMatchObject({ states: ['not-a-repository'] })
  })

  it('says what git says of a repository that it cannot use', async () => {
    folders.write('library/.git', 'gitdir: /nowhere\n')
    expect(await library.status()).toMatchObject({ states: ['unusable'], actions: [], detail: expect.stringContaining('/nowhere') })
  })

  it('leaves nothing of a clone that fails, and hides the password that was given', async () => {
    const error: unknown = await library.clone(`file://${folders.root}/none.git`).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'REPO_URL_INVALID' })
    await expect(library.clone(join(folders.root, 'none.git'))).rejects.toMatchObject({ code: 'LIBRARY_REMOTE_FAILED' })
    await expect(library.clone('http://ada:secret@127.0.0.1:1/library.git')).rejects.toSatisfy(
      (caught) => !JSON.stringify(caught).includes('secret'),
    )
    expect(readdirSync(folders.root)).toEqual([])
  })
})

describe('with a remote', () => {
  beforeEach(withRemote)

  it('is clean after a clone, dirty after a change, ahead after a commit, and clean after a push', async () => {
    expect(await library.status()).toMatchObject({ states: ['clean'], actions: ['pull'], remote: join(folders.root, 'remote.git') })
    folders.write('library/skill/new/SKILL.md', 'text\n')
    folders.write(`library/${NODE}`, '{ "name": "two" }\n')
    expect(await library.status()).toMatchObject({
      states: ['dirty'],
      actions: ['commit'],
      changes: [
        { path: 'skill/new/SKILL.md', change: 'added' },
        { path: NODE, change: 'changed' },
      ],
    })
    expect(await library.compare(NODE)).toMatchObject({
      committed: '{ "name": "one" }\n',
      patch: expect.stringContaining('+{ "name": "two" }'),
    })
    expect(await library.commit('Second')).toMatchObject({ states: ['ahead'], ahead: 1, actions: ['push', 'pull'] })
    expect((await refused(library.commit('Nothing'))).data.action).toBe('commit')
    expect(await library.push()).toMatchObject({ states: ['clean'], ahead: 0 })
    expect((await library.log(5)).map(({ subject, author }) => [subject, author])).toEqual([
      ['Second', 'Grace'],
      ['First', 'Ada'],
    ])
  })

  it('does not commit without an author', async () => {
    git('library', 'config', 'user.useConfigOnly', 'true')
    for (const key of ['user.name', 'user.email']) git('library', 'config', '--unset', key)
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null')
    folders.write('library/skill/new/SKILL.md', 'text\n')
    await expect(library.commit('New')).rejects.toMatchObject({
      code: 'LIBRARY_GIT_FAILED',
      data: { next: expect.stringContaining('user.name') },
    })
    expect(await library.status()).toMatchObject({ states: ['dirty'] })
  })

  it('goes forward where nothing is in the way', async () => {
    folders.write(`colleague/${NODE}`, '{ "name": "two" }\n')
    commitAndPush('colleague', 'Second')
    expect(await library.pull('fast-forward')).toMatchObject({ states: ['clean'], keptAs: null })
    expect(read(`library/${NODE}`)).toBe('{ "name": "two" }\n')
  })

  it('does not pull over a dirty tree, and says which files are in the way', async () => {
    folders.write(`colleague/${NODE}`, '{ "name": "theirs" }\n')
    commitAndPush('colleague', 'Second')
    folders.write(`library/${NODE}`, '{ "name": "mine" }\n')
    folders.write('library/notes.md', 'mine\n')
    for (const how of ['fast-forward', 'merge', 'take-remote'] as const) {
      const { data, message } = await refused(library.pull(how))
      expect(data).toMatchObject({ states: ['dirty', 'behind'], files: ['notes.md', NODE] })
      expect(message).toContain('notes.md')
    }
    expect([read(`library/${NODE}`), read('library/notes.md')]).toEqual(['{ "name": "mine" }\n', 'mine\n'])
  })

  it('merges what has diverged only when it is asked to', async () => {
    folders.write('colleague/skill/theirs/SKILL.md', 'theirs\n')
    commitAndPush('colleague', 'Theirs')
    folders.write('library/skill/mine/SKILL.md', 'mine\n')
    commit('library', 'Mine')
    expect((await refused(library.pull('fast-forward'))).data).toMatchObject({ states: ['diverged'], actions: ['pull-merge'] })
    await refused(library.push())
    expect(await library.pull('merge')).toMatchObject({ states: ['ahead'], ahead: 2 })
    expect([read('library/skill/mine/SKILL.md'), read('library/skill/theirs/SKILL.md')]).toEqual(['mine\n', 'theirs\n'])
    expect(await library.push()).toMatchObject({ states: ['clean'] })
  })

  it('lists the files of a pull with conflicts; it can be aborted, or finished once they are resolved', async () => {
    folders.write(`colleague/${NODE}`, '{ "name": "theirs" }\n')
    commitAndPush('colleague', 'Theirs')
    folders.write(`library/${NODE}`, '{ "name": "mine" }\n')
    commit('library', 'Mine')
    const conflicting = { states: ['conflicting', 'diverged'], conflicts: [NODE], actions: ['continue', 'abort'] }
    expect(await library.pull('merge')).toMatchObject(conflicting)
    expect(await library.status()).toMatchObject(conflicting)
    for (const work of [() => library.pull('merge'), () => library.push(), () => library.commit('x'), () => library.continueMerge()])
      expect((await refused(work())).data.files).toEqual([NODE])
    expect(await library.abortMerge()).toMatchObject({ states: ['diverged'] })
    expect(read(`library/${NODE}`)).toBe('{ "name": "mine" }\n')

    await library.pull('merge')
    folders.write(`library/${NODE}`, '{ "name": "both" }\n')
    expect(await library.continueMerge()).toMatchObject({ states: ['ahead'], conflicts: [] })
    expect(await library.push()).toMatchObject({ states: ['clean'] })
    git('colleague', 'pull', '--quiet', 'origin', 'main')
    expect(read(`colleague/${NODE}`)).toBe('{ "name": "both" }\n')
  })

  it('knows a remote that was rewritten, loses nothing, and takes its history only when it is asked to', async () => {
    folders.write(`colleague/${NODE}`, '{ "name": "two" }\n')
    commitAndPush('colleague', 'Second')
    await library.pull('fast-forward')
    git('colleague', 'reset', '--quiet', '--hard', 'HEAD~1')
    folders.write(`colleague/${NODE}`, '{ "name": "rewritten" }\n')
    commitAndPush('colleague', 'Other second', '--force')
    const { data } = await refused(library.pull('fast-forward'))
    expect(data).toMatchObject({ states: ['rewritten'], actions: ['take-remote', 'pull-merge'] })
    expect(read(`library/${NODE}`)).toBe('{ "name": "two" }\n')
    await refused(library.push())

    expect(await library.pull('take-remote')).toMatchObject({ states: ['clean'], keptAs: 'before-2026-01-02T03-04-05-000Z' })
    expect(read(`library/${NODE}`)).toBe('{ "name": "rewritten" }\n')
    expect(git('library', 'show', `before-2026-01-02T03-04-05-000Z:${NODE}`)).toBe('{ "name": "two" }\n')
  })

  it('knows a remote that only dropped commits, and one whose new history was merged', async () => {
    folders.write(`colleague/${NODE}`, '{ "name": "two" }\n')
    commitAndPush('colleague', 'Second')
    await library.pull('fast-forward')
    git('colleague', 'reset', '--quiet', '--hard', 'HEAD~1')
    git('colleague', 'push', '--quiet', '--force', 'origin', 'HEAD:main')
    expect((await refused(library.pull('fast-forward'))).data.states).toEqual(['rewritten'])
    folders.write('colleague/skill/x/SKILL.md', 'x\n')
    commitAndPush('colleague', 'Other')
    expect(await library.pull('merge')).toMatchObject({ states: ['ahead'] })
    expect(await library.push()).toMatchObject({ states: ['clean'] })
  })

  it('leaves a detached head, and what another git operation has under way, to git', async () => {
    git('library', 'checkout', '--quiet', '--detach')
    expect(await library.status()).toMatchObject({ states: ['detached'], branch: null, actions: [] })
    for (const work of [() => library.pull('fast-forward'), () => library.pull('take-remote'), () => library.push()])
      expect((await refused(work())).data.states).toEqual(['detached'])
    git('library', 'checkout', '--quiet', 'main')
    folders.write(`library/${NODE}`, '{ "name": "a" }\n')
    commit('library', 'A')
    git('library', 'checkout', '--quiet', '-b', 'other', 'HEAD~1')
    folders.write(`library/${NODE}`, '{ "name": "b" }\n')
    commit('library', 'B')
    expect(() => git('library', 'rebase', 'main')).toThrow()
    expect(await library.status()).toMatchObject({ states: expect.arrayContaining(['other-operation', 'conflicting']) })
    await refused(library.abortMerge())
  })

  it('runs no program that the folder’s own configuration or hooks name', async () => {
    const ran = join(folders.root, 'ran')
    folders.write('script', `#!/bin/sh\ntouch ${ran}\ncat\n`)
    chmodSync(join(folders.root, 'script'), 0o755)
    const script = join(folders.root, 'script')
    mkdirSync(join(folders.root, 'library/.git/hooks'), { recursive: true })
    for (const hook of ['pre-commit', 'post-commit', 'commit-msg', 'post-merge', 'pre-push', 'reference-transaction', 'post-checkout'])
      symlinkSync(script, join(folders.root, 'library/.git/hooks', hook))
    const programs = {
      'core.fsmonitor': script,
      'core.sshCommand': script,
      'diff.external': script,
      'diff.x.textconv': script,
      'remote.origin.uploadpack': script,
      'remote.origin.receivepack': script,
    }
    for (const [key, value] of Object.entries({
      ...programs,
      'filter.x.clean': script,
      'filter.x.smudge': script,
      'merge.x.driver': script,
    }))
      git('library', 'config', key, value)
    folders.write('library/.gitattributes', '*.json filter=x diff=x merge=x\n')
    folders.write(`library/${NODE}`, '{ "name": "two" }\n')
    await library.compare(NODE)
    await library.commit('Second')
    await library.push()
    await library.pull('fast-forward')
    expect(existsSync(ran)).toBe(false)
    // A merge with a driver of the folder’s is one with conflicts as text has them.
    git('colleague', 'pull', '--quiet', 'origin', 'main')
    folders.write(`colleague/${NODE}`, '{ "name": "theirs" }\n')
    commitAndPush('colleague', 'Theirs')
    folders.write(`library/${NODE}`, '{ "name": "mine" }\n')
    await library.commit('Mine')
    expect(await library.pull('merge')).toMatchObject({ conflicts: [NODE] })
    expect(read(`library/${NODE}`)).toMatch(/^<<<<<<< [\s\S]*mine[\s\S]*theirs/)
    expect(existsSync(ran)).toBe(false)
  })
})
