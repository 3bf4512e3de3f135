import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readDoorFile } from '../src/main/api/door-file'
import { type Door, doorSchema } from '../src/shared/door'

const PROGRAM = join(import.meta.dirname, '../out/main/headless.js')

let home: string
const started: ChildProcess[] = []
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-headless-'))
})
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await rm(home, { recursive: true })
})

function start(...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, BERTH_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  return child
}

/** The first line it prints. */
async function firstLine(child: ReturnType<typeof start>): Promise<string> {
  let printed = ''
  for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    printed += chunk
    if (printed.includes('\n')) return printed.slice(0, printed.indexOf('\n'))
  }
  throw new Error(`It ended: ${await text(child.stderr)}`)
}

async function ended(child: ReturnType<typeof start>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, stdout, stderr }
}

async function door(): Promise<Door> {
  return doorSchema.parse(await readDoorFile(home))
}

const ask = ({ url, token }: Door, path: string, method = 'GET', body?: object) =>
  fetch(`${url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })

describe('berth serve', () => {
  it('prints its link as one line, and answers there', async () => {
    const child = start('--port', '0')
    const line = await firstLine(child)
    const { url, token, pid } = await door()
    expect(line).toBe(`Berth is running at ${url}/#token=${token}`)
    expect(pid).toBe(child.pid)
    const info = await (await ask(await door(), '/system')).json()
    expect(info).toMatchObject({ door: 'headless', pid: child.pid, home })
  })

  it('prints one JSON document with --json', async () => {
    const child = start('--port', '0', '--json')
    expect(JSON.parse(await firstLine(child))).toMatchObject({ url: (await door()).url, pid: child.pid })
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends cleanly on %s, and takes its door file away', async (signal) => {
    const child = start('--port', '0')
    await firstLine(child)
    const exit = once(child, 'exit')
    child.kill(signal)
    expect(await exit).toEqual([0, null])
    expect(await readDoorFile(home)).toBeNull()
  })

  it('ends when a client asks for it, after the answer', async () => {
    const child = start('--port', '0')
    await firstLine(child)
    const exit = once(child, 'exit')
    const answer = await ask(await door(), '/system/quit', 'POST')
    expect(await answer.json()).toEqual({ pid: child.pid })
    expect(await exit).toEqual([0, null])
  })

  it('leaves a home that is in use alone: says where, exits with 4, tells no token', async () => {
    const first = start('--port', '0')
    await firstLine(first)
    const before = await door()
    const { code, stdout, stderr } = await ended(start('--port', '0'))
    expect(code).toBe(4)
    expect(stdout).toBe('')
    expect(stderr).toContain(before.url)
    expect(stderr).not.toContain(before.token)
    expect(await door()).toEqual(before)
    expect((await ask(before, '/system')).status).toBe(200)
  })

  it('keeps its token, and starts again after it was killed', async () => {
    const first = start('--port', '0')
    await firstLine(first)
    const before = await door()
    const exit = once(first, 'exit')
    first.kill('SIGKILL')
    await exit
    const second = start('--port', '0')
    await firstLine(second)
    const after = await door()
    expect(after.pid).toBe(second.pid)
    expect(after.token).toBe(before.token)
  })

  it('refuses image references that are none, asks no other server for them, and goes on', async () => {
    const asked: string[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end()
    }).listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const address = elsewhere.address()
    if (address === null || typeof address === 'string') throw new Error('it has no port')
    const host = `127.0.0.1:${address.port}`
    const references = [
      ...['./debian', 'debian//x', 'a/../b', 'debian/', '/debian', '.', '..', '../debian', 'debian:', 'debian@', 'Debian', 'de bian'],
      ...[`https://${host}/x`, `http://${host}/x:1`, `../../${host}/x?a=b#`, `${host}/x?a=b`, `${host}/../x`],
    ]
    await firstLine(start('--port', '0'))
    const before = await door()
    for (const image of references) {
      const answers = [
        await ask(before, '/workspaces', 'POST', { name: 'none', image }),
        await ask(before, '/settings', 'PATCH', { image }),
        await ask(before, `/images/resolve?reference=${encodeURIComponent(image)}`),
      ]
      expect(
        answers.map(({ status }) => status),
        image,
      ).toEqual([422, 422, 422])
      expect(await answers[0]?.json(), image).toMatchObject({ code: 'INPUT_INVALID' })
    }
    expect(await (await ask(before, '/workspaces')).json()).toEqual([])
    expect(await (await ask(before, '/settings')).json()).toMatchObject({ image: null })
    expect(await (await ask(before, '/system')).json()).toMatchObject({ pid: before.pid })
    expect(asked).toEqual([])
    elsewhere.close()
  })

  it('says when the port it was given is taken', async () => {
    const first = start('--port', '0')
    await firstLine(first)
    const { port } = new URL((await door()).url)
    const other = await mkdtemp(join(tmpdir(), 'berth-headless-'))
    const child = spawn(process.execPath, [PROGRAM, '--port', port], {
      env: { ...process.env, BERTH_HOME: other },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect(code).toBe(1)
    expect(stderr).toContain(`Port ${port} is taken`)
    await rm(other, { recursive: true })
  })

  it('exits with 2 when it is called in a way it does not know', async () => {
    const { code, stdout, stderr } = await ended(start('--prot', '1'))
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('Usage:')
  })
})
