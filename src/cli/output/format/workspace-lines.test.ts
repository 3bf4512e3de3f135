import { expect, test } from 'vitest'
import { fakeWorkspace } from '../../testing/fake-records'
import { templateTable, workspaceDetails, workspaceTable } from './workspace-lines'

const NOW = Date.parse('2026-01-01T02:00:00Z')
const one = { withEngine: false }
const plain = (_colour: unknown, text: string) => text

test('the list is aligned, and told by shape as well as colour', () => {
  const workspaces = [
    fakeWorkspace('api-server', { repo: 'https://host/api.git', repoState: 'cloned' }),
    fakeWorkspace('ml', { status: 'stopped', lastUsedAt: '2026-01-01T00:00:00.000Z', label: 'Machine learning' }),
    fakeWorkspace('new', { status: 'building', statusDetail: 'Pulling the image', ports: { ssh: null } }),
  ]
  expect(workspaceTable(workspaces, NOW, plain, one)).toEqual([
    '   NAME        STATUS    SSH   USED     REPO',
    '●  api-server  running   2200  now      https://host/api.git',
    '○  ml          stopped   2200  2 h ago  -                     Machine learning',
    '◐  new         building  -     never    -                     Pulling the image',
  ])
})

test('templates have a list of their own, which says nothing of status or ports', () => {
  const templates = [
    fakeWorkspace('base', { template: true, status: 'stopped', label: 'For all' }),
    fakeWorkspace('web-shop', { template: true, status: 'stopped', repo: 'https://host/shop.git' }),
  ]
  expect(templateTable(templates, NOW, plain, one)).toEqual([
    'TEMPLATE  CREATED  REPO',
    'base      2 h ago  -                      For all',
    'web-shop  2 h ago  https://host/shop.git',
  ])
  expect(workspaceDetails(fakeWorkspace('base', { template: true }), '/key', NOW, plain)).toContain(
    '  Template   to be cloned: berth start NEW --template base',
  )
})

test('where there are several engines the lists say which each is on, and details always do', () => {
  const host = { folder: '/home/me/site', created: false }
  const workspaces = [fakeWorkspace('shop', { engine: 'nas' }), fakeWorkspace('site', { host, ports: { ssh: null } })]
  expect(workspaceTable(workspaces, NOW, plain, { withEngine: true })).toEqual([
    '   NAME  STATUS   ENGINE  SSH   USED  REPO',
    '●  shop  running  nas     2200  now   -',
    '●  site  running  -       host  now   -',
  ])
  expect(templateTable(workspaces.slice(0, 1), NOW, plain, { withEngine: true })).toEqual([
    'TEMPLATE  ENGINE  CREATED  REPO',
    'shop      nas     2 h ago  -',
  ])
  expect(workspaceDetails(fakeWorkspace('shop', { engine: 'nas' }), '/key', NOW, plain)).toContain('  Engine     nas')
  expect(workspaceDetails(fakeWorkspace('site', { host }), '/key', NOW, plain).join()).not.toContain('Engine')
})

test('a label cannot steer the terminal', () => {
  const [, row] = workspaceTable([fakeWorkspace('a', { label: '\u001b[31mred\u001b]0;title\u0007\nnext' })], NOW, plain, one)
  expect(row).toMatch(/red next$/)
  expect(row).not.toMatch(/\p{Cc}/u)
})

test('details tell how to log in and what is wrong', () => {
  const problem = {
    code: 'REPO_CLONE_FAILED' as const,
    message: 'The repo could not be cloned.',
    next: 'Start it again to retry.',
    data: {},
  }
  const lines = workspaceDetails(fakeWorkspace('demo', { problem }), '/home/a b/config', NOW, plain)
  expect(lines).toContain('  SSH        ssh -F "/home/a b/config" demo.berth')
  expect(lines).toContain('  Problem    The repo could not be cloned.')
  expect(lines).toContain('             Start it again to retry.')
})

test('details tell of a stop that is announced, and how to prevent it', () => {
  const lines = workspaceDetails(fakeWorkspace('demo', { idleStopAt: '2026-01-01T02:09:30.000Z' }), '/key', NOW, plain)
  expect(lines).toContain('  Stops      in 9 min 30 s, because nothing is running in it (to prevent it: berth keep-running demo)')
  expect(workspaceDetails(fakeWorkspace('demo'), '/key', NOW, plain).join()).not.toContain('Stops')
})
