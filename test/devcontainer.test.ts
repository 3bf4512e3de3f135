import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONFIG, makeDevcontainerRepo } from './support/devcontainer-repo'
import { longIt } from './support/long'
import { makeNestedImage } from './support/nested-image'
import { createTestCore, done, nextEvent, type TestCore, uniqueName } from './support/test-core'

let berth: TestCore
let folder = ''
const name = uniqueName('devcontainer')
const core = () => berth.core
const state = () => core().workspaces.get(name).devcontainerState

/** What a command says, with the options of `exec`. */
async function said(command: string[], options: { outside?: boolean; user?: string } = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await core().workspaces.exec(name, { command, user: 'workspace', ...options })
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${stderr}`)
  return stdout.trimEnd()
}
const shell = (line: string, options = {}) => said(['sh', '-c', line], options)
const outside = (line: string) => shell(line, { outside: true })

/** Writes into the clone, as somebody at work in it does. */
const rewrite = (config: object) => outside(`cat >~/repo/.devcontainer/devcontainer.json <<'END'\n${JSON.stringify(config)}\nEND`)

beforeAll(async () => {
  folder = await makeDevcontainerRepo()
  berth = await createTestCore()
}, 60_000)
afterAll(async () => {
  await berth?.dispose()
  await rm(folder, { recursive: true, force: true })
})

test('the dev container of a repository is found after the clone, and offered', async () => {
  const created = await done(core(), core().workspaces.create({ name, clone: folder, env: { CHOSEN: 's3cret' } }))
  expect(state()).toEqual({
    ...{ state: 'found', path: '.devcontainer/devcontainer.json', paths: ['.devcontainer/devcontainer.json'] },
    ...{ changed: false, container: null, problem: null },
  })
  expect(created.notices.join()).toContain(`berth devcontainer up ${name}`)
  await makeNestedImage({ exec: ({ workspace, ...options }) => core().workspaces.exec(workspace, options) }, name)
}, 120_000)

test('it comes up as the CLI brings it up, with its features, its commands, its user and its variables', async () => {
  const details: string[] = []
  const forget = core().operations.onChange(({ steps }) => details.push(...steps.flatMap(({ detail }) => detail ?? [])))
  const up = await done(core(), core().devcontainers.up(name, { rebuild: false }))
  forget()
  expect(details.filter((detail) => detail.includes('docker run'))).not.toEqual([])
  expect(details.join(), 'a value of a variable in the commands of the CLI').not.toContain('s3cret')
  expect(await outside('cat /var/log/berth/devcontainer.log')).toMatch(/docker run.*\*\*\*/)
  expect(await outside('cat /var/log/berth/devcontainer.log')).not.toContain('s3cret')
  expect(up).toMatchObject({ kind: 'workspace.devcontainer', status: 'succeeded', committed: true })
  expect(state()).toMatchObject({ state: 'running', changed: false, container: { user: 'dev', folder: '/workspaces/repo' }, problem: null })
  expect(
    await shell('whoami; pwd; cat /etc/greeting ~/steps; echo $IN_CONTAINER; echo $FROM_CONFIG; echo $CHOSEN; echo $PATH | sed s,.*:,,'),
  ).toBe('dev\n/workspaces/repo\nhello\ncreated\nstarted\nyes\nof s3cret\ns3cret\n/opt/own')
  expect(await said(['whoami'], { user: 'root' })).toBe('root')
  expect(await outside('whoami; pwd')).toBe('workspace\n/home/workspace/repo')
  // The files of the repository are the same inside and outside, and belong to the user of either.
  await shell('echo mine >made-inside')
  expect(await outside('stat -c %U ~/repo/made-inside')).toBe('workspace')
}, 120_000)

test('a terminal opens inside it within a second, and in the workspace itself on request', async () => {
  const open = { workspace: name, tty: true, start: false, ephemeral: false, cols: 80, rows: 24 }
  const began = Date.now()
  const session = await core().terminals.open(open)
  expect(Date.now() - began).toBeLessThan(1000)
  expect(session).toMatchObject({ kind: 'shell', user: 'dev', container: { name: state().container?.name } })
  expect(await core().terminals.open({ ...open, outside: true })).toMatchObject({ user: 'workspace', container: null })
  expect(await core().terminals.open({ ...open, kind: 'root' })).toMatchObject({
    user: 'root',
    container: { name: state().container?.name },
  })
}, 30_000)

test('a port that it names is forwarded to it', async () => {
  const container = state().container?.name ?? ''
  const { forwards } = core().forwards.list(core().workspaces.get(name).id)
  expect(forwards).toMatchObject([{ port: 3000, container, kind: 'kept', status: 'open' }])
  await shell(`nohup perl -MIO::Socket::INET -e '
    my $server = IO::Socket::INET->new(LocalPort => 3000, Listen => 5, ReuseAddr => 1) or die;
    while (my $client = $server->accept) { print $client "HTTP/1.0 200 OK\\r\\n\\r\\nfrom inside"; close $client }' >/dev/null 2>&1 &`)
  await listening(3000)
  const answer = await fetch(`http://127.0.0.1:${forwards[0]?.localPort}`)
  expect(await answer.text()).toBe('from inside')
}, 30_000)

test('a port is forwarded also where its server listens on the loopback of the dev container only', async () => {
  const { id } = core().workspaces.get(name)
  const target = { port: 3001, container: state().container?.name ?? '' }
  const { forward } = await core().forwards.add(id, target)
  const address = `http://127.0.0.1:${forward.localPort}`
  await expect(fetch(address), 'nothing listens yet').rejects.toThrow()
  const body = 'x'.repeat(3_000_000)
  await shell(`nohup perl -MIO::Socket::INET -e '
    $SIG{PIPE} = "IGNORE";
    my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 3001, Listen => 5, ReuseAddr => 1) or die;
    while (my $client = $server->accept) {
      while (<$client>) { last if length($_) < 3 }
      print $client "HTTP/1.0 200 OK\\r\\n\\r\\n", "x" x 3_000_000; close $client }' >/dev/null 2>&1 &
    until perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new("127.0.0.1:3001")'; do sleep 0.1; done`)
  expect((await (await fetch(address)).text()) === body).toBe(true)
  expect(await outside('pgrep -fc "host: .[l]ocalhost" || true'), 'what carried it has ended').toBe('0')
  await core().forwards.remove(id, target)
}, 30_000)

test('a change of its configuration is seen, and a rebuild brings it up to date', async () => {
  const before = state().container?.id
  await rewrite({ ...CONFIG, containerEnv: { ...CONFIG.containerEnv, IN_CONTAINER: 'changed' } })
  expect(await core().devcontainers.status(name)).toMatchObject({ state: 'running', changed: true })
  await done(core(), core().devcontainers.up(name, { rebuild: true }))
  expect(state()).toMatchObject({ state: 'running', changed: false })
  expect(state().container?.id).not.toBe(before)
  expect(await shell('echo $IN_CONTAINER; cat ~/steps')).toBe('changed\ncreated\nstarted')
  const { forwards } = core().forwards.list(core().workspaces.get(name).id)
  expect(forwards).toMatchObject([{ port: 3000, container: state().container?.name, kind: 'kept' }])
  expect(await core().devcontainers.status(name)).toMatchObject({ changed: false })
}, 120_000)

longIt(
  'it comes up again with its workspace, and what runs at each start has run',
  async () => {
    const { id: session } = await core().terminals.open({ workspace: name, tty: true, start: false, ephemeral: false, cols: 80, rows: 24 })
    const statusNow = () =>
      core()
        .terminals.list()
        .find(({ id }) => id === session)?.status
    await done(core(), core().workspaces.stop(name))
    expect(state()).toMatchObject({ state: 'stopped' })
    await until(() => statusNow() === 'waiting')
    await done(core(), core().workspaces.start({ name }))
    await until(() => state().state === 'running')
    expect(await shell('echo $IN_CONTAINER; cat ~/steps')).toBe('changed\ncreated\nstarted\nstarted')
    await until(() => statusNow() === 'running')
    const shells = await outside(`docker top ${state().container?.id} -eo pid,cmd | grep -c ' /bin/bash'`)
    expect(Number(shells), 'the terminal that was inside has waited for it, and is inside again').toBeGreaterThan(0)
    await core().terminals.close(session)
  },
  120_000,
)

longIt(
  'one that was stopped inside is told from one that runs, and commands are then in the workspace itself',
  async () => {
    await outside(`docker stop -t 0 ${state().container?.id}`)
    await expect(said(['true'])).rejects.toMatchObject({ code: 'DEVCONTAINER_NOT_RUNNING' })
    expect(state()).toMatchObject({ state: 'stopped' })
    expect(await shell('whoami')).toBe('workspace')
    await done(core(), core().devcontainers.up(name, { rebuild: false }))
    expect(await shell('whoami')).toBe('dev')
  },
  60_000,
)

longIt(
  'it is known again after Berth was ended and begun, and a clone has one of its own',
  async () => {
    const { container } = state()
    await berth.core.close()
    await berth.open()
    await until(() => core().workspaces.get(name).status === 'running')
    expect(state()).toMatchObject({ state: 'running', container })
    const copy = `${name}-copy`
    await done(core(), core().copies.clone(core().workspaces.get(name).id, { name: copy, stop: false, start: true }))
    await until(() => core().workspaces.get(copy).devcontainerState.state === 'running')
    const { stdout } = await core().workspaces.exec(copy, { command: ['sh', '-c', 'whoami; cat ~/steps'], user: 'workspace' })
    expect(stdout).toBe(`dev\n${await shell('cat ~/steps')}\nstarted\n`)
    const ports = (workspace: string) => core().forwards.list(core().workspaces.get(workspace).id).forwards
    expect(ports(copy)).toMatchObject([{ port: 3000, status: 'open' }])
    expect(ports(copy)[0]?.localPort).not.toBe(ports(name)[0]?.localPort)
    await done(core(), core().workspaces.delete(copy))
  },
  120_000,
)

test('what fails is told with the last lines, and nothing of the workspace is lost', async () => {
  await rewrite({ ...CONFIG, postCreateCommand: 'echo nearly >&2; exit 7' })
  const { operation } = await core().devcontainers.up(name, { rebuild: true })
  const failed = await core().operations.whenEnded(operation.id)
  expect(failed).toMatchObject({ status: 'failed', committed: true, error: { code: 'DEVCONTAINER_FAILED' } })
  expect(JSON.stringify(failed.error?.data.log)).toContain('nearly')
  expect(state()).toMatchObject({ state: 'failed', problem: { code: 'DEVCONTAINER_FAILED' } })
  expect(core().workspaces.get(name)).toMatchObject({ status: 'running', problem: null })
  expect(await shell('whoami; cat ~/repo/made-inside')).toBe('workspace\nmine')
  const lines = await core().logs.lastLines(name, 'devcontainer', 100, new AbortController().signal)
  expect(lines.map(({ text }) => text).join('\n')).toContain('nearly')
}, 120_000)

longIt(
  'one that is cancelled ends with all it started, in the container too',
  async () => {
    await rewrite({ ...CONFIG, postCreateCommand: 'echo begun; sleep 4321' })
    const { operation } = await core().devcontainers.up(name, { rebuild: true })
    await until(() =>
      core()
        .operations.get(operation.id)
        .steps.some(({ detail }) => detail === 'begun'),
    )
    await outside('until pgrep -fx "sleep 4321"; do sleep 0.1; done')
    await core().operations.cancel(operation.id)
    expect(await core().operations.whenEnded(operation.id)).toMatchObject({ status: 'cancelled', committed: true })
    expect(await outside('pgrep -fx "sleep 4321" || true')).toBe('')
    expect(core().workspaces.get(name)).toMatchObject({ status: 'running', problem: null })
  },
  120_000,
)

longIt(
  'it stops, and its forwards go',
  async () => {
    await rewrite(CONFIG)
    await done(core(), core().devcontainers.up(name, { rebuild: true }))
    await done(core(), core().devcontainers.stop(name))
    expect(state()).toMatchObject({ state: 'stopped', problem: null })
    expect(core().forwards.list(core().workspaces.get(name).id).forwards).toEqual([])
    expect(await shell('whoami')).toBe('workspace')
    await done(core(), core().workspaces.restart(name))
    expect(state()).toMatchObject({ state: 'stopped' })
  },
  120_000,
)

longIt(
  'where it is the choice, it comes up by itself; and never, where it is that',
  async () => {
    await core().workspaces.update(name, { devcontainer: 'always' })
    await until(() => state().state === 'running')
    await done(core(), core().devcontainers.stop(name))
    await core().workspaces.update(name, { devcontainer: 'never' })
    expect(state()).toMatchObject({ state: 'stopped' })
  },
  120_000,
)

longIt(
  'where Node.js is missing and cannot be had, or is too old, that is told',
  async () => {
    const other = `${name}-offline`
    const env = { http_proxy: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' }
    await done(core(), core().workspaces.create({ name: other, clone: folder, env }))
    const up = () => done(core(), core().devcontainers.up(other, { rebuild: false }))
    await expect(up()).rejects.toMatchObject({ code: 'DEVCONTAINER_UNAVAILABLE', data: { reason: 'it could not be installed' } })
    expect(core().workspaces.get(other)).toMatchObject({ status: 'running', problem: null, devcontainerState: { state: 'failed' } })
    const old = 'printf "#!/bin/sh\\necho v18.20.4\\n" >/usr/local/bin/node; chmod +x /usr/local/bin/node'
    await core().workspaces.exec(other, { command: ['sh', '-c', old], user: 'root' })
    await expect(up()).rejects.toMatchObject({ code: 'DEVCONTAINER_UNAVAILABLE', data: { reason: 'its Node.js 18 is too old' } })
    await done(core(), core().workspaces.delete(other))
  },
  60_000,
)

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextEvent(core())
}

async function listening(port: number): Promise<void> {
  const { id } = core().workspaces.get(name)
  await until(
    () =>
      core()
        .forwards.list(id)
        .listeners?.some((listener) => listener.port === port && listener.container !== null) === true,
  )
}
