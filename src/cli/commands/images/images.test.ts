import { resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { fakeHost } from '../../testing/fake-host'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('build says what to build, with paths of this machine', async () => {
  expect((await run(['build', '--from', 'debian:13', '--no-cache', '--json'])).json()).toMatchObject({
    kind: 'image.build',
    status: 'succeeded',
  })
  expect((await run(['build', '--base', '--distro', 'debian-bookworm'])).stdout).toBe('berth-base:debian-bookworm is built\n')
  await run(['build', '--context', 'here', '--file', 'here/Other', '--tag', 'mine:1'])
  expect(fake.berth.calls).toEqual([
    'build {"from":"debian:13","noCache":true,"wait":false}',
    'build {"distro":"debian-bookworm","size":"base","noCache":false,"wait":false}',
    `build {"context":"${resolve('here')}","file":"${resolve('here/Other')}","tag":"mine:1","noCache":false,"wait":false}`,
  ])
})

test('build refuses a distribution that there is not, and one for a Dockerfile of one’s own', async () => {
  expect((await run(['build', '--distro', 'beos'])).code).toBe(2)
  expect((await run(['build', '--distro', 'debian-trixie', '--file', 'x'])).code).toBe(2)
})

test('images are listed with their use, and removed by name', async () => {
  const { stdout } = await run(['images'])
  expect(stdout).toContain('IMAGE')
  expect(stdout).toMatch(/berth:latest +1\.5 GiB .* demo +out of date/)
  expect((await run(['images', '--quiet'])).stdout).toBe('berth:latest\n')
  expect(await run(['images', 'remove', 'berth:latest'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
  expect(fake.berth.calls).toEqual([])
  await run(['images', 'remove', 'berth:latest', '--yes'])
  expect(fake.berth.calls).toEqual(['remove image sha256:0123456789abcdef'])
  expect((await run(['images', 'remove', 'nothing', '--yes'])).code).toBe(1)
  expect((await run(['images', 'log'])).stdout).toBe('Step 1/1 : FROM debian\nBuilt\n')
})

test('on a terminal an image is removed only after a yes to its size and use', async () => {
  const answered = async (answer: string) => {
    const host = fakeHost(fake.home, { terminal: true, env: { NO_COLOR: '1' } })
    const result = run(['images', 'remove', 'berth:latest'], host)
    await vi.waitFor(() => expect(host.stderr.text()).toContain('[y/N]'))
    host.input.write(answer)
    return result
  }
  const refused = await answered('\r')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/1\.5 GiB[\s\S]*used by demo/)
  expect(fake.berth.calls).toEqual([])
  expect(await answered('y\r')).toMatchObject({ code: 0, stdout: 'berth:latest is removed\n' })
})

test('rebuild says first what was installed by hand', async () => {
  const { stdout, stderr } = await run(['rebuild', 'demo', '--image', 'mine:1', '--no-snapshot'])
  expect(stderr).toContain(
    'Installed by hand (not in its present image): tree, zsh. They are left behind; --reinstall installs them again.',
  )
  expect(stdout).toContain('demo is running')
  expect((await run(['rebuild', 'demo', '--dry-run', '--json'])).json()).toMatchObject({ packages: ['tree', 'zsh'] })
  await run(['rebuild', 'demo', '--reinstall'])
  expect(fake.berth.calls).toEqual([
    'rebuild demo image=mine:1 snapshot=false reinstall=false',
    'rebuild demo image= snapshot=true reinstall=true',
  ])
})
