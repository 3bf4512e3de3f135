import { expect, test, vi } from 'vitest'
import { fakeHost } from '../../testing/fake-host'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo', 'other'])
const { run } = fake

test('clone prints the clone, and passes on how it is to be made', async () => {
  const result = await run(['clone', 'demo', 'demo-2', '--stop', '--no-start', '--json'])
  expect(result).toMatchObject({ code: 0, stderr: '' })
  expect(result.json()).toMatchObject({ name: 'demo-2', status: 'stopped' })
  expect(await run(['clone', 'demo', 'demo-3'])).toMatchObject({ code: 0, stdout: 'demo-3 is running, ssh on port 2200\n' })
  expect(fake.berth.calls).toEqual(['clone demo demo-2 stop=true start=false', 'clone demo demo-3 stop=false start=true'])
})

test('a snapshot is made, by a name or by the time', async () => {
  expect((await run(['snapshot', 'create', 'demo', 'one', '--json'])).json()).toMatchObject({ name: 'one', workspaceId: 'id-demo' })
  expect(await run(['snapshot', 'create', 'demo', '--quiet'])).toMatchObject({ code: 0, stdout: 'by-the-time\n', stderr: '' })
  expect(await run(['snapshot', 'create', 'demo', 'two'])).toMatchObject({ stdout: 'Snapshot two of demo is made\n' })
})

test('snapshots are listed as an array or a table, measured when asked for', async () => {
  expect((await run(['snapshot', 'list', 'demo', '--json'])).json()).toMatchObject([
    { name: 'before-restore-1', automatic: true, bytes: null },
    { name: 'before-upgrade' },
  ])
  expect((await run(['snapshot', 'list', 'demo', '--json', '--measure'])).json()).toMatchObject([{ bytes: 4.5 * 1024 ** 3 }, {}])
  expect((await run(['snapshot', 'ls', 'demo', '--measure'])).stdout).toMatch(/before-upgrade .* 4\.5 GiB +1\.5 MiB\n/)
  expect(await run(['snapshot', 'list', 'other'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('No snapshots yet'),
  })
})

test('a workspace that runs is only brought back with --force', async () => {
  const refused = await run(['snapshot', 'restore', 'demo', 'before-upgrade', '--json'])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.error()).toMatchObject({ code: 'WORKSPACE_RUNNING', data: { workspace: 'demo' } })
  const forced = await run(['snapshot', 'restore', 'demo', 'before-upgrade', '--force', '--json'])
  expect(forced.json()).toMatchObject({ name: 'demo', status: 'running' })
  expect((await run(['snapshot', 'restore', 'demo', 'none', '-f', '--json'])).error()).toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' })
})

test('a snapshot becomes a workspace of its own', async () => {
  const result = await run(['snapshot', 'restore', 'demo', 'before-upgrade', '--as', 'old', '--no-start', '--json'])
  expect(result.json()).toMatchObject({ name: 'old', status: 'stopped' })
  expect(fake.berth.calls).toEqual(['restore demo before-upgrade as old start=false'])
})

test('a snapshot is deleted when that is confirmed', async () => {
  expect(await run(['snapshot', 'delete', 'demo', 'before-upgrade'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
  const answered = async (answer: string) => {
    const host = fakeHost(fake.home, { terminal: true, env: { NO_COLOR: '1' } })
    const result = run(['snapshot', 'delete', 'demo', 'before-upgrade'], host)
    await vi.waitFor(() => expect(host.stderr.text()).toContain('Delete before-upgrade? [y/N]'))
    host.input.write(answer)
    return result
  }
  expect(await answered('\r')).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was deleted.') })
  expect(fake.berth.calls).toEqual([])
  expect(await answered('y\r')).toMatchObject({ code: 0, stdout: 'Snapshot before-upgrade of demo is deleted\n' })
  const last = await run(['snapshot', 'delete', 'demo', 'before-restore-1', '--yes', '--json'])
  expect(last.json()).toMatchObject({ deleted: 'before-restore-1', workspace: 'demo', operation: { status: 'succeeded' } })
  expect((await run(['snapshot', 'delete', 'demo', 'none', '-y', '--json'])).error()).toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' })
})

test('templates are set, listed apart and unset', async () => {
  expect((await run(['template', 'set', 'demo', '--json'])).json()).toMatchObject({ name: 'demo', template: true })
  expect((await run(['template', 'list', '--json'])).json()).toMatchObject([{ name: 'demo' }])
  expect((await run(['list', '--json'])).json()).toMatchObject([
    { name: 'demo', template: true },
    { name: 'other', template: false },
  ])
  expect((await run(['list'])).stdout).toMatch(/^ +NAME .*\n● +other .*\n\nTEMPLATE .*\ndemo /)
  expect(await run(['list', '-q'])).toMatchObject({ stdout: 'other\n' })
  expect(await run(['list', '-q', '--templates'])).toMatchObject({ stdout: 'demo\n' })
  expect(await run(['template', 'unset', 'demo'])).toMatchObject({ stdout: 'demo is a workspace again\n' })
  expect(await run(['template', 'list'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('No templates yet') })
})

test('a workspace is made from a template, which brings all else with it', async () => {
  expect((await run(['start', 'fresh', '--template', 'base', '--json'])).json()).toMatchObject({ name: 'fresh' })
  expect(fake.berth.calls).toEqual(['start {"name":"fresh","template":"base"}'])
})

test('a workspace is renamed and labelled', async () => {
  expect((await run(['rename', 'demo', 'shop', '--json'])).json()).toMatchObject({ id: 'id-demo', name: 'shop' })
  expect(await run(['rename', 'shop', 'store'])).toMatchObject({ code: 0, stdout: 'shop is now store\n' })
  expect((await run(['label', 'store', 'The shop', '--json'])).json()).toMatchObject({ name: 'store', label: 'The shop' })
  expect(await run(['label', 'store', '--clear'])).toMatchObject({ stdout: 'store has no label\n' })
})

test('completion gets names of workspaces, of templates and of snapshots, one a line', async () => {
  await run(['template', 'set', 'other'])
  expect(await run(['__complete'])).toMatchObject({ stdout: 'demo\nother\n' })
  expect(await run(['__complete', 'template'])).toMatchObject({ stdout: 'other\n' })
  expect(await run(['__complete', 'snapshot', 'demo'])).toMatchObject({ stdout: 'before-restore-1\nbefore-upgrade\n' })
})

test('a workspace is moved, and one that runs only with --stop', async () => {
  expect((await run(['storage', 'move', 'demo', 'btrfs', '--json'])).error()).toMatchObject({ code: 'WORKSPACE_RUNNING' })
  expect(await run(['storage', 'move', 'demo', 'btrfs', '--stop'])).toMatchObject({ code: 0, stdout: 'demo is on the pool\n' })
  expect(fake.berth.calls).toEqual(['move demo btrfs stop=true'])
})

test('all are moved, but for those that are there', async () => {
  await run(['storage', 'move', 'demo', 'btrfs', '--stop'])
  expect((await run(['storage', 'move', '--all', 'btrfs', '--stop', '--json'])).json()).toMatchObject([{ name: 'other', storage: 'btrfs' }])
  expect(await run(['storage', 'move', '--all', 'btrfs'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('on the pool already'),
  })
  expect(await run(['storage', 'move', '--all', 'plain'])).toMatchObject({ code: 1 })
  for (const words of [['demo'], [], ['demo', 'plain', '--all', 'plain'], ['demo', 'zfs']])
    expect(await run(['storage', 'move', ...words])).toMatchObject({ code: 2 })
})
