import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { DISTROS, localImage } from '../../shared/distros'

const run = promisify(execFile)
const install = fileURLToPath(new URL('../../../resources/workspace-image/install', import.meta.url))

const lists = new Map<string, Promise<string[]>>()
function packages(list: string, release: string): Promise<string[]> {
  const known = lists.get(`${list} ${release}`)
  const names = known ?? run(install, ['--list', list, release]).then(({ stdout }) => stdout.trimEnd().split('\n'))
  lists.set(`${list} ${release}`, names)
  return names
}

test('images are named after size and distribution', () => {
  expect(localImage('debian-trixie', 'full')).toBe('berth:latest')
  expect(localImage('debian-trixie', 'base')).toBe('berth-base:latest')
  expect(localImage('ubuntu-noble', 'full')).toBe('berth:ubuntu-noble')
  expect(localImage('arch-linux', 'base')).toBe('berth-base:arch-linux')
})

describe.each(DISTROS)('what is installed on $title', ({ packageManager, release }) => {
  const packageName = packageManager === 'apt' ? /^[a-z0-9][a-z0-9+.-]+(\/[a-z]+)?$/ : /^[a-z0-9][a-z0-9@._+-]*$/

  test.each(['compiler', 'base', 'full'])('has names of packages in the list “%s”, none twice', async (list) => {
    const names = await packages(list, release)
    for (const name of names) expect(name).toMatch(packageName)
    expect(new Set(names).size).toBe(names.length)
  })

  test('is more in the full image, and nothing there is in the base already', async () => {
    const base = await packages('base', release)
    const full = await packages('full', release)
    expect(full.length).toBeGreaterThan(base.length)
    expect(full.filter((name) => base.includes(name))).toEqual([])
  })
})

test.each([
  ['trixie', ['docker-cli', 'docker.io', 'docker-compose', 'docker-buildx', 'fd-find', 'openssh-server', 'libpam0g-dev']],
  ['bookworm', ['docker.io', 'docker-compose/trixie', 'docker-buildx/trixie', 'fd-find', 'openssh-server', 'libpam0g-dev']],
  ['noble', ['docker.io', 'docker-compose-v2', 'docker-buildx', 'fd-find', 'openssh-server', 'libpam0g-dev']],
  ['jammy', ['docker.io', 'docker-compose-v2', 'docker-buildx', 'fd-find', 'openssh-server', 'libpam0g-dev']],
  ['rolling', ['docker', 'docker-compose', 'docker-buildx', 'fd', 'openssh', 'pam']],
])('packages are called as in %s', async (release, expected) => {
  const all = (await Promise.all(['compiler', 'base', 'full'].map((list) => packages(list, release)))).flat()
  expect(all).toEqual(expect.arrayContaining(expected))
  const others = [
    'docker-cli',
    'docker-compose',
    'docker-compose/trixie',
    'docker-compose-v2',
    'docker',
    'docker.io',
    'fd',
    'fd-find',
    'pam',
  ]
  expect(all.filter((name) => others.includes(name) && !expected.includes(name))).toEqual([])
})

test('an unknown release is refused', async () => {
  await expect(run(install, ['--list', 'base', 'sarge'])).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('“sarge”') })
})
