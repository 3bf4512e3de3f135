import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('entries are listed with what is wrong with them', async () => {
  const { stdout } = await run(['library', 'list'])
  expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
    'KIND      NAME        ABOUT',
    'template  node        About node',
    'template  broken      ! line 2, distor: Unknown field “distor”.',
    'skill     python-dev  About python-dev',
    '',
  ])
  expect((await run(['library', 'list', '--kind', 'skill', '--quiet'])).stdout).toBe('python-dev\n')
  expect((await run(['library', 'list', '--kind', 'template', '--json'])).json()).toMatchObject({
    folder: '/b/library',
    entries: [{ id: 'node' }, { id: 'broken' }],
  })
})

test('one is shown with its file, and found by its name alone', async () => {
  const { stdout } = await run(['library', 'show', 'python-dev'])
  expect(stdout).toContain('skill/python-dev/SKILL.md')
  expect(stdout).toContain('{ "name": "node" }')
  expect(await run(['library', 'show', 'none'])).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing of the name') })
  expect((await run(['library', 'show', 'pyton-dev'])).stderr).toContain('Did you mean “python-dev”?')
})

test('the state is shown with what can be done, and with each change', async () => {
  const { stdout } = await run(['library', 'status'])
  expect(stdout).toContain('dirty, ahead')
  expect(stdout).toContain('changed   workspace-template/node.json')
  expect(stdout).toContain('Commit: berth library commit MESSAGE')
  expect((await run(['library', 'status', '--json'])).json()).toMatchObject({ states: ['dirty', 'ahead'] })
})

test('each command does what it says', async () => {
  for (const args of [
    ['init'],
    ['clone', 'owner/library'],
    ['commit', 'Add it'],
    ['pull'],
    ['pull', '--merge'],
    ['push'],
    ['continue'],
    ['abort'],
  ])
    expect(await run(['library', ...args]), args.join(' ')).toMatchObject({ code: 0 })
  expect(await run(['library', 'pull', '--take-remote'])).toMatchObject({ code: 0, stderr: expect.stringContaining('before-x') })
  expect(fake.berth.calls).toEqual(
    [
      'init',
      'clone owner/library',
      'commit Add it',
      'pull fast-forward',
      'pull merge',
      'push',
      'continue',
      'abort',
      'pull take-remote',
    ].map((call) => `library ${call}`),
  )
  expect(await run(['library', 'pull', '--merge', '--take-remote'])).toMatchObject({ code: 2 })
})

test('differences, commits and the folder are printed', async () => {
  expect((await run(['library', 'diff'])).stdout).toBe('-a\n+b\n')
  expect((await run(['library', 'log'])).stdout).toBe('aaaaaaaa  2026-01-01  Ada  Add node\n')
  expect((await run(['library', 'path'])).stdout).toBe('/b/library\n')
})

test('skills and tools of a workspace are given by name, and taken away by an empty one', async () => {
  await run(['create', 'shop', '--skill', 'python-dev', '--skill', 'docker', '--tool', 'linter'])
  expect(fake.berth.workspaces.get('shop')).toMatchObject({ skills: ['python-dev', 'docker'], tools: ['linter'] })
  await run(['configure', 'shop', '--skill', ''])
  expect(fake.berth.workspaces.get('shop')).toMatchObject({ skills: [], tools: ['linter'] })
  expect((await run(['__complete', 'any-template'])).stdout).toBe('node\nbroken\n')
  expect((await run(['__complete', 'skill'])).stdout).toBe('python-dev\n')
})

test('a template is applied once somebody has said so, and what would change is listed', async () => {
  const dry = await run(['library', 'apply', 'demo', '--dry-run'])
  expect(dry.stdout).toContain('Environment   set NODE_ENV     at its next start')
  expect(await run(['library', 'apply', 'demo'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
  expect(fake.berth.calls).toEqual([])
  expect(await run(['library', 'apply', 'demo', '--yes'])).toMatchObject({
    ...{
      code: 0,
      stdout: 'demo is in line with the template node, but for what is chosen at creation: Repository\n',
      stderr: expect.stringContaining('not: it is chosen at creation'),
    },
  })
  expect(fake.berth.calls).toEqual(['apply demo'])
})

test('a workspace is saved as a template, and what is left out is named', async () => {
  expect(await run(['template', 'save', 'demo', 'shop'])).toMatchObject({
    ...{ code: 0, stdout: expect.stringContaining('workspace-template/shop.json'), stderr: expect.stringContaining('API_KEY') },
  })
  expect(fake.berth.calls).toEqual(['saveTemplate demo shop overwrite=false'])
})
