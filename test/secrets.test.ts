import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archivePartNameSchema } from '../src/main/storage/archive/archive-manifest'
import { openArchive } from '../src/main/storage/archive/archive-read'
import { inContainer } from '../src/shared/testing/in-container'
import type { Workspace } from '../src/shared/workspace'
import { type GitServer, startGitServer } from './support/git-server'
import { longIt } from './support/long'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

const TOKEN = 'planted-token/4711@x'
const VALUE = 'planted-value-4712'
const SHARED = 'planted-shared-4713'
const GITHUB = 'planted-github-4714'
/** In files of this machine that are copied: a private key, and an agent's login. */
const KEY = 'planted-key-4716'
const LOGIN = 'planted-login-4717'
/** As they were given, and as they are in a URL. */
const PLANTED = [TOKEN, encodeURIComponent(TOKEN), VALUE, SHARED, GITHUB, KEY, LOGIN]

describe('secrets', () => {
  let test: TestCore
  let server: GitServer
  let userHome: string
  const name = uniqueName('secret')
  const events: string[] = []
  const began = Math.floor(Date.now() / 1000)
  beforeAll(async () => {
    userHome = await mkdtemp(join(tmpdir(), 'berth-user-'))
    await Promise.all(['.ssh', '.codex'].map((folder) => mkdir(join(userHome, folder))))
    await writeFile(join(userHome, '.ssh/work'), KEY, { mode: 0o600 })
    await writeFile(join(userHome, '.codex/auth.json'), LOGIN, { mode: 0o600 })
    ;[test, server] = await Promise.all([createTestCore({}, { userHome }), startGitServer()])
    test.core.events.subscribe((event) => events.push(JSON.stringify(event)))
    const clone = server.privateUrl('demo.git', { username: 'me', password: TOKEN })
    test.core.settings.update({ env: { SHARED_KEY: SHARED }, githubToken: GITHUB, syncSshKeys: ['~/.ssh/work'], codingAgents: ['codex'] })
    await done(test.core, test.core.workspaces.start({ name, clone, env: { API_KEY: VALUE } }))
  }, 60_000)
  afterAll(async () => {
    await test.dispose()
    await server.close()
    await rm(userHome, { recursive: true })
  })

  const shown = () => test.core.workspaces.get(name)

  it('let a private repository be cloned and pulled', async () => {
    expect(shown()).toMatchObject({
      repoState: 'cloned',
      repo: expect.stringMatching(/^http:\/\/host\.docker\.internal:\d+\/private\/demo\.git$/),
    })
    await inside(test.core, name, 'git -C ~/repo pull -q')
    await done(test.core, test.core.workspaces.restart(name))
    await inside(test.core, name, 'git -C ~/repo pull -q')
  })

  it('are in no label, argument, list, event, journal or record', async () => {
    const { id } = shown()
    const [container] = await docker.listContainers({ all: true, filters: { label: [`dev.berth.id=${id}`] } })
    const details = await docker.getContainer(container?.Id ?? '').inspect()
    // One that runs now, with all of them in its environment.
    const session = await test.core.terminals.open({ workspace: name, tty: true, start: false, ephemeral: false, cols: 80, rows: 24 })
    const { ExecIDs: execs } = await docker.getContainer(container?.Id ?? '').inspect()
    const shownExecs = await Promise.all((execs as unknown as string[]).map((exec) => docker.getExec(exec).inspect()))
    await test.core.terminals.close(session.id)
    const { operation: snapshot } = await test.core.copies.createSnapshot(name, 'planted')
    expect((await test.core.operations.whenEnded(snapshot.id)).error).toBeNull()
    const layers = await docker.listImages({ filters: { reference: ['berth-layer/*'] } })
    const images = layers.map(({ Id }) => docker.getImage(Id))
    const shownImages = await Promise.all(images.flatMap((image) => [image.inspect(), image.history()]))
    const until = Math.ceil(Date.now() / 1000)
    const engineEvents = (await docker.getEvents({ since: began, until })) as Readable
    const places = {
      view: JSON.stringify([shown(), test.core.workspaces.list()]),
      events: events.join('\n'),
      operations: JSON.stringify(test.core.operations.list()),
      settings: JSON.stringify([test.core.settings.get(), test.core.events.snapshot()]),
      'what the engine shows of the container and what runs in it': JSON.stringify([details, shownExecs]),
      'what the engine shows of images of it': JSON.stringify(shownImages),
      'events of the engine': await text(engineEvents),
      'processes inside that are not theirs': await inside(
        test.core,
        name,
        `tr '\\0' '\\n' </proc/1/environ; cat /proc/[0-9]*/cmdline`,
        'root',
      ),
      'arguments of processes here': await processArguments(),
      'Berth’s files': await filesOf(test.home),
      'git’s config': await inside(test.core, name, 'cat ~/repo/.git/config; env -u API_KEY -u SHARED_KEY'),
    }
    for (const [place, found] of Object.entries(places)) {
      expect(found.length, place).toBeGreaterThan(1)
      for (const secret of PLANTED) expect(found, place).not.toContain(secret)
    }
    expect(shown().env).toEqual({ API_KEY: '***' })
    expect(await inside(test.core, name, 'echo $API_KEY $SHARED_KEY')).toBe(`${VALUE} ${SHARED}`)
    expect(await inside(test.core, name, 'cat ~/.config/gh/hosts.yml')).toContain(GITHUB)
    expect(await inside(test.core, name, 'cat ~/.ssh/work ~/.codex/auth.json')).toBe(KEY + LOGIN)
    expect(test.core.workspaces.environment(name, { reveal: false })).toEqual({ variables: { API_KEY: '***' }, lost: [] })
    expect(test.core.workspaces.environment(name, { reveal: true })).toEqual({ variables: { API_KEY: VALUE }, lost: [] })
  })

  it('are in no debug report, though a program has printed them', async () => {
    await inside(test.core, name, 'echo "it is $API_KEY and $(sed -n s/^password=//p /etc/berth/git-credential)" >/proc/1/fd/1', 'root')
    const report = await test.core.debugReports.of(name)
    expect(report).toMatchObject({
      workspace: { name, status: 'running' },
      container: { state: 'running', mounts: expect.arrayContaining([expect.objectContaining({ path: '/home/workspace' })]) },
      volumes: [{ isThere: true }, { isThere: true }],
      home: expect.arrayContaining([expect.stringMatching(/ repo$/)]),
      operations: [{ kind: 'snapshot.create' }, { kind: 'workspace.restart' }, { kind: 'workspace.create' }],
      missing: [],
    })
    expect(report.container?.variables).toContain('API_KEY')
    expect(report.logs.find(({ source }) => source === 'container')?.lines.map(({ text }) => text)).toContain('it is *** and ***')
    for (const secret of PLANTED) expect(JSON.stringify(report)).not.toContain(secret)
  })

  it('stay as they are when a mask comes back', async () => {
    await test.core.workspaces.update(name, { env: { API_KEY: '***', MORE: 'x' } })
    expect(test.core.workspaces.environment(name, { reveal: true }).variables).toEqual({ API_KEY: VALUE, MORE: 'x' })
    await test.core.workspaces.update(name, { env: { MORE: null } })
    test.core.settings.update({ env: test.core.settings.get().env })
    expect(test.core.sharedEnvironment({ reveal: true }).variables).toEqual({ SHARED_KEY: SHARED })
  })

  async function exported(withSecrets: boolean) {
    const file = join(await mkdtemp(join(tmpdir(), 'berth-secrets-')), 'one.berth')
    const { operation } = await test.core.archives.export(name, { file, overwrite: false, withSecrets })
    const end = await test.core.operations.whenEnded(operation.id)
    expect(end.error).toBeNull()
    return { file, notices: end.notices }
  }

  async function imported(file: string, into: string) {
    const { operation } = await test.core.archives.import({ file, name: into, start: false })
    const end = await test.core.operations.whenEnded(operation.id)
    expect(end.error).toBeNull()
    await rm(dirname(file), { recursive: true })
    return { notices: end.notices, environment: test.core.workspaces.environment(into, { reveal: true }).variables }
  }

  longIt(
    'are left out of exported files, which say so',
    async () => {
      const { file, notices } = await exported(false)
      const leftOut = [expect.stringContaining('API_KEY, credential of the repository')]
      expect(notices).toEqual(leftOut)
      expect(notices.join()).toContain('private files copied from this machine')
      const content = await contentOf(file)
      expect(content.includes('etc/berth/environment')).toBe(true)
      for (const secret of PLANTED) expect(content.includes(secret), secret).toBe(false)
      expect(await imported(file, uniqueName('without'))).toEqual({ notices: leftOut, environment: {} })
    },
    600_000,
  )

  longIt(
    'are in those that are to have them',
    async () => {
      const { file, notices } = await exported(true)
      expect(notices).toEqual([])
      expect(await imported(file, uniqueName('whole'))).toEqual({ notices: [], environment: { API_KEY: VALUE } })
    },
    600_000,
  )

  it('are of the workspace’s user alone inside, and go with a clone of it', async () => {
    expect(await inside(test.core, name, 'stat -Lc "%a %U" /etc/berth/git-credential')).toBe('600 workspace')
    const copy = uniqueName('copy')
    await done(test.core, test.core.copies.clone(name, { name: copy, stop: false, start: true }))
    await inside(test.core, copy, 'rm -rf ~/repo')
    await done(test.core, test.core.workspaces.restart(copy))
    expect(test.core.workspaces.get(copy).repoState).toBe('cloned')
    expect(await inside(test.core, copy, 'cat ~/repo/README.md')).toBe('# Demo')
  }, 60_000)

  longIt(
    'that an older Berth put into a container do not come back once they are taken away, and are in no exported file',
    async () => {
      await done(test.core, test.core.workspaces.stop(name))
      const former = ['API_KEY=planted-former-4715', 'GONE=planted-former-4715', `PATH=/planted-former-4715:${IMAGE_PATH}`]
      await replaceByFormer(shown(), former)
      await done(test.core, test.core.workspaces.start({ name }))
      expect(await inside(test.core, name, 'echo "$API_KEY $PATH"; printenv GONE || echo none')).toBe(`${VALUE} ${IMAGE_PATH}\nnone`)
      expect(await inside(test.core, name, 'readlink /etc/berth/environment /etc/berth/git-credential')).toBe(
        '/run/berth/environment\n/run/berth/git-credential',
      )
      const { file } = await exported(false)
      const content = await contentOf(file)
      for (const secret of [...PLANTED, 'planted-former']) expect(content.includes(secret), secret).toBe(false)
      await rm(dirname(file), { recursive: true })
    },
    600_000,
  )

  it('that an older Berth kept as they were are sealed when this one starts', async () => {
    await test.core.close()
    const file = join(test.home, 'state.json')
    const state = JSON.parse(await readFile(file, 'utf8'))
    const record = state.workspaces.find((candidate: { name: string }) => candidate.name === name)
    record.repo = `http://me:${encodeURIComponent(TOKEN)}@host.docker.internal:1/private/demo.git`
    record.repoCredential = null
    record.env = { API_KEY: VALUE }
    await writeFile(file, JSON.stringify({ ...state, version: 2 }))
    await writeFile(join(test.home, 'settings.json'), JSON.stringify({ env: { SHARED_KEY: SHARED } }))
    await test.open()
    expect(shown().repo).toBe('http://host.docker.internal:1/private/demo.git')
    expect(test.core.workspaces.environment(name, { reveal: true }).variables).toEqual({ API_KEY: VALUE })
    expect(test.core.sharedEnvironment({ reveal: true }).variables).toEqual({ SHARED_KEY: SHARED })
    const content = await filesOf(test.home)
    for (const secret of PLANTED) expect(content, secret).not.toContain(secret)
  })

  it('whose key is gone are reported, and the workspace starts without them', async () => {
    await test.core.close()
    await rm(join(test.home, 'secret-key'))
    await test.open()
    expect(test.core.workspaces.environment(name, { reveal: true })).toEqual({ variables: {}, lost: ['API_KEY'] })
    expect(await test.core.doctor.examine()).toContainEqual(
      expect.objectContaining({
        kind: 'secrets-lost',
        workspace: name,
        message: expect.stringContaining('SHARED_KEY, API_KEY, credential'),
      }),
    )
    const operation = await done(test.core, test.core.workspaces.restart(name))
    expect(operation.notices).toContainEqual(expect.stringContaining('SHARED_KEY, API_KEY'))
    await test.core.workspaces.update(name, { env: { API_KEY: 'new' } })
    expect(test.core.workspaces.environment(name, { reveal: true })).toEqual({ variables: { API_KEY: 'new' }, lost: [] })
  })
})

const IMAGE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** In the place of its container one such as older Berths made: variables in its configuration, and files with secrets in its layer. */
async function replaceByFormer(workspace: Workspace, variables: string[]): Promise<void> {
  const { containerId, containerName } = inContainer(workspace)
  const present = docker.getContainer(containerId ?? '')
  const { Config, HostConfig } = await present.inspect()
  const { 'dev.berth.secrets': _, ...Labels } = Config.Labels
  await present.remove()
  const container = await docker.createContainer({ ...Config, name: containerName, Labels, Env: [...Config.Env, ...variables], HostConfig })
  const files = pack()
  for (const file of ['environment', 'git-credential']) files.entry({ name: `etc/berth/${file}`, mode: 0o600 }, 'planted-former-4715')
  files.finalize()
  await container.putArchive(Readable.from(files), { path: '/' })
}

async function filesOf(home: string): Promise<string> {
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('\n')
}

async function processArguments(): Promise<string> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const read = await Promise.allSettled(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8')))
  return read.map((result) => (result.status === 'fulfilled' ? result.value : '')).join('\n')
}

/** Everything in an exported file, decompressed. */
async function contentOf(file: string): Promise<Buffer> {
  const archive = await openArchive(file)
  const parts: Buffer[] = [Buffer.from(JSON.stringify(archive.manifest))]
  for (const name of archivePartNameSchema.options) {
    const target = new Writable({
      write(chunk: Buffer, _encoding, written) {
        parts.push(chunk)
        written()
      },
    })
    await archive.readPart(name, { target, signal: new AbortController().signal, onProgress: () => undefined })
  }
  await archive.close()
  return Buffer.concat(parts)
}
