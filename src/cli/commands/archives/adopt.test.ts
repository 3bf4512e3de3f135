import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth([])
const { run } = fake

test('adopt without a name lists what there is, with what is in the way', async () => {
  expect(await run(['adopt'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no workspaces of other tools') })
  expect((await run(['adopt', '--json'])).json()).toEqual([])
  const common = {
    engine: 'local',
    containerId: 'c1',
    image: 'perry:latest',
    volumes: { home: 'h', docker: 'd' },
    createdAt: '2026-01-01T00:00:00.000Z',
  }
  fake.berth.adoptables.push(
    { ...common, name: 'shop', from: 'perry', containerName: 'workspace-shop', status: 'running', sshPort: 2201, obstacle: null },
    { ...common, name: 'odd', from: 'berth', containerName: 'workspace-odd', status: 'stopped', sshPort: null, obstacle: 'It is odd.' },
  )
  const { stdout } = await run(['adopt'])
  expect(stdout).toMatch(/^NAME +FROM +STATUS +SSH +OBSTACLE\nshop +Perry +running +2201\nodd +another Berth +stopped +It is odd\.\n$/)
  expect(await run(['adopt', '--quiet'])).toMatchObject({ stdout: 'shop\nodd\n' })
  await run(['engine', 'add', 'nas', 'ssh://me@nas'])
  expect((await run(['adopt'])).stdout).toMatch(/^NAME +FROM +ENGINE +STATUS .*\nshop +Perry +local +running /)
})

test('adopt with a name takes it over, and prints the workspace', async () => {
  expect(await run(['adopt', 'shop', '--stop'])).toMatchObject({ code: 0, stdout: 'shop is a workspace of Berth’s\n' })
  expect((await run(['adopt', 'till', '--no-start', '--json'])).json()).toMatchObject({ name: 'till', status: 'stopped' })
  expect(fake.berth.calls).toEqual(['adopt shop stop=true start=true', 'adopt till stop=false start=false'])
})
