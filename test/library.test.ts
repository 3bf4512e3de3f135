import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GitServer, startGitServer } from './support/git-server'
import { createTestCore, docker, done, inside, nextEvent, type TestCore, uniqueName } from './support/test-core'

const IMAGE = 'berth-base:latest'
/** Another name of the same image: what a change of the template leads to. */
const otherImage = `${uniqueName('library')}:1`
const name = uniqueName('fullstack')
const SKILL = '---\nname: python-dev\ndescription: Helps with Python\n---\nVERSION 1\n'

let berth: TestCore
let server: GitServer
let scripts: string

const core = () => berth.core
const ls = (path: string) => inside(core(), name, `ls ${path} 2>/dev/null || true`)

async function put(path: string, text: string): Promise<void> {
  const file = join(berth.home, 'library', path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

const template = (fields: object = {}) =>
  put(
    'workspace-template/fullstack.json',
    JSON.stringify({
      ...{ name: 'fullstack', description: 'Everything at once', image: IMAGE, skills: ['python-dev'], tools: ['linter', 'deploy'] },
      ...{ env_vars: { NODE_ENV: 'development', MODE: 'template' }, init_script: '#!/bin/bash\necho "$NODE_ENV" > /root/prepared' },
      ...{ postStart: [join(scripts, 'start.sh')], limits: { memoryBytes: 2 ** 30, processes: 4096 } },
      ...{ clone: server.url('demo.git'), forwards: [{ port: 3000 }, { port: 8000 }], credentials: 'none' },
      ...fields,
    }),
  )

/** Resolves once that is so; looked at after each event, also those that come while it is looked at. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (;;) {
    const next = nextEvent(core())
    if (await holds()) return
    await next
  }
}

beforeAll(async () => {
  ;[berth, server, scripts] = await Promise.all([createTestCore(), startGitServer(), mkdtemp(join(tmpdir(), 'berth-scripts-'))])
  await docker.getImage(IMAGE).tag({ repo: otherImage.split(':')[0] ?? '', tag: '1' })
  await writeFile(join(scripts, 'start.sh'), '#!/bin/sh\necho started > ~/post-start\n')
  await put('skill/python-dev/SKILL.md', SKILL)
  await put('tool/linter.ts', 'export default 1\n')
  await put('tool/deploy/index.ts', 'export default 2\n')
  await template()
})
afterAll(async () => {
  await berth?.dispose()
  await server?.close()
  await docker.getImage(otherImage).remove()
  await rm(scripts, { recursive: true, force: true })
})

test('one call with a template brings up all that it says', async () => {
  const { notices } = await done(core(), core().workspaces.start({ name, template: 'fullstack', env: { MODE: 'mine' } }))
  expect(notices).toEqual([expect.stringContaining(join(scripts, 'start.sh'))])
  const workspace = core().workspaces.get(name)
  expect(workspace).toMatchObject({
    ...{ status: 'running', image: IMAGE, skills: ['python-dev'], tools: ['linter', 'deploy'], credentials: 'none', repoState: 'cloned' },
    ...{ libraryTemplate: 'fullstack', templateDrift: [], synced: { problems: [] } },
    limits: { memoryBytes: 2 ** 30, processes: 4096, cpus: null, diskBytes: null },
  })
  expect(await inside(core(), name, 'cat /root/prepared', 'root')).toBe('development')
  expect(await inside(core(), name, 'cat ~/post-start; cat ~/repo/README.md; echo $NODE_ENV $MODE')).toBe(
    'started\n# Demo\ndevelopment mine',
  )
  for (const folder of ['.opencode/skill', '.claude/skills', '.agents/skills', '.qwen/skills'])
    expect(await inside(core(), name, `cat ~/${folder}/python-dev/SKILL.md`)).toBe(SKILL.trimEnd())
  expect(await inside(core(), name, 'cat ~/.opencode/tool/linter.ts ~/.opencode/tool/deploy.ts')).toBe('export default 1\nexport default 2')
  expect(
    core()
      .forwards.list(workspace.id)
      .forwards.map(({ port, kind }) => [port, kind]),
  ).toEqual([
    [3000, 'kept'],
    [8000, 'kept'],
  ])
  expect(await readFile(join(berth.home, 'state.json'), 'utf8')).not.toContain('"development"')
})

test('a skill is updated inside when it changes, and removed when it is switched off', async () => {
  await put('skill/python-dev/SKILL.md', SKILL.replace('VERSION 1', 'VERSION 2'))
  await put('skill/python-dev/scripts/run.py', 'print(1)\n')
  await until(async () => (await ls('~/.claude/skills/python-dev/scripts')) === 'run.py')
  expect(await inside(core(), name, 'tail -n 1 ~/.opencode/skill/python-dev/SKILL.md')).toBe('VERSION 2')
  await core().workspaces.update(name, { skills: [], tools: ['linter'] })
  await until(
    async () =>
      (await inside(core(), name, 'find ~/.opencode ~/.claude ~/.agents -type f -o -type l')) ===
      '/home/workspace/.opencode/tool/linter.ts',
  )
  expect(await ls('~/.opencode/skill')).toBe('')
})

test('a name that is not in the library is refused with the nearest, before anything is created', async () => {
  const missing = { code: 'LIBRARY_ENTRY_NOT_FOUND', data: { nearest: 'python-dev' } }
  await expect(core().workspaces.create({ name: uniqueName('none'), skills: ['pyton-dev'] })).rejects.toMatchObject(missing)
  await expect(core().workspaces.update(name, { skills: ['pyton-dev'] })).rejects.toMatchObject(missing)
  await put('workspace-template/broken.json', '{ "skills": ["pyton-dev"] }')
  await expect(core().workspaces.create({ name: uniqueName('none'), template: 'broken' })).rejects.toMatchObject({
    code: 'LIBRARY_ENTRY_INVALID',
  })
  await expect(core().workspaces.create({ name: uniqueName('none'), template: 'fulstack' })).rejects.toMatchObject({
    code: 'LIBRARY_ENTRY_NOT_FOUND',
    data: { nearest: 'fullstack' },
  })
})

test('a change of the template shows in the workspace, and is applied on request', async () => {
  await template({ image: otherImage, env_vars: { NODE_ENV: 'production', MODE: 'other' }, forwards: [{ port: 3000 }, { port: 9000 }] })
  await until(() => core().workspaces.get(name).templateDrift.length === 3)
  expect(core().workspaces.get(name).templateDrift).toEqual(['env', 'forwards', 'image'])
  const { changes } = await core().fileTemplates.changes(name)
  expect(changes.map(({ field, effect }) => [field, effect])).toEqual([
    ['env', 'restart'],
    ['forwards', 'live'],
    ['image', 'rebuild'],
  ])
  const { started } = await core().fileTemplates.apply(name)
  expect((await core().operations.whenEnded(started?.operation.id ?? '')).status).toBe('succeeded')
  const workspace = core().workspaces.get(name)
  expect(workspace).toMatchObject({ templateDrift: [], image: otherImage, skills: [] })
  expect(await inside(core(), name, 'echo $NODE_ENV $MODE; cat ~/post-start')).toBe('production mine\nstarted')
  expect(
    core()
      .forwards.list(workspace.id)
      .forwards.map(({ port }) => port),
  ).toEqual([3000, 9000])
}, 60_000)

test('a workspace is saved as a template, without values of variables', async () => {
  expect(await core().fileTemplates.save(name, { id: 'saved', overwrite: false })).toEqual({
    ...{ file: 'workspace-template/saved.json', leftOut: ['MODE', 'NODE_ENV'] },
  })
  await expect(core().fileTemplates.save(name, { id: 'saved', overwrite: false })).rejects.toMatchObject({ code: 'FILE_EXISTS' })
  const text = await readFile(join(berth.home, 'library/workspace-template/saved.json'), 'utf8')
  expect(JSON.parse(text)).toMatchObject({
    name: 'saved',
    image: otherImage,
    tools: ['linter'],
    forwards: [{ port: 3000 }, { port: 9000 }],
  })
  expect(text).not.toContain('production')
  expect((await core().library.index()).entries.find(({ id }) => id === 'saved')?.problems).toEqual([])
})

test('drift is known again after a restart of Berth', async () => {
  await core().close()
  await template({ image: otherImage, label: 'Changed meanwhile' })
  await berth.open()
  await until(() => core().workspaces.get(name).templateDrift.length > 0)
  expect(core().workspaces.get(name).templateDrift.toSorted()).toEqual(['env', 'forwards', 'label'])
})

test('another folder is the library when the setting says so, cloned from a server at a branch', async () => {
  execFileSync('git', ['-C', join(server.folder, 'demo.git'), 'branch', 'next'])
  core().settings.update({ libraryFolder: join(berth.home, 'other') })
  expect(await core().library.repository.status()).toMatchObject({ states: ['missing'] })
  expect(
    await core().library.repository.clone(`${server.url('demo.git').replace('host.docker.internal', '127.0.0.1')}#next`),
  ).toMatchObject({ states: ['clean'], branch: 'next' })
  expect(await core().library.index()).toMatchObject({ folder: join(berth.home, 'other'), exists: true, entries: [] })
})
