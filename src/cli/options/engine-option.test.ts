import { resolve } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { fakeWorkspace } from '../testing/fake-records'
import { useFakeBerth } from '../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

beforeEach(async () => {
  await run(['engine', 'add', 'nas', 'ssh://me@nas'])
  fake.berth.calls.length = 0
})

test('workspaces are made on the engine that is named', async () => {
  expect((await run(['start', 'one', '--engine', 'nas', '--json'])).json()).toMatchObject({ name: 'one', engine: 'nas' })
  expect((await run(['create', 'two', '--json'])).json()).toMatchObject({ name: 'two', engine: 'local' })
  expect((await run(['import-github', 'owner/repo', '--name', 'three', '--engine', 'nas', '--json'])).json()).toMatchObject({
    engine: 'nas',
  })
  expect((await run(['import', 'four.berth', '--name', 'four', '--engine', 'nas', '--json'])).json()).toMatchObject({ engine: 'nas' })
  expect(fake.berth.calls).toContain(`import ${JSON.stringify({ file: resolve('four.berth'), name: 'four', engine: 'nas', start: true })}`)
})

test('images and storage are those of the engine that is named', async () => {
  await run(['images', '--engine', 'nas'])
  await run(['images', 'remove', 'berth:latest', '--yes', '--engine', 'nas'])
  await run(['images', '--engine', 'nas', 'remove', 'berth:latest', '--yes'])
  await run(['build', '--engine', 'nas'])
  await run(['storage', 'info', '--engine', 'nas'])
  await run(['storage', 'enable', '--size', '1G', '--engine', 'nas'])
  await run(['storage', 'disable', '--engine', 'nas'])
  await run(['storage', 'usage', '--engine', 'nas'])
  await run(['storage', 'cleanup', '--yes', '--engine', 'nas'])
  const removal = ['list images on nas', 'remove image sha256:0123456789abcdef on nas']
  expect(fake.berth.calls).toEqual([
    'list images on nas',
    ...removal,
    ...removal,
    'build {"engine":"nas","noCache":false,"wait":false}',
    'storage info on nas',
    'enable 1073741824 on nas',
    'disable on nas',
    'usage on nas',
    'cleanup preview on nas',
    'cleanup volume:workspace-old build-cache on nas',
  ])
})

test('the list shows the engine where there are several, and may be of one', async () => {
  fake.berth.workspaces.set('far', fakeWorkspace('far', { engine: 'nas' }))
  expect((await run(['list'])).stdout).toMatch(/NAME +STATUS +ENGINE .*\n.*demo +running +local .*\n.*far +running +nas /)
  expect((await run(['list', '--engine', 'nas', '--quiet'])).stdout).toBe('far\n')
  expect((await run(['list', '--engine', 'id-of-local', '--json'])).json()).toMatchObject([{ name: 'demo' }])
  fake.berth.workspaces.delete('far')
  expect(await run(['list', '--engine', 'nas'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'No workspaces on nas yet. “berth start NAME --engine nas” makes one.\n',
  })
  await run(['engine', 'remove', 'nas'])
  expect((await run(['list'])).stdout).not.toContain('ENGINE')
})

test.each([['list'], ['images'], ['storage', 'usage'], ['storage', 'cleanup', '--yes'], ['start', 'x']])(
  'an engine that there is not is refused: %s %s',
  async (...argv) => {
    const given = argv.filter((word) => word !== undefined)
    expect((await run([...given, '--engine', 'nix', '--json'])).error()).toMatchObject({ code: 'ENGINE_UNKNOWN' })
  },
)

test('a folder of this machine is on no engine', async () => {
  expect(await run(['start', 'x', '--host', '--engine', 'nas'])).toMatchObject({ code: 2 })
})

test('info shows the engine of a workspace, and those that Berth uses', async () => {
  expect((await run(['info', 'demo'])).stdout).toMatch(/^ {2}Engine +local$/m)
  expect((await run(['info'])).stdout).toMatch(
    /^Engines +local \* +Docker 28\.2\.2 on .*\n +nas +Docker 28\.2\.2 on .* at ssh:\/\/me@nas$/m,
  )
  await run(['engine', 'remove', 'nas'])
  expect((await run(['info'])).stdout).toMatch(/^Engine +Docker 28\.2\.2 on /m)
})
