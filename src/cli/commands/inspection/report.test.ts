import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fakeWorkspace } from '../../testing/fake-records'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('has what is needed to look into a problem, and no secrets', async () => {
  await run(['settings', 'set', 'env.API_KEY', 'value of API_KEY'])
  await run(['settings', 'set', 'githubToken', 'ghp_abcdef'])
  await run(['settings', 'set', 'totalDiskBytes', '20G'])
  const problem = { code: 'REPO_CLONE_FAILED' as const, message: 'https://me:pass@host/a.git said no.', next: 'Try again.', data: {} }
  fake.berth.workspaces.set('demo', fakeWorkspace('demo', { problem, label: 'Secret project', env: { TOKEN: '***' } }))
  await writeFile(join(fake.home, 'berth.log'), `old\n{"msg":"took revealed, ghp_123456 and ${fake.berth.token}","file":"/home/me/x"}\n`)
  const { code, stdout, stderr } = await run(['report'])
  expect(code).toBe(0)
  expect(stderr).toContain('Look it over')
  for (const part of [
    '## What happened',
    'berth 1.2.3',
    'Docker 28.2.2',
    'container, running',
    'totalDiskBytes: 20 GiB',
    'githubToken: ***',
    '"file":"~/x"',
  ])
    expect(stdout).toContain(part)
  for (const secret of ['value of', 'revealed', 'ghp_', fake.berth.token, 'me:pass', 'Secret project', '/home/me'])
    expect(stdout).not.toContain(secret)
})

test('goes to a file that only its owner can read, and takes the place of none unasked', async () => {
  const file = join(fake.home, 'report.md')
  expect(await run(['doctor', '--report', file])).toMatchObject({ code: 0, stdout: `${file}\n` })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).toContain('## Engines')
  expect(await run(['report', '-o', file])).toMatchObject({ code: 1, stderr: expect.stringContaining('it exists already') })
  expect((await run(['report', '-o', file, '--force', '--json'])).json()).toMatchObject({
    file,
    report: expect.stringContaining('## Engines'),
  })
})
