import { expect, test, vi } from 'vitest'
import { fakeHost } from '../../testing/fake-host'
import { fakeCleanup, fakeUsage } from '../../testing/fake-storage'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo', 'other'])
const { run } = fake

test('usage is a table, the largest first, with what is nearly full beside it', async () => {
  const { code, stdout, stderr } = await run(['storage', 'usage'])
  expect(code).toBe(0)
  expect(stdout.split('\n')).toEqual([
    'NAME   HOME   DOCKER  LAYER    SNAPSHOTS  TOTAL    LIMIT',
    'demo   5 GiB  3 GiB   200 MiB  1 GiB      9.5 GiB  10 GiB',
    'other  1 MiB  -       0 B      0 B        -',
    '',
    'All workspaces  9.5 GiB of 50 GiB',
    'Images          400 MiB',
    'Build cache     -',
    'Pool            9 GiB of 50 GiB',
    'Engine’s disk   40 GiB free of 100 GiB',
    '',
  ])
  expect(stderr).toBe('Nearly full: demo uses 9 GiB of 10 GiB (90 %).\n')
  expect((await run(['storage', 'usage', '--json'])).json()).toEqual(fakeUsage)
})

test('a limit is set, shown and taken away', async () => {
  expect(await run(['storage', 'limit', 'demo', '50G'])).toMatchObject({ code: 0, stdout: 'demo: limited to 50 GiB on disk\n' })
  expect((await run(['storage', 'limit', 'demo', '--json'])).json()).toMatchObject({ name: 'demo', limits: { diskBytes: 50 * 1024 ** 3 } })
  expect(await run(['storage', 'limit', 'demo', '--none'])).toMatchObject({ stdout: 'demo: no limit\n' })
  expect(await run(['storage', 'limit', '--total', '512M'])).toMatchObject({
    stdout: 'All workspaces together: limited to 512 MiB on disk\n',
  })
  expect((await run(['storage', 'limit', '--total', '--none', '--json'])).json()).toMatchObject({ totalDiskBytes: null })
})

test.each([[['demo', '5G', '--none']], [['--total', 'demo', '5G']], [[]], [['demo', 'much']]])('a limit is refused as %j', async (argv) => {
  expect(await run(['storage', 'limit', ...argv])).toMatchObject({ code: 2, stdout: '' })
})

test('a workspace is made with limits', async () => {
  await run(['start', 'new', '--limit-disk', '5G', '--limit-memory', '512M', '--limit-cpus', '1.5', '--limit-processes', '500'])
  const limits = { diskBytes: 5 * 1024 ** 3, memoryBytes: 512 * 1024 ** 2, cpus: 1.5, processes: 500 }
  expect(fake.berth.calls).toEqual([`start ${JSON.stringify({ name: 'new', limits })}`])
  expect(await run(['start', 'new', '--limit-disk', 'much'])).toMatchObject({ code: 2 })
})

test('a clean-up is shown first, and asked for', async () => {
  const dry = await run(['storage', 'cleanup', '--dry-run'])
  expect(dry.stdout).toBe('Volume workspace-old  2 MiB  Of old.\nBuild cache           -      Of all builds.\nFrees 2 MiB at most.\n')
  expect((await run(['storage', 'cleanup', '--dry-run', '--json'])).json()).toEqual(fakeCleanup)
  expect(await run(['storage', 'cleanup'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
  expect(fake.berth.calls).toEqual([])

  const host = fakeHost(fake.home, { terminal: true, env: { NO_COLOR: '1' } })
  const result = run(['storage', 'cleanup'], host)
  await vi.waitFor(() => expect(host.stderr.text()).toContain('Remove them? [y/N]'))
  host.input.write('n\r')
  expect(await result).toMatchObject({ code: 1 })
  expect(fake.berth.calls).toEqual([])

  expect((await run(['storage', 'cleanup', '--yes', '--json'])).json()).toMatchObject({ operation: { status: 'succeeded' } })
  expect(fake.berth.calls).toEqual(['cleanup volume:workspace-old build-cache'])
})
