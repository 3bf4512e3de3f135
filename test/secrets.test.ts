import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GitServer, startGitServer } from './support/git-server'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

const TOKEN = 'planted-token/4711@x'
const VALUE = 'planted-value-4712'
/** As they were given, and as they are in a URL. */
const PLANTED = [TOKEN, encodeURIComponent(TOKEN)]

describe('secrets', () => {
  let test: TestCore
  let server: GitServer
  const name = uniqueName('secret')
  const events: string[] = []
  beforeAll(async () => {
    ;[test, server] = await Promise.all([createTestCore(), startGitServer()])
    test.core.events.subscribe((event) => events.push(JSON.stringify(event)))
    const clone = server.privateUrl('demo.git', { username: 'me', password: TOKEN })
    await done(test.core, test.core.workspaces.start({ name, clone, env: { API_KEY: VALUE } }))
  }, 60_000)
  afterAll(async () => {
    await test.dispose()
    await server.close()
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
    const { Config } = await docker.getContainer(container?.Id ?? '').inspect()
    const files = await readdir(test.home, { recursive: true, withFileTypes: true })
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map(async (file) => readFile(join(file.parentPath, file.name), 'utf8')),
    )
    const places = {
      view: JSON.stringify([shown(), test.core.workspaces.list()]),
      events: events.join('\n'),
      operations: JSON.stringify(test.core.operations.list()),
      labels: JSON.stringify(Config.Labels),
      arguments: JSON.stringify([Config.Cmd, Config.Entrypoint]),
      'Berth’s files': contents.join('\n'),
      'git’s config': await inside(test.core, name, 'cat ~/repo/.git/config; env'),
    }
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(1)
      for (const secret of PLANTED) expect(text, place).not.toContain(secret)
    }
    for (const place of ['view', 'events', 'operations', 'labels', 'arguments'] as const) expect(places[place]).not.toContain(VALUE)
    expect(shown().env).toEqual({ API_KEY: '***' })
    expect(await inside(test.core, name, 'echo $API_KEY')).toBe(VALUE)
  })

  it('are of the workspace’s user alone inside, and go with a clone of it', async () => {
    expect(await inside(test.core, name, 'stat -c "%a %U" /etc/berth/git-credential')).toBe('600 workspace')
    const copy = uniqueName('copy')
    await done(test.core, test.core.copies.clone(name, { name: copy, stop: false, start: true }))
    await inside(test.core, copy, 'rm -rf ~/repo')
    await done(test.core, test.core.workspaces.restart(copy))
    expect(test.core.workspaces.get(copy).repoState).toBe('cloned')
    expect(await inside(test.core, copy, 'cat ~/repo/README.md')).toBe('# Demo')
  }, 60_000)

  it('are taken out of the records of an older version', async () => {
    await test.core.close()
    const file = join(test.home, 'state.json')
    const state = JSON.parse(await readFile(file, 'utf8'))
    const record = state.workspaces.find((candidate: { name: string }) => candidate.name === name)
    record.repo = `http://me:${encodeURIComponent(TOKEN)}@host.docker.internal:1/private/demo.git`
    record.repoCredential = null
    await writeFile(file, JSON.stringify(state))
    await test.open()
    expect(shown().repo).toBe('http://host.docker.internal:1/private/demo.git')
    expect(await readFile(file, 'utf8')).not.toContain(encodeURIComponent(TOKEN))
  })
})
