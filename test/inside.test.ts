import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overlap, parseSubnet } from '../src/shared/subnet'
import { type GitServer, startGitServer } from './support/git-server'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

const PASSWORD = 'planted/password 4715'

let berth: TestCore
let server: GitServer
let userHome = ''
const name = uniqueName('inside')
const core = () => berth.core

beforeAll(async () => {
  userHome = await mkdtemp(join(tmpdir(), 'berth-inside-'))
  server = await startGitServer()
  berth = await createTestCore({ timeZone: 'Asia/Kolkata' }, { userHome })
  await done(core(), core().workspaces.create({ name }))
})
afterAll(async () => {
  await berth?.dispose()
  await server?.close()
  await rm(userHome, { recursive: true, force: true })
})

const ssh = async (...command: string[]) => {
  const { stdout } = await run('ssh', ['-F', core().info.sshConfigPath, `${name}.berth`, ...command])
  return stdout.trim()
}

test('a workspace has the time zone of the settings wherever a program runs, and the system’s clock too', async () => {
  expect(await inside(core(), name, 'date +%z; echo $TZ $LANG')).toBe('+0530\nAsia/Kolkata C.UTF-8')
  expect(await ssh('date +%z; echo $TZ $LANG')).toBe('+0530\nAsia/Kolkata C.UTF-8')
  expect(await inside(core(), name, 'sudo -i printenv TZ')).toBe('Asia/Kolkata')
  expect(await inside(core(), name, 'env -u TZ date +%z')).toBe('+0530')
})

test('a change of the time zone is there at once, and a variable of the workspace wins', async () => {
  core().settings.update({ timeZone: 'Asia/Tokyo' })
  await core().workspaces.update(name, { env: { OTHER: 'x' } })
  expect(await ssh('date +%z')).toBe('+0900')
  await core().workspaces.update(name, { env: { TZ: 'America/New_York' } })
  expect(await ssh('echo $TZ')).toBe('America/New_York')
  await expect.poll(() => inside(core(), name, 'readlink /etc/localtime'), { timeout: 10_000 }).toBe('/usr/share/zoneinfo/America/New_York')
  await core().workspaces.update(name, { env: { TZ: null } })
  expect(await ssh('echo $TZ')).toBe('Asia/Tokyo')
})

test('git inside has the login of the user’s own git for the hosts that are named, and for these only', async () => {
  const { origin, href } = new URL(server.privateUrl('demo.git', { username: 'me', password: PASSWORD }))
  await writeFile(join(userHome, '.git-credentials'), `${href}\nhttps://me:${encodeURIComponent(PASSWORD)}@other.example.com\n`)
  await writeFile(join(userHome, '.gitconfig'), '[credential]\n\thelper = store\n')
  const clone = (folder: string) =>
    `GIT_TERMINAL_PROMPT=0 git clone -q ${origin}/private/demo.git ~/${folder} 2>&1 && cat ~/${folder}/README.md`
  const before = await inside(core(), name, `${clone('before')} || true`)
  expect(before).toContain('terminal prompts disabled')

  core().settings.update({ gitCredentialHosts: [origin] })
  await done(core(), core().workspaces.sync(name, { force: false }))
  expect(await inside(core(), name, clone('after'))).toBe('# Demo')
  const fill = "printf 'protocol=https\\nhost=other.example.com\\n\\n' | GIT_TERMINAL_PROMPT=0 git credential fill 2>&1 || true"
  expect(await inside(core(), name, fill)).not.toContain(PASSWORD)
  const shown = [core().settings.get(), core().workspaces.get(name), core().operations.list(), await core().debugReports.of(name)]
  const config = await inside(
    core(),
    name,
    'git config --system -l; cat /var/lib/berth/synced.json /home/workspace/after/.git/config',
    'root',
  )
  expect(JSON.stringify(shown) + config).not.toContain(PASSWORD)

  core().settings.update({ gitCredentialHosts: [] })
  await done(core(), core().workspaces.sync(name, { force: false }))
  expect(await inside(core(), name, 'GIT_TERMINAL_PROMPT=0 git -C ~/after pull 2>&1 || true')).toContain('terminal prompts disabled')
  expect(await inside(core(), name, 'ls -A ~/.config/berth')).toBe('')
})

test('the nested engine makes its networks where the settings say, or else where none is outside; those it has stay', async () => {
  const subnet = (network: string) => `docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' ${network}`
  const bridge = await inside(core(), name, subnet('bridge'))
  const outside = (await docker.listNetworks())
    .flatMap(({ IPAM }) => IPAM?.Config ?? [])
    .flatMap(({ Subnet }) => parseSubnet(Subnet ?? '') ?? [])
  const made = (await inside(core(), name, `docker network create one >/dev/null && ${subnet('one')}`)) ?? ''
  for (const found of [bridge, made].map(parseSubnet))
    expect(outside.filter((other) => found === null || overlap(found, other))).toEqual([])

  core().settings.update({ nestedAddressPools: ['base=10.77.0.0/16,size=24'] })
  await done(core(), core().workspaces.restart(name))
  expect(await inside(core(), name, `docker network create two >/dev/null && ${subnet('two')}`)).toBe('10.77.0.0/24')
  expect(await inside(core(), name, `${subnet('bridge')} && ${subnet('one')}`)).toBe(`${bridge}\n${made}`)
})

test('a proxy with a password comes to every process, and into no file of docker’s', async () => {
  const plain = { HTTP_PROXY: 'http://proxy.example.com:3128' }
  await core().workspaces.update(name, { env: plain })
  const files = '/root/.docker/config.json /home/workspace/.docker/config.json /etc/berth/docker-proxies'
  const told = () => inside(core(), name, `cat ${files} 2>/dev/null | grep -c example.com || true`, 'root')
  await expect.poll(told, { timeout: 10_000 }).not.toBe('0')

  await core().workspaces.update(name, { env: { HTTP_PROXY: 'http://me:planted-4716@proxy.example.com:3128' } })
  expect(await ssh('echo $http_proxy')).toContain('planted-4716')
  await expect.poll(told, { timeout: 10_000 }).toBe('0')
  await done(core(), core().workspaces.restart(name))
  expect(await inside(core(), name, "docker info -f '{{.HTTPProxy}}'")).toContain('proxy.example.com')
  const left = 'grep -rlF planted-4716 /etc /opt /root /home /srv /usr/local /var/lib/berth /var/log || true'
  expect(await inside(core(), name, left, 'root')).toBe('')
})
