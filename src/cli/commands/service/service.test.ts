import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveFakeBerth } from '../../testing/fake-berth'
import { fakeHost } from '../../testing/fake-host'
import { runMain } from '../../testing/run-main'
import { isOurs, serviceFile } from './service-file'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'berth-service-'))
  for (const folder of ['bin', 'home']) await mkdir(join(root, folder))
})
afterEach(() => rm(root, { recursive: true }))

const calls = async () => (await readFile(join(root, 'calls'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
const unitFile = () => join(root, 'home/.config/systemd/user/berth.service')

/** Notes what it was called with, and knows whether the service runs, as a service manager does. `extra` is shell that comes first. */
async function haveManager(program: string, extra = ''): Promise<void> {
  const script = `#!/bin/sh
echo "$*" >>'${root}/calls'
${extra}
case "$*" in
  *'is-active'* | 'print gui/'*'/dev.berth.service') if [ -e '${root}/running' ]; then echo 'state = running'; else exit 3; fi ;;
  *' start '* | 'bootstrap '*) : >'${root}/running' ;;
  *'disable --now'* | 'bootout '*) rm -f '${root}/running' ;;
esac
`
  await writeFile(join(root, 'bin', program), script)
  await chmod(join(root, 'bin', program), 0o755)
}

async function run(argv: string[], platform: NodeJS.Platform = 'linux') {
  const host = fakeHost(join(root, 'home/berth'), {
    env: { PATH: `${root}/bin:/usr/bin:/bin`, DOCKER_HOST: 'unix:///run/d.sock', SECRET: 'not this' },
    headlessPath: '/opt/a b/out/main/headless.js',
  })
  return runMain(['service', ...argv], { ...host, homedir: join(root, 'home'), platform })
}

describe('with systemd', () => {
  beforeEach(() => haveManager('systemctl'))

  test('install writes the unit, enables and starts it; again, nothing changes', async () => {
    const result = await run(['install', '--port', '7437'])
    expect(result).toMatchObject({ code: 0, stdout: `Written: ${unitFile()}\n` })
    expect(result.stderr).toContain('The service is running, and starts at each login.')
    const text = await readFile(unitFile(), 'utf8')
    expect(text).toContain('\nExecStart="/opt/a b/bin/berth" "serve" "--port" "7437"\n')
    expect(text).toContain(`\nEnvironment="BERTH_HOME=${root}/home/berth"\n`)
    expect(text).toContain('\nEnvironment="DOCKER_HOST=unix:///run/d.sock"\n')
    expect(text).not.toContain('SECRET')
    expect(await calls()).toEqual([
      '--user show-environment',
      '--user is-active --quiet berth.service',
      '--user daemon-reload',
      '--user enable berth.service',
      '--user is-active --quiet berth.service',
      '--user start berth.service',
    ])
    expect((await run(['install', '--port', '7437'])).stdout).toBe(`Unchanged: ${unitFile()}\n`)
    expect((await run(['install'])).stderr).toContain('“systemctl --user restart berth” restarts it.')
    expect((await run(['status', '--json'])).json()).toEqual({
      ...{ manager: 'systemd', file: unitFile(), installed: true, changed: false, running: true },
    })
  })

  test('uninstall stops it and removes the file; again, it says that there is none', async () => {
    await run(['install'])
    expect(await run(['uninstall'])).toMatchObject({ code: 0, stdout: `Removed: ${unitFile()}\n` })
    expect((await calls()).slice(-2)).toEqual(['--user disable --now berth.service', '--user daemon-reload'])
    await expect(readFile(unitFile())).rejects.toThrow('ENOENT')
    expect((await run(['uninstall', '--json'])).json()).toMatchObject({ removed: false })
    expect((await run(['status'])).stdout).toBe('Not installed: “berth service install” does it.\n')
  })

  test('a file of somebody else, or one that was changed, is left as it is', async () => {
    await run(['install'])
    const changed = `${await readFile(unitFile(), 'utf8')}Nice=5\n`
    for (const text of ['[Service]\n', changed]) {
      await writeFile(unitFile(), text)
      for (const command of ['install', 'uninstall'])
        expect((await run([command, '--json'])).error()).toMatchObject({ code: 'SERVICE_FILE_FOREIGN', data: { file: unitFile() } })
      expect(await readFile(unitFile(), 'utf8')).toBe(text)
    }
    expect((await run(['status'])).stdout).toContain('changed, so Berth leaves it alone')
  })

  test('a Berth that runs already is not fought with', async () => {
    const berth = await serveFakeBerth(join(root, 'home/berth'), { names: [] }).catch(async () => {
      await mkdir(join(root, 'home/berth'))
      return serveFakeBerth(join(root, 'home/berth'), { names: [] })
    })
    try {
      const result = await run(['install'])
      expect(result.stderr).toContain(
        `A Berth is running already (process ${process.pid}). To have the service in its place: “berth quit”, then “systemctl --user start berth”.`,
      )
      expect(await calls()).not.toContain('--user start berth.service')
    } finally {
      await berth.close()
    }
  })

  test('--print shows the unit, and touches nothing', async () => {
    const result = await run(['install', '--print'])
    expect(result.stdout).toMatch(/^# Written by “berth service install”; .*\n\[Unit\]\n/)
    expect(isOurs(result.stdout)).toBe(true)
    expect(await calls()).toEqual([])
    await expect(readFile(unitFile())).rejects.toThrow('ENOENT')
  })

  test('when it does not answer, nothing is written, and what to do is said', async () => {
    await haveManager('systemctl', 'echo "Failed to connect to bus: No medium found" >&2; exit 1')
    const { error, code } = await run(['install', '--json'])
    expect(code).toBe(1)
    expect(error()).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('Failed to connect to bus: No medium found'),
    })
    expect(error()).toMatchObject({ next: expect.stringContaining('loginctl enable-linger') })
    await expect(readFile(unitFile())).rejects.toThrow('ENOENT')
  })

  test('without systemd at all, too', async () => {
    await rm(join(root, 'bin/systemctl'))
    const host = fakeHost(join(root, 'home/berth'), { env: { PATH: `${root}/bin` } })
    const result = await runMain(['service', 'install', '--json'], { ...host, homedir: join(root, 'home') })
    expect(result.error()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: 'systemctl is not installed here.' })
  })
})

describe('with launchd', () => {
  beforeEach(() => haveManager('launchctl'))
  const agentFile = () => join(root, 'home/Library/LaunchAgents/dev.berth.service.plist')

  test('install, again, status and uninstall', async () => {
    const domain = `gui/${process.getuid?.()}`
    expect(await run(['install'], 'darwin')).toMatchObject({ code: 0, stdout: `Written: ${agentFile()}\n` })
    expect(await calls()).toContain(`bootstrap ${domain} ${agentFile()}`)
    const text = await readFile(agentFile(), 'utf8')
    expect(text).toMatch(/^<\?xml version="1.0"/)
    expect(text).toContain('<string>/opt/a b/bin/berth</string>')
    expect(isOurs(text)).toBe(true)
    // Told anew, it is ended first.
    await run(['install', '--port', '8080'], 'darwin')
    expect((await calls()).slice(-3)).toEqual([
      `bootout ${domain}/dev.berth.service`,
      `print ${domain}/dev.berth.service`,
      `bootstrap ${domain} ${agentFile()}`,
    ])
    expect((await run(['status', '--json'], 'darwin')).json()).toMatchObject({ manager: 'launchd', installed: true, running: true })
    expect(await run(['uninstall'], 'darwin')).toMatchObject({ code: 0, stdout: `Removed: ${agentFile()}\n` })
  })
})

test('other systems are told what to do instead', async () => {
  expect((await run(['install', '--json'], 'win32')).error()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
})

test('what the service manager would take for something else is escaped', () => {
  const settings = { berth: '/a "b"/$x/100%', port: null, environment: { PATH: '/p&<q>%h\\' }, logFile: '/l&l' }
  const unit = serviceFile('systemd', settings)
  expect(unit).toContain('ExecStart="/a \\"b\\"/$$x/100%%" "serve"')
  expect(unit).toContain('Environment="PATH=/p&<q>%%h\\\\"')
  const agent = serviceFile('launchd', settings)
  expect(agent).toContain('<string>/p&amp;&lt;q&gt;%h\\</string>')
  expect(agent).toContain('<string>/l&amp;l</string>')
})
