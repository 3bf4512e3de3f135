import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FoundEngine } from '../../../shared/contract/engines'
import { DEAD_ADDRESS } from '../../testing/fake-engines'
import { fakeWorkspace } from '../../testing/fake-records'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo', 'other'])
const { run } = fake

const foundEngine = (name: string, fields: Partial<FoundEngine> = {}): FoundEngine => ({
  ...{ source: 'context', name, address: `unix:///run/${name}.sock`, context: name, tlsFolder: null },
  ...{ description: null, isCurrent: false, problem: null, usedAs: null, ...fields },
})

test('engines are listed with what they are, how many workspaces they have and which is for new ones', async () => {
  await run(['engine', 'add', 'nas', 'ssh://me@nas'])
  fake.berth.workspaces.set('far', fakeWorkspace('far', { engine: 'nas' }))
  expect((await run(['engine', 'list'])).stdout.split('\n')).toEqual([
    '   NAME     ENGINE         STATUS     WORKSPACES  ADDRESS',
    '●  local *  Docker 28.2.2  connected  2           unix:///var/run/docker.sock',
    '●  nas      Docker 28.2.2  connected  1           ssh://me@nas',
    '',
  ])
  expect((await run(['engine', 'ls', '--quiet'])).stdout).toBe('local\nnas\n')
  expect((await run(['engine', 'list', '--json'])).json()).toMatchObject([
    { name: 'local', isDefault: true, workspaces: 2, state: { status: 'connected' } },
    { name: 'nas', isDefault: false, workspaces: 1 },
  ])
})

describe('add', () => {
  test('takes an address, a path or a context, and says what answered', async () => {
    expect(await run(['engine', 'add', 'nas', 'ssh://me@nas'])).toMatchObject({
      code: 0,
      stdout: 'nas is added: Docker 28.2.2 at ssh://me@nas\n',
    })
    await run(['engine', 'add', 'podman', '/run/podman/podman.sock'])
    await run(['engine', 'add', 'build', 'tcp://build:2376', '--tls', 'certs'])
    expect((await run(['engine', 'add', 'desktop', '--context', 'desktop-linux', '--json'])).json()).toMatchObject({
      name: 'desktop',
      address: 'context desktop-linux',
    })
    expect(fake.berth.calls).toEqual([
      'add engine nas {"address":"ssh://me@nas"}',
      'add engine podman {"address":"unix:///run/podman/podman.sock"}',
      `add engine build {"address":"tcp://build:2376","tlsFolder":"${resolve('certs')}"}`,
      'add engine desktop {"context":"desktop-linux"}',
    ])
  })

  test('with --use makes it the engine for new workspaces', async () => {
    expect(await run(['engine', 'add', 'nas', 'ssh://me@nas', '--use'])).toMatchObject({
      stdout: 'nas is added: Docker 28.2.2 at ssh://me@nas\nNew workspaces are made on nas\n',
    })
    expect(fake.berth.engines.used.filter(({ isDefault }) => isDefault)).toMatchObject([{ name: 'nas' }])
  })

  test('tells why one does not answer, and adds nothing', async () => {
    const result = await run(['engine', 'add', 'nas', DEAD_ADDRESS, '--use'])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain(`${DEAD_ADDRESS}: connection refused`)
    expect(fake.berth.engines.used).toHaveLength(1)
  })

  test.each([
    ['no place', ['nas'], 'Where is the engine?'],
    ['two places', ['nas', 'ssh://me@nas', '--context', 'nas'], 'Give the one or the other.'],
    ['a user and a host only', ['nas', 'me@nas'], 'Give ssh://me@nas,'],
    ['a host and a port only', ['nas', 'nas:2376'], 'Give tcp://nas:2376,'],
    ['a name only', ['nas', 'nas'], 'an address such as ssh://user@host'],
    ['TLS files of a context', ['nas', '--context', 'nas', '--tls', 'x'], 'has TLS files of its own'],
  ])('refuses %s', async (_what, argv, message) => {
    expect(await run(['engine', 'add', ...argv])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) })
    expect(fake.berth.calls).toEqual([])
  })
})

describe('use', () => {
  test('makes an engine the one for new workspaces', async () => {
    await run(['engine', 'add', 'nas', 'ssh://me@nas'])
    expect(await run(['engine', 'use', 'nas'])).toMatchObject({ code: 0, stdout: 'New workspaces are made on nas\n', stderr: '' })
    expect((await run(['engine', 'use', 'id-of-local', '--json'])).json()).toMatchObject({ name: 'local', isDefault: true })
  })

  test('adds one that was found, and says so', async () => {
    fake.berth.engines.found.push(
      foundEngine('desktop'),
      foundEngine('work', { source: 'podman', context: null, address: 'tcp://work:2376', tlsFolder: '/certs' }),
    )
    expect(await run(['engine', 'use', 'desktop'])).toMatchObject({
      code: 0,
      stdout: 'New workspaces are made on desktop\n',
      stderr: 'desktop is added: Docker 28.2.2 at unix:///var/run/docker.sock\n',
    })
    await run(['engine', 'use', 'work'])
    expect(fake.berth.calls).toEqual([
      'add engine desktop {"context":"desktop"}',
      'use engine desktop',
      'add engine work {"address":"tcp://work:2376","tlsFolder":"/certs"}',
      'use engine work',
    ])
  })

  test('knows one that was found by the name that it is used by', async () => {
    fake.berth.engines.found.push(foundEngine('default', { usedAs: 'local' }))
    expect(await run(['engine', 'use', 'default'])).toMatchObject({
      code: 0,
      stdout: 'New workspaces are made on local\n',
      stderr: 'default is the engine that Berth uses as local.\n',
    })
  })

  test('refuses one that cannot be used, one of two of the same name, and one that there is not', async () => {
    fake.berth.engines.found.push(
      foundEngine('broken', { problem: 'its TLS files are missing' }),
      foundEngine('twice'),
      foundEngine('twice', { source: 'podman', context: null, address: 'ssh://me@twice' }),
    )
    expect(await run(['engine', 'use', 'broken'])).toMatchObject({ code: 1, stderr: expect.stringContaining('its TLS files are missing') })
    expect(await run(['engine', 'use', 'twice'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('berth engine add twice ADDRESS'),
    })
    expect((await run(['engine', 'use', 'nix', '--json'])).error()).toMatchObject({ code: 'ENGINE_UNKNOWN', data: { engine: 'nix' } })
    expect(fake.berth.calls).toEqual([])
  })
})

test('an engine is removed, and one with workspaces only once these are gone', async () => {
  await run(['engine', 'add', 'nas', 'ssh://me@nas'])
  fake.berth.workspaces.set('far', fakeWorkspace('far', { engine: 'nas' }))
  expect(await run(['engine', 'remove', 'nas'])).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(far)') })
  fake.berth.workspaces.delete('far')
  expect(await run(['engine', 'rm', 'nas'])).toMatchObject({ code: 0, stdout: 'nas is removed\n' })
  expect(fake.berth.engines.used.map(({ name }) => name)).toEqual(['local'])
  expect((await run(['engine', 'remove', 'nas', '--json'])).error()).toMatchObject({ code: 'ENGINE_UNKNOWN' })
})

describe('test', () => {
  test('connects again to an engine that is used, and shows what it is', async () => {
    const { code, stdout } = await run(['engine', 'test', 'local'])
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual([
      'local answers',
      '  Product     Docker 28.2.2',
      '  API         1.50',
      '  System      Debian 12, x86_64',
      '  Processors  2',
      '  Memory      8 GiB',
      '  Address     unix:///var/run/docker.sock',
      '',
    ])
    expect(fake.berth.calls).toEqual(['reconnect local'])
  })

  test('tries one that is not used, by its address or context', async () => {
    expect(await run(['engine', 'test', '/run/other.sock'])).toMatchObject({ code: 0 })
    await run(['engine', 'test', '--context', 'desktop-linux'])
    expect((await run(['engine', 'test', 'tcp://build:2376', '--tls', '/certs', '--json'])).json()).toMatchObject({
      status: 'connected',
      endpoint: 'tcp://build:2376',
    })
    expect(fake.berth.calls).toEqual([
      'test engine {"address":"unix:///run/other.sock"}',
      'test engine {"context":"desktop-linux"}',
      'test engine {"address":"tcp://build:2376","tlsFolder":"/certs"}',
    ])
  })

  test('exits with 1 and says why where none answers', async () => {
    expect(await run(['engine', 'test', DEAD_ADDRESS])).toMatchObject({
      code: 1,
      stdout: `${DEAD_ADDRESS} does not answer\n  ${DEAD_ADDRESS}: connection refused\n`,
    })
    const asJson = await run(['engine', 'test', DEAD_ADDRESS, '--json'])
    expect(asJson.code).toBe(1)
    expect(asJson.json()).toMatchObject({ status: 'unreachable', tried: [{ reason: 'connection refused' }] })
    fake.berth.engines.used.push({
      ...{ id: 'x', name: 'slow', address: 'ssh://me@slow', isDefault: false },
      state: { status: 'connecting', endpoint: 'ssh://me@slow' },
    })
    expect(await run(['engine', 'test', 'slow'])).toMatchObject({ code: 1, stdout: 'slow does not answer\n  no answer came in time\n' })
  })

  test.each([[[]], [['me@nas']], [['local', '--tls', 'x']], [['ssh://me@nas', '--context', 'x']]])('refuses %j', async (argv) => {
    expect(await run(['engine', 'test', ...argv])).toMatchObject({ code: 2, stdout: '' })
    expect(fake.berth.calls).toEqual([])
  })
})

test('what was found is listed with whether it is used and what is in its way', async () => {
  expect(await run(['engine', 'found'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('No engines were found') })
  fake.berth.engines.found.push(
    foundEngine('desktop', { isCurrent: true, description: 'Docker Desktop' }),
    foundEngine('docker', { source: 'socket', context: null, usedAs: 'local' }),
    foundEngine('old', { source: 'podman', context: null, problem: 'it has no address', description: 'Unused' }),
  )
  expect((await run(['engine', 'found'])).stdout.split('\n')).toEqual([
    'NAME     FOUND AS           ADDRESS                   USED AS',
    'desktop  Docker context     unix:///run/desktop.sock  -        used by the docker command; Docker Desktop',
    'docker   socket             unix:///run/docker.sock   local',
    'old      Podman connection  unix:///run/old.sock      -        it has no address',
    '',
  ])
  expect((await run(['engine', 'found', '--quiet'])).stdout).toBe('desktop\ndocker\nold\n')
  expect((await run(['engine', 'found', '--json'])).json()).toMatchObject([{ name: 'desktop' }, { usedAs: 'local' }, { name: 'old' }])
})
