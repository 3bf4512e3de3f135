import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endpointCandidates } from './endpoint'

describe('where an engine is looked for', () => {
  let homeFolder: string
  beforeEach(async () => {
    homeFolder = await mkdtemp(join(tmpdir(), 'berth-endpoint-'))
  })
  afterEach(() => rm(homeFolder, { recursive: true, force: true }))

  const look = (environment: Record<string, string>, setting: string | null = null, platform: NodeJS.Platform = 'linux') =>
    endpointCandidates(setting, { environment, platform, homeFolder }).candidates.map(({ url }) => url)

  it('is the setting alone when there is one', () => {
    expect(look({ DOCKER_HOST: 'tcp://other:2375' }, 'tcp://set:2375')).toEqual(['tcp://set:2375'])
  })

  it('is DOCKER_HOST alone when there is no setting', () => {
    expect(look({ DOCKER_HOST: 'tcp://other:2375' })).toEqual(['tcp://other:2375'])
  })

  it('is Docker’s current context first, then the usual sockets, then Podman’s', async () => {
    const id = createHash('sha256').update('work').digest('hex')
    await mkdir(join(homeFolder, '.docker/contexts/meta', id), { recursive: true })
    await writeFile(join(homeFolder, '.docker/config.json'), JSON.stringify({ currentContext: 'work' }))
    await writeFile(
      join(homeFolder, '.docker/contexts/meta', id, 'meta.json'),
      JSON.stringify({ Endpoints: { docker: { Host: 'ssh://me@box' } } }),
    )
    const found = look({ XDG_RUNTIME_DIR: '/run/user/1000' })
    expect(found.slice(0, 3)).toEqual(['ssh://me@box', 'unix:///var/run/docker.sock', 'unix:///run/user/1000/docker.sock'])
    expect(found.at(-1)).toBe('unix:///run/podman/podman.sock')
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
      ['{ half', 'is no JSON'],
      ['', 'is no JSON'],
      ['[]', 'does not hold what it should'],
      ['{"currentContext": 7}', 'does not hold what it should'],
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
