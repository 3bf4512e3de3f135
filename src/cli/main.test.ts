import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { SETTING_KEYS } from '../shared/settings/settings-table'
import { ENDED_PID } from './testing/fake-berth'
import { fakeHost } from './testing/fake-host'
import { useFakeBerth } from './testing/use-fake-berth'

const fake = useFakeBerth(['demo', 'other'])
const { run } = fake

describe('documents and exit codes', () => {
  test('start prints the workspace as it is after the operation', async () => {
    const result = await run(['start', 'fresh', '--clone', 'https://host/a.git', '-e', 'A=1', '--env', 'B=2', '--label', 'Fresh', '--json'])
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.json()).toMatchObject({
      name: 'fresh',
      status: 'running',
      repo: 'https://host/a.git',
      env: { A: '***', B: '***' },
      label: 'Fresh',
    })
  })

  test('create refuses a name that is taken', async () => {
    const result = await run(['create', 'demo', '--json'])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.error()).toEqual({
      code: 'NAME_TAKEN',
      message: 'There is a workspace “demo” already.',
      next: 'Choose another name.',
      data: { name: 'demo' },
    })
  })

  test('the failure of an operation is the failure of the command', async () => {
    const result = await run(['start', 'unlucky', '--json'])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.error()).toMatchObject({ code: 'PORTS_EXHAUSTED', next: 'Widen sshPorts.', data: { from: 2200, to: 2201 } })
  })

  test('for a person an error says what failed, then what to do', async () => {
    expect(await run(['info', 'nix'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'error: There is no workspace “nix”.\n“berth list” lists them.\n',
    })
  })

  test('stop with one name prints a workspace, with several an array of those that stopped', async () => {
    expect((await run(['stop', 'demo', '--json'])).json()).toMatchObject({ name: 'demo', status: 'stopped' })
    const several = await run(['stop', 'demo', 'nix', 'other', '--json'])
    expect(several.code).toBe(1)
    expect(several.json()).toMatchObject([{ name: 'demo' }, { name: 'other' }])
    expect(several.error()).toMatchObject({ code: 'WORKSPACE_NOT_FOUND', data: { workspace: 'nix' } })
  })

  test('several are started at once; for one that fails the others go on, and the exit code says so', async () => {
    const several = await run(['start', 'demo', 'unlucky', 'fresh', '--label', 'x'])
    expect(several).toMatchObject({ code: 1, stdout: 'demo is running\nfresh is running\n' })
    expect(several.stderr).toMatch(/^error: unlucky: .*\nWiden sshPorts\.\n1 of 3 failed\.\n$/)
    expect(fake.berth.calls).toContain('start {"name":"fresh","label":"x"}')
  })

  test('--all is of those that run, or for a start of those that are stopped', async () => {
    expect(await run(['stop', '--all'])).toMatchObject({ code: 0, stdout: 'demo is stopped\nother is stopped\n' })
    expect(await run(['stop', '--all'])).toMatchObject({ code: 0, stdout: '', stderr: 'No workspace is running.\n' })
    expect((await run(['start', '--all', '--json'])).json()).toMatchObject([{ name: 'demo' }, { name: 'other' }])
    for (const argv of [
      ['stop'],
      ['stop', 'demo', '--all'],
      ['start'],
      ['start', '--all', '--label', 'x'],
      ['start', 'a', 'b', '--host', '--folder', '/x'],
    ])
      expect(await run(argv)).toMatchObject({ code: 2 })
  })

  test('commands have the names that people know', async () => {
    expect((await run(['ps', '--quiet'])).stdout).toBe('demo\nother\n')
    expect(await run(['rm', 'demo', 'other', '--yes'])).toMatchObject({ code: 0, stdout: 'demo is deleted\nother is deleted\n' })
    expect((await run(['version'])).stdout).toBe((await run(['--version'])).stdout)
    expect((await run(['version', '--json'])).json()).toEqual({ version: '1.2.3' })
  })

  test('list is an array, and names only with --quiet', async () => {
    expect((await run(['list', '--json'])).json()).toMatchObject([{ name: 'demo' }, { name: 'other' }])
    expect(await run(['ls', '-q'])).toMatchObject({ code: 0, stdout: 'demo\nother\n', stderr: '' })
  })

  test('info without a name counts', async () => {
    expect((await run(['info', '--json'])).json()).toMatchObject({
      berth: { url: fake.berth.url },
      engines: [{ name: 'local', state: { status: 'connected' } }],
      workspaces: { total: 2, running: 2 },
    })
  })

  test('logs go where the workspace wrote them, and are one array as JSON', async () => {
    expect(await run(['logs', 'demo'])).toMatchObject({ code: 0, stdout: 'line 1\nline 3\n', stderr: 'line 2\n' })
    expect((await run(['logs', 'demo', '--json', '-n', '2'])).json()).toMatchObject([{ text: 'line 2' }, { text: 'line 3' }])
    const followed = await run(['logs', 'demo', '--json', '-f'])
    expect(
      followed.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).text),
    ).toEqual(['line 1', 'line 2', 'line 3'])
  })

  test('logs are asked for by source and time, and filtered', async () => {
    const asked = ['logs', 'demo', '--source', 'ssh', '--since', '2026-01-01T00:00:00Z', '--until', '2026-01-02T00:00:00Z']
    expect(await run([...asked, '--grep', '[13]$'])).toMatchObject({ code: 0, stdout: 'line 1\nline 3\n', stderr: '' })
    expect(fake.berth.calls).toEqual([
      'logs {"workspace":"demo","source":"ssh","since":"2026-01-01T00:00:00Z","until":"2026-01-02T00:00:00Z","follow":false,"tail":1000000}',
    ])
    expect(await run(['logs', 'demo', '--sources'])).toMatchObject({ stdout: 'container\nssh        2 KiB\n' })
    expect((await run(['logs', 'demo', '--sources', '--json'])).json()).toMatchObject([{ source: 'container', bytes: null }, {}])
  })

  test('settings are read and set', async () => {
    expect((await run(['settings', 'set', 'sshPorts', '2200-2201', '--json'])).json()).toMatchObject({ sshPorts: { from: 2200, to: 2201 } })
    expect(await run(['settings', 'get', 'sshPorts'])).toMatchObject({ stdout: '2200-2201\n' })
    expect(await run(['settings', 'set', 'sshPorts.to', '2300'])).toMatchObject({ stderr: 'sshPorts.to is 2300\n' })
    expect(await run(['settings', 'get', 'sshPorts.from'])).toMatchObject({ stdout: '2200\n' })
    await run(['settings', 'set', 'env', 'A=1', 'B=2'])
    expect(await run(['settings', 'set', 'env.EDITOR', 'vim -f'])).toMatchObject({ code: 0, stderr: 'env.EDITOR is set\n' })
    expect((await run(['settings', 'reset', 'env.A', 'env.B', 'sshPorts.to', '--json'])).json()).toMatchObject({
      sshPorts: { from: 2200, to: 2400 },
      env: { EDITOR: 'vim -f' },
    })
    expect(await run(['settings', 'get', 'env.A'])).toMatchObject({ code: 1, stderr: expect.stringContaining('env.A is not set') })
  })

  test('a debug report is one JSON document, asked for as JSON or not', async () => {
    const report = (await run(['debug', 'demo'])).json()
    expect(report).toMatchObject({ workspace: { name: 'demo' }, missing: [{ part: 'logs' }] })
    expect((await run(['debug', 'demo', '--json'])).json()).toEqual(report)
  })

  test('settings are listed, searched, and told from their defaults', async () => {
    expect((await run(['settings'])).stdout.split('\n')).toHaveLength(SETTING_KEYS.length + 1)
    expect(await run(['settings', 'list', '--changed'])).toMatchObject({ stdout: '', stderr: 'All settings have their defaults.\n' })
    await run(['settings', 'set', 'terminalFontSize', '15'])
    expect(await run(['settings', 'list', '--changed'])).toMatchObject({
      stdout: 'terminalFontSize  15  changed from 13  Terminal font size\n',
    })
    expect((await run(['settings', 'list', 'FONT', 'size', '--json'])).json()).toEqual([
      expect.objectContaining({ key: 'terminalFontSize', section: 'terminal', value: 15, default: 13, changed: true }),
    ])
    expect(await run(['settings', 'list', 'no such thing'])).toMatchObject({ code: 0, stdout: '', stderr: 'No setting fits that.\n' })
  })

  test('open prints an address that leads to the workspace', async () => {
    expect((await run(['open', 'demo', '--print', '--json'])).json()).toEqual({
      url: `${fake.berth.url}/#token=secret&workspace=demo`,
      opened: false,
    })
  })

  test('quit waits until Berth has ended; a second one finds nothing to do', async () => {
    expect((await run(['quit', '--json'])).json()).toEqual({ pid: ENDED_PID })
    await rm(join(fake.home, 'door.json'))
    expect((await run(['quit', '--json'])).json()).toEqual({ pid: null })
  })

  test('no Berth is started where that is switched off', async () => {
    await rm(join(fake.home, 'door.json'))
    expect(await run(['list', '--no-autostart'])).toMatchObject({ code: 1, stderr: expect.stringContaining('berth serve') })
    expect(await run(['list'], fakeHost(fake.home, { env: { BERTH_AUTOSTART: '0' } }))).toMatchObject({ code: 1 })
  })
})

describe('usage', () => {
  test.each([
    ['an unknown command', ['strat'], 'Did you mean start?'],
    ['an unknown option', ['list', '--jsn'], 'unknown option'],
    ['a missing argument', ['delete'], 'missing required argument'],
    ['one argument too many', ['list', 'demo'], 'too many arguments'],
    ['options of the command to run without --', ['exec', 'demo', 'ls', '-la'], 'Put -- before'],
    ['a name that looks like an option', ['start', '-a'], 'A name must start with'],
    ['an unknown setting', ['settings', 'get', 'frob'], 'berth settings” lists them'],
    ['a number that is none', ['logs', 'demo', '-n', 'ten'], 'whole number'],
    ['a time that is none', ['logs', 'demo', '--since', 'yesterday'], 'It takes 90s, 10m'],
    ['a pattern that is none', ['logs', 'demo', '--grep', '('], 'Invalid regular expression'],
    ['an end of what is followed', ['logs', 'demo', '-f', '--until', '5m'], 'cannot be used with'],
    ['a shell without a terminal', ['shell', 'demo'], 'needs a terminal'],
    ['a setting with a slip', ['settings', 'set', 'thmee', 'dark'], 'Did you mean theme?'],
    ['a field that a setting has not', ['settings', 'get', 'theme.x'], 'theme has no field “x”'],
    ['half a command', ['snapshot'], 'A command is missing'],
    ['half a command of snapshots', ['snapshot'], 'A command is missing'],
    ['a template for a folder of this machine', ['start', 'x', '--template', 'base', '--host'], 'cannot be used with'],
    ['force where nothing is replaced', ['snapshot', 'restore', 'demo', 's', '--as', 'x', '--force'], 'cannot be used with'],
    ['a restore that is not to start', ['snapshot', 'restore', 'demo', 's', '--no-start'], '--no-start goes with --as'],
    ['a label and its end', ['label', 'demo', 'x', '--clear'], 'either given or taken away'],
    ['no label', ['label', 'demo'], 'either given or taken away'],
  ])('%s exits with 2 and says why', async (_what, argv, message) => {
    const result = await run(argv)
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain(message)
    const asJson = await run([...argv, '--json'])
    expect(asJson).toMatchObject({ code: 2, stdout: '' })
    expect(asJson.error()).toMatchObject({ code: 'USAGE' })
  })

  test('help and version are no errors, and every command has examples', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n' })
    expect(await run([])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: berth') })
    const commands = [
      'start',
      'create',
      'stop',
      'restart',
      'delete',
      'list',
      'info',
      'logs',
      'exec',
      'shell',
      'open',
      'build',
      'serve',
      'quit',
      'completion',
      'clone',
      'rename',
      'label',
    ]
    const grouped = {
      settings: ['list', 'get', 'set', 'reset'],
      snapshot: ['create', 'list', 'restore', 'delete'],
      template: ['set', 'unset', 'list'],
    }
    const inGroups = Object.entries(grouped).flatMap(([group, names]) => names.map((name) => [group, name]))
    for (const command of [...commands.map((name) => [name]), ...inGroups]) {
      const help = await run([...command, '--help'])
      expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining(`Examples:\n  $ `) })
      expect(help.stdout).toContain('--json')
    }
  })
})

describe('delete', () => {
  test('without a terminal it needs --yes, and then deletes', async () => {
    expect(await run(['delete', 'demo'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
    expect(fake.berth.calls).toEqual([])
    expect((await run(['delete', 'demo', '--yes', '--json'])).json()).toMatchObject({ deleted: 'demo', operation: { status: 'succeeded' } })
    expect([...fake.berth.workspaces.keys()]).toEqual(['other'])
  })

  const answered = async (answer: string) => {
    const host = fakeHost(fake.home, { terminal: true, env: { NO_COLOR: '1' } })
    const result = run(['delete', 'demo'], host)
    await vi.waitFor(() => expect(host.stderr.text()).toMatch(/\[y\/N\]|to delete it:/))
    host.input.write(answer)
    return result
  }

  test('on a terminal it names what is lost and takes no for an answer', async () => {
    const refused = await answered('\r')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('Deleting demo cannot be undone')
    expect(refused.stderr).toContain('volume workspace-demo (1.5 MiB)')
    expect(refused.stderr).toMatch(/snapshot before-upgrade \(made .*\)/)
    expect(await answered('y\r')).toMatchObject({ code: 0, stdout: 'demo is deleted\n' })
  })

  test('with work that is nowhere else the name must be typed', async () => {
    const demo = fake.berth.workspaces.get('demo')
    if (demo !== undefined) fake.berth.workspaces.set('demo', { ...demo, label: 'dirty' })
    const refused = await answered('yes\r')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('2 files not committed')
    expect(refused.stderr).toContain('1 commit not pushed')
    expect(await answered('demo\r')).toMatchObject({ code: 0 })
  })
})

describe('interrupts', () => {
  test('the first cancels the operation, which exits with 130', async () => {
    fake.berth.hold()
    const host = fakeHost(fake.home)
    const result = run(['stop', 'demo'], host)
    await vi.waitFor(() => expect(fake.berth.calls).toEqual(['stop demo']))
    await new Promise((resolve) => setTimeout(resolve, 50))
    host.signal('SIGINT')
    expect(await result).toMatchObject({ code: 130, stderr: expect.stringContaining('It was cancelled.') })
    expect(fake.berth.calls).toContain('cancel workspace.stop-demo')
  })

  test('the second leaves it running and says so', async () => {
    fake.berth.hold()
    const host = fakeHost(fake.home)
    const result = run(['stop', 'demo'], host)
    await vi.waitFor(() => expect(fake.berth.calls).toEqual(['stop demo']))
    host.signal('SIGINT')
    host.signal('SIGINT')
    expect(await result).toMatchObject({ code: 130, stderr: expect.stringContaining('goes on in the background') })
  })
})

describe('exec', () => {
  test('hands over the output and the exit code', async () => {
    expect(await run(['exec', 'demo', '--', 'fail', '--json', '--', '-x'])).toMatchObject({
      code: 7,
      stdout: 'fail --json -- -x\n',
      stderr: 'and an error\n',
    })
  })

  test('sends input to its end, and acknowledges what it has written', async () => {
    const host = fakeHost(fake.home)
    const input = 'x'.repeat(50 * 65_536)
    Readable.from(input.match(/.{65536}/g) ?? []).pipe(host.input)
    const result = await run(['exec', 'demo', '--user', 'root', '--', 'cat'], host)
    expect(result.code).toBe(0)
    expect(result.stdout.length).toBe(input.length)
    const acknowledged = fake.berth.received.reduce((sum, frame) => sum + (frame.type === 'ack' ? frame.byteCount : 0), 0)
    expect(acknowledged).toBeGreaterThan(input.length / 2)
    expect(fake.berth.calls[0]).toContain('"user":"root","tty":false,"start":false,"outside":false,"ephemeral":true')
  })

  test('as JSON it is one document, with input only when asked for', async () => {
    const plain = await run(['exec', 'demo', '--json', '--timeout', '5', '--', 'uname', '-a'])
    expect(plain.code).toBe(3)
    expect(plain.json()).toEqual({ exitCode: 3, stdout: 'uname -a\n', stderr: '', timedOut: false, truncated: false })
    const host = fakeHost(fake.home)
    host.input.end('some input')
    expect((await run(['exec', 'demo', '--json', '--stdin', '--', 'cat'], host)).json()).toMatchObject({ stderr: 'some input' })
  })

  test('an interrupt ends the command', async () => {
    const host = fakeHost(fake.home)
    const result = run(['exec', 'demo', '--', 'hang'], host)
    await vi.waitFor(() => expect(fake.berth.calls.length).toBe(1))
    await new Promise((resolve) => setTimeout(resolve, 50))
    host.signal('SIGINT')
    expect((await result).code).toBe(130)
    expect(fake.berth.calls.slice(1)).toEqual(['signal s0 INT'])
  })

  test('a second interrupt ends what does not heed the first', async () => {
    const host = fakeHost(fake.home)
    const result = run(['exec', 'demo', '--', 'stubborn'], host)
    await vi.waitFor(() => expect(fake.berth.calls.length).toBe(1))
    await new Promise((resolve) => setTimeout(resolve, 50))
    host.signal('SIGINT')
    host.signal('SIGINT')
    expect((await result).code).toBe(130)
    expect(fake.berth.calls).toContain('close s0')
  })

  test('output beyond the limit is left out, and says so', async () => {
    const result = await run(['exec', 'demo', '--max-output', '4', '--', 'echo', 'many words'])
    expect(result).toMatchObject({ code: 0, stdout: 'echo' })
    expect(result.stderr).toMatch(/^and \n\[Output cut after 4 B; 21 B more were left out\.\]\n$/)
  })

  test('a terminal, another user and a start are asked for when they are wanted', async () => {
    await run(['exec', 'demo', '--tty', '--start', '--user', '1001:50', '--', 'top'])
    expect(fake.berth.calls[0]).toContain('"user":"1001:50","tty":true,"start":true,"outside":false,"ephemeral":true,"cols":80')
    expect((await run(['exec', 'demo', '--user', 'a b', '--', 'top'])).stderr).toContain('Enter a user name or number')
  })

  test('a timeout ends it with 124', async () => {
    expect(await run(['exec', 'demo', '--timeout', '0.1', '--', 'hang'])).toMatchObject({
      code: 124,
      stderr: expect.stringContaining('longer than 0.1 s'),
    })
  })

  test('a failure of Berth’s own is 125', async () => {
    expect((await run(['exec', 'nix', '--', 'true'])).code).toBe(125)
    expect((await run(['exec', 'demo', '--', 'break'])).code).toBe(125)
  })
})

describe('shell', () => {
  const atTerminal = () => {
    const host = fakeHost(fake.home, { terminal: true })
    const modes: boolean[] = []
    Object.assign(host.input, { setRawMode: (raw: boolean) => modes.push(raw) })
    return { host, modes }
  }

  test('gives the terminal to the workspace, follows its size, and gives it back', async () => {
    const { host, modes } = atTerminal()
    const result = run(['shell', 'demo'], host)
    await vi.waitFor(() => expect(modes).toEqual([true]))
    Object.assign(host.stdout, { columns: 132, rows: 50 })
    host.stdout.emit('resize')
    host.input.end('ls\r')
    expect(await result).toMatchObject({ code: 0, stdout: 'ls\r' })
    expect(modes).toEqual([true, false])
    expect(fake.berth.calls[0]).toContain('"tty":true,"start":false,"outside":false,"ephemeral":true,"cols":80')
    expect(fake.berth.received).toContainEqual({ type: 'resize', cols: 132, rows: 50 })
  })

  test('gives it back when Berth goes away too', async () => {
    const { host, modes } = atTerminal()
    const result = run(['shell', 'demo'], host)
    await vi.waitFor(() => expect(modes).toEqual([true]))
    await fake.berth.close()
    expect(await result).toMatchObject({ code: 125, stderr: expect.stringContaining('connection to the session broke') })
    expect(modes).toEqual([true, false])
  })
})
