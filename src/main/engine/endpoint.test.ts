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
    endpointCandidates(setting, { environment, platform, homeFolder }).map(({ url }) => url)

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

  it('is a named pipe on Windows', () => {
    expect(look({}, null, 'win32')[0]).toBe('npipe:////./pipe/docker_engine')
  })
})
