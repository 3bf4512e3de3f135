import { expect, test } from 'vitest'
import { fakeDevcontainer } from '../../testing/fake-records'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

function show(state: Parameters<typeof fakeDevcontainer>[0], changes: object = {}): void {
  const workspace = fake.berth.workspaces.get('demo')
  if (workspace) fake.berth.workspaces.set('demo', { ...workspace, devcontainerState: { ...fakeDevcontainer(state), ...changes } })
}

test('one that was found is told with the command that opens it', async () => {
  show('found', { paths: ['.devcontainer/devcontainer.json', '.devcontainer/b\u001b[31m/devcontainer.json'] })
  const { code, stdout, stderr } = await run(['devcontainer', 'status', 'demo'])
  expect(code).toBe(0)
  expect(stdout).toContain('demo has a dev container, which was not opened yet\nConfiguration  .devcontainer/devcontainer.json\nAlso there')
  expect(stdout).not.toContain('\u001b')
  expect(stderr).toContain('“berth devcontainer up demo” opens it.')
})

test('one that has changed is told with the command that brings it up to date, and one that failed with its log', async () => {
  show('running', { changed: true })
  expect(await run(['devcontainer', 'status', 'demo'])).toMatchObject({
    stdout: expect.stringContaining('Container      wizardly_nash, user dev, /workspaces/repo'),
    stderr: expect.stringContaining('“berth devcontainer rebuild demo”'),
  })
  show('failed')
  expect((await run(['devcontainer', 'status', 'demo'])).stderr).toContain('“berth logs demo --source devcontainer”')
})

test('it is opened, made again and stopped', async () => {
  expect(await run(['devcontainer', 'up', 'demo', '--config', '.devcontainer.json'])).toMatchObject({
    ...{ code: 0, stdout: expect.stringContaining('demo runs in its dev container') },
  })
  expect((await run(['devcontainer', 'rebuild', 'demo', '--json'])).json()).toMatchObject({ state: 'running' })
  expect(await run(['devcontainer', 'stop', 'demo', '--quiet'])).toMatchObject({ code: 0, stdout: 'stopped\n' })
  expect(fake.berth.calls).toEqual([
    'devcontainer up demo path=.devcontainer.json',
    'devcontainer rebuild demo path=',
    'devcontainer stop demo',
  ])
})

test('commands and shells go outside it on request', async () => {
  await run(['exec', 'demo', '--outside', '--', 'true'])
  expect(fake.berth.calls[0]).toContain('"outside":true')
})
