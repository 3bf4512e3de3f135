import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findEngines } from './found-engines'

let homeFolder: string
beforeEach(async () => {
  homeFolder = await mkdtemp(join(tmpdir(), 'berth-found-'))
})
afterEach(() => rm(homeFolder, { recursive: true, force: true }))

const find = (environment: Record<string, string> = {}) => findEngines({ environment, platform: 'linux', homeFolder })
const of = (source: string, environment: Record<string, string> = {}) => find(environment).filter((engine) => engine.source === source)

async function put(path: string, content: unknown): Promise<string> {
  const full = join(homeFolder, path)
  await mkdir(dirname(full), { recursive: true })
  await writeFile(full, typeof content === 'string' ? content : JSON.stringify(content))
  return full
}

const metaOf = (name: string) => `.docker/contexts/meta/${createHash('sha256').update(name).digest('hex')}/meta.json`

describe('Docker’s contexts', () => {
  it('are the default one alone where there is nothing', () => {
    expect(of('context')).toEqual([
      {
        source: 'context',
        name: 'default',
        address: { context: 'default' },
        url: 'unix:///var/run/docker.sock',
        description: null,
        isCurrent: true,
        problem: null,
      },
    ])
  })

  it('are all that have a file, with what was written about them', async () => {
    await put(metaOf('work'), {
      Name: 'work',
      Metadata: { Description: 'The big one', Extra: 1 },
      Endpoints: { docker: { Host: 'ssh://box' } },
    })
    await put(metaOf('lab'), { Name: 'lab', Metadata: {}, Endpoints: { docker: { Host: 'tcp://lab:2376', SkipTLSVerify: false } } })
    await put('.docker/config.json', { currentContext: 'work' })
    const found = of('context').map(({ name, url, description, isCurrent }) => ({ name, url, description, isCurrent }))
    expect(found).toHaveLength(3)
    expect(found).toContainEqual({ name: 'default', url: 'unix:///var/run/docker.sock', description: null, isCurrent: false })
    expect(found).toContainEqual({ name: 'work', url: 'ssh://box', description: 'The big one', isCurrent: true })
    expect(found).toContainEqual({ name: 'lab', url: 'tcp://lab:2376', description: null, isCurrent: false })
    expect(of('context', { DOCKER_CONTEXT: 'lab' }).find(({ isCurrent }) => isCurrent)?.name).toBe('lab')
    expect(of('context', { DOCKER_HOST: 'tcp://other' }).find(({ isCurrent }) => isCurrent)).toMatchObject({
      ...{ name: 'default', url: 'tcp://other' },
    })
  })

  it.each([
    ['{ half', 'is not valid JSON'],
    ['{}', 'does not have the expected contents'],
    [JSON.stringify({ Name: 'other', Endpoints: { docker: { Host: 'x' } } }), 'not in the folder of the context “other”'],
  ])('that are broken are entries with a problem: %s', async (content, problem) => {
    const path = await put(metaOf('bad'), content)
    expect(of('context')[1]).toMatchObject({ name: path, url: null, problem: expect.stringContaining(problem) })
  })

  it('that Docker is to use and does not have are told', async () => {
    await put('.docker/config.json', { currentContext: 'gone' })
    expect(of('context')[1]).toMatchObject({ name: 'gone', isCurrent: true, problem: 'Docker has no context “gone”' })
  })

  it('of a broken configuration are told at the default one', async () => {
    await put('.docker/config.json', '[]')
    expect(of('context')[0]?.problem).toContain('does not have the expected contents')
  })

  it('in a folder that is none are a problem, too', async () => {
    await put('.docker/contexts/meta', 'a file')
    expect(of('context')).toHaveLength(1)
    await rm(join(homeFolder, '.docker/contexts/meta'))
    await mkdir(join(homeFolder, metaOf('bad')), { recursive: true })
    expect(of('context')[1]?.problem).toContain('cannot be read')
  })
})

it('DOCKER_HOST is one, with TLS as Docker’s variables say', () => {
  expect(of('environment')).toEqual([])
  expect(of('environment', { DOCKER_HOST: 'other:2376', DOCKER_TLS_VERIFY: '1' })).toMatchObject([
    { address: { url: 'tcp://other:2376', tlsFolder: join(homeFolder, '.docker') }, url: 'tcp://other:2376', isCurrent: true },
  ])
})

describe('sockets', () => {
  let server: Server
  beforeEach(() => {
    server = createServer()
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('are those that are there', async () => {
    await mkdir(join(homeFolder, '.orbstack/run'), { recursive: true })
    const path = join(homeFolder, '.orbstack/run/docker.sock')
    await new Promise<void>((resolve) => server.listen(path, resolve))
    const found = of('socket').filter(({ name }) => name.startsWith(homeFolder))
    expect(found).toMatchObject([{ name: path, address: { url: `unix://${path}` }, url: `unix://${path}`, problem: null }])
  })
})

describe('Podman’s connections', () => {
  const uri = 'ssh://core@127.0.0.1:53298/run/user/501/podman/podman.sock'

  it('are those of Podman 5', async () => {
    await put('.config/containers/podman-connections.json', {
      Connection: {
        Default: 'box',
        Connections: { box: { URI: 'ssh://me@box/run/podman/podman.sock' }, vm: { URI: uri, Identity: '/k', IsMachine: true } },
      },
      Farm: {},
    })
    expect(of('podman')).toMatchObject([
      { name: 'box', url: 'ssh://me@box/run/podman/podman.sock', isCurrent: true, problem: null },
      { name: 'vm', address: { url: uri }, isCurrent: false, problem: expect.stringContaining('/k') },
    ])
  })

  it('are those of Podman 4', async () => {
    await put(
      '.config/containers/containers.conf',
      [
        '# a comment',
        '[containers]',
        'default_ulimits = [',
        '  "nofile=4096:4096",',
        ']',
        '[engine]',
        'active_service = "box"',
        '[engine.service_destinations]',
        '  [engine.service_destinations.box]',
        '    uri = "ssh://me@box/run/podman/podman.sock" # here',
        '  [engine.service_destinations."other vm"]',
        `    uri = '${uri}'`,
        '    identity = "/k"',
        '    is_machine = true',
      ].join('\n'),
    )
    expect(of('podman')).toMatchObject([
      { name: 'box', url: 'ssh://me@box/run/podman/podman.sock', isCurrent: true, problem: null },
      { name: 'other vm', url: uri, isCurrent: false, problem: expect.stringContaining('/k') },
    ])
  })

  it.each([
    ['containers.conf', '[engine.service_destinations.box]\nuri = "ssh://b\\u006fx"', 'cannot read'],
    ['containers.conf', '[engine]\nservice_destinations = { box = { uri = "ssh://box" } }', 'cannot read'],
    ['containers.conf', '[engine.service_destinations."a\\"b"]\nuri = "ssh://box"', 'cannot read'],
    ['containers.conf', 'x = """\n[engine.service_destinations.box]\nuri = "ssh://evil"\n"""', 'several lines'],
    ['podman-connections.json', '{ half', 'does not have'],
    ['podman-connections.json', '{"Connection":{"Connections":{"box":{"URI":7}}}}', 'does not have'],
  ])('in %s that Berth does not read are a problem, not a guess: %s', async (file, content, problem) => {
    const path = await put(`.config/containers/${file}`, content)
    expect(of('podman')).toMatchObject([{ name: path, url: null, problem: expect.stringContaining(problem) }])
  })
})
