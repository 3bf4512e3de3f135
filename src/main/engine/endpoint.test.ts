import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endpointCandidates } from './endpoint'
import type { EngineAddress } from './engine-address'

describe('where an engine is looked for', () => {
  let homeFolder: string
  beforeEach(async () => {
    homeFolder = await mkdtemp(join(tmpdir(), 'berth-endpoint-'))
  })
  afterEach(() => rm(homeFolder, { recursive: true, force: true }))

  const look = (environment: Record<string, string>, address: EngineAddress | null = null, platform: NodeJS.Platform = 'linux') =>
    endpointCandidates(address, { environment, platform, homeFolder }).candidates.map(({ url }) => url)
  const endpointOf = (environment: Record<string, string>, address: EngineAddress | null = null) =>
    endpointCandidates(address, { environment, platform: 'linux', homeFolder }).candidates[0]

  /** As Docker keeps a context; `files` are those for TLS. */
  async function addContext(name: string, docker: object, files: string[] = []): Promise<string> {
    const id = createHash('sha256').update(name).digest('hex')
    await mkdir(join(homeFolder, '.docker/contexts/meta', id), { recursive: true })
    await writeFile(join(homeFolder, '.docker/contexts/meta', id, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker } }))
    const tls = join(homeFolder, '.docker/contexts/tls', id, 'docker')
    if (files.length > 0) await mkdir(tls, { recursive: true })
    for (const file of files) await writeFile(join(tls, file), 'x')
    return tls
  }

  it('is the address alone when there is one', () => {
    expect(look({ DOCKER_HOST: 'tcp://other:2375' }, { url: 'tcp://set:2375' })).toEqual(['tcp://set:2375'])
  })

  it('is DOCKER_HOST alone when there is no address', () => {
    expect(look({ DOCKER_HOST: 'tcp://other:2375' })).toEqual(['tcp://other:2375'])
  })

  it('is Docker’s current context first, then the usual sockets, then Podman’s', async () => {
    await addContext('work', { Host: 'ssh://me@box' })
    await writeFile(join(homeFolder, '.docker/config.json'), JSON.stringify({ currentContext: 'work' }))
    const found = look({ XDG_RUNTIME_DIR: '/run/user/1000' })
    expect(found.slice(0, 3)).toEqual(['ssh://me@box', 'unix:///var/run/docker.sock', 'unix:///run/user/1000/docker.sock'])
    expect(found.at(-1)).toBe('unix:///run/podman/podman.sock')
  })

  describe('that is a context', () => {
    it('is where that one says, whatever Docker’s variables say', async () => {
      await addContext('work', { Host: 'tcp://work:2376' })
      expect(look({ DOCKER_HOST: 'tcp://other:2375', DOCKER_CONTEXT: 'gone' }, { context: 'work' })).toEqual(['tcp://work:2376'])
    })

    it('is DOCKER_HOST or this machine’s for the default one', () => {
      expect(look({ DOCKER_HOST: 'other:2375' }, { context: 'default' })).toEqual(['tcp://other:2375'])
      expect(look({}, { context: 'default' })).toEqual(['unix:///var/run/docker.sock'])
    })

    it('has the TLS files that it has, and no others', async () => {
      const folder = await addContext('work', { Host: 'tcp://work:2376' }, ['ca.pem'])
      expect(endpointOf({}, { context: 'work' })?.tls).toEqual({ folder, files: ['ca.pem'], verifies: true })
    })

    it('may skip the verification', async () => {
      const folder = await addContext('work', { Host: 'tcp://work:2376', SkipTLSVerify: true })
      expect(endpointOf({}, { context: 'work' })?.tls).toEqual({ folder, files: [], verifies: false })
    })

    it('says so when it is gone, and has nothing to try', () => {
      const { candidates, problems } = endpointCandidates({ context: 'gone' }, { environment: {}, platform: 'linux', homeFolder })
      expect(candidates).toEqual([])
      expect(problems).toEqual([{ endpoint: expect.stringContaining('meta.json'), reason: 'Docker has no context “gone”' }])
    })

    it('is looked for in DOCKER_CONFIG, and in the home folder when that is empty', async () => {
      await addContext('work', { Host: 'tcp://work:2376' })
      expect(look({ DOCKER_CONFIG: join(homeFolder, '.docker') }, { context: 'work' })).toHaveLength(1)
      expect(look({ DOCKER_CONFIG: '' }, { context: 'work' })).toHaveLength(1)
      expect(look({ DOCKER_CONFIG: homeFolder }, { context: 'work' })).toHaveLength(0)
    })
  })

  describe('is spoken to over TLS', () => {
    const all = ['ca.pem', 'cert.pem', 'key.pem']
    it('with the folder of the address', () => {
      expect(endpointOf({}, { url: 'tcp://set', tlsFolder: '/certs' })?.tls).toEqual({ folder: '/certs', files: all, verifies: true })
    })

    it.each(['1', '0', 'anything'])('when DOCKER_TLS_VERIFY is %j', (value) => {
      const expected = { folder: join(homeFolder, '.docker'), files: all, verifies: true }
      expect(endpointOf({ DOCKER_HOST: 'tcp://other', DOCKER_TLS_VERIFY: value })?.tls).toEqual(expected)
      expect(endpointOf({ DOCKER_TLS_VERIFY: value, DOCKER_CERT_PATH: '/certs' }, { url: 'tcp://set' })?.tls?.folder).toBe('/certs')
    })

    it('not for a folder alone, as with Docker’s client', () => {
      expect(endpointOf({ DOCKER_HOST: 'tcp://other', DOCKER_CERT_PATH: '/certs', DOCKER_TLS_VERIFY: '' })?.tls).toBeNull()
    })
  })

  it('leaves out a context whose files are broken', async () => {
    await mkdir(join(homeFolder, '.docker'))
    await writeFile(join(homeFolder, '.docker/config.json'), '{ half')
    expect(look({})[0]).toBe('unix:///var/run/docker.sock')
  })

  describe('tells which of Docker’s files cannot be used, and goes on without it', () => {
    const problems = (environment: Record<string, string> = {}) => {
      const { candidates, problems } = endpointCandidates(null, { environment, platform: 'linux', homeFolder })
      expect(candidates[0]?.url).toBe('unix:///var/run/docker.sock')
      return problems.map(({ endpoint, reason }) => `${endpoint.slice(homeFolder.length)} ${reason}`)
    }

    it.each([
      ['{ half', 'is not valid JSON'],
      ['', 'is not valid JSON'],
      ['[]', 'does not have the expected contents'],
      ['{"currentContext": 7}', 'does not have the expected contents'],
    ])('%j', async (content, reason) => {
      await mkdir(join(homeFolder, '.docker'))
      await writeFile(join(homeFolder, '.docker/config.json'), content)
      expect(problems()).toEqual([expect.stringMatching(`^/.docker/config.json .*${reason}`)])
    })

    it('a folder, as an unreadable file is one for root too', async () => {
      await mkdir(join(homeFolder, '.docker/config.json'), { recursive: true })
      expect(problems()).toEqual([expect.stringMatching('config.json .*cannot be read: EISDIR')])
    })

    it('a context that Docker does not have', () => {
      expect(problems({ DOCKER_CONTEXT: 'gone' })).toEqual([expect.stringContaining('Docker has no context “gone”')])
    })

    it('and says nothing of files that are not there', () => {
      expect(problems()).toEqual([])
    })
  })

  it('is a named pipe on Windows', () => {
    expect(look({}, null, 'win32')[0]).toBe('npipe:////./pipe/docker_engine')
  })
})
