import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findSocketScript, readSocketLine } from './find-socket'

describe('the script that finds the engine over there', () => {
  let home: string
  const servers: Server[] = []
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'b-'))
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close()
    await rm(home, { recursive: true, force: true })
  })

  async function listen(path: string): Promise<string> {
    const full = join(home, path)
    await mkdir(dirname(full), { recursive: true })
    const server = createServer().listen(full)
    servers.push(server)
    await new Promise((resolve) => server.once('listening', resolve))
    return full
  }

  /** Its input ends with the script, and so does it. */
  const find = (socketPath: string | null, environment: Record<string, string> = {}) => {
    const input = findSocketScript(socketPath)
    const output = execFileSync('sh', ['-s'], { input, env: { PATH: process.env.PATH, HOME: home, ...environment }, encoding: 'utf8' })
    return readSocketLine(output.trimEnd())
  }

  it('takes DOCKER_HOST before all else', async () => {
    const path = await listen('my engine.sock')
    expect(find(null, { DOCKER_HOST: `unix://${path}` })).toEqual({ state: 'usable', path })
  })

  it('takes the path of the address before that, and says when nothing is there', async () => {
    const path = await listen('engine.sock')
    expect(find(path, { DOCKER_HOST: 'unix:///nonexistent' })).toEqual({ state: 'usable', path })
    expect(find(`${path}.gone`, { DOCKER_HOST: `unix://${path}` })).toEqual({ state: 'missing', path: `${path}.gone` })
  })

  it('runs nothing that is in a path', () => {
    const path = `/$(touch ${home}/ran)'"\`touch ${home}/ran\``
    expect(find(path)).toEqual({ state: 'missing', path })
    expect(() => execFileSync('ls', [join(home, 'ran')], { stdio: 'ignore' })).toThrow()
  })

  it.skipIf(process.getuid?.() === 0)('tells a socket that the user may not use', async () => {
    const path = await listen('engine.sock')
    await chmod(path, 0)
    expect(find(path)).toEqual({ state: 'denied', path })
  })

  it('is told from what a login prints', () => {
    expect(readSocketLine('Welcome to box')).toBeNull()
    expect(readSocketLine('berth-engine maybe /x')).toBeNull()
    expect(readSocketLine('berth-engine usable /a b')).toEqual({ state: 'usable', path: '/a b' })
  })
})
