import { writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_REQUEST_BYTES } from './api-handler'
import { DEFAULT_PORT, startHttpServer } from './http-server'
import { authorized, createProbe, createTestRouter, noFiles, send, startTestDoor, type TestDoor, TOKEN } from './testing/test-door'

let door: TestDoor
beforeEach(async () => {
  door = await startTestDoor()
})
afterEach(() => door.end())

const get = (path: string, options: Parameters<typeof send>[2] = {}) => send(door.server, path, options)

describe('the token', () => {
  it.each([
    ['no token', {}],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['the beginning of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['more than the token', { authorization: `Bearer ${TOKEN}x` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['the token without a scheme', { authorization: TOKEN }],
  ])('refuses %s with 401 and no data', async (_, headers) => {
    for (const path of ['/api/workspaces', '/api/openapi.json', '/api/nothing', '/api/workspaces?token=x']) {
      const answer = await get(path, { headers })
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toBe('Bearer')
      expect(JSON.parse(answer.text)).toMatchObject({
        defined: true,
        code: 'UNAUTHORIZED',
        status: 401,
        data: { next: expect.any(String) },
      })
      expect(answer.text).not.toContain('secret-project')
    }
  })

  it('is not taken from the query', async () => {
    expect((await get(`/api/workspaces?token=${TOKEN}`)).status).toBe(401)
  })

  it('lets the right one in', async () => {
    const answer = await get('/api/workspaces', { headers: authorized })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject([{ name: 'secret-project' }])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('gives no other origin leave to read', async () => {
    const answer = await get('/api/workspaces', { headers: { ...authorized, origin: 'https://evil.example' } })
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    const preflight = await get('/api/workspaces', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })
    expect(preflight.status).toBe(401)
  })
})

describe('the Host header', () => {
  it.each([
    ...['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80', '0.0.0.0:80', '127.0.0.2'],
    ...['localhost:0', 'localhost:65536', 'localhost:1x', 'localhost:', 'localhost:80/x', 'me@localhost', '[::2]:80'],
  ])('refuses “%s” on everything, with 403 and no data', async (host) => {
    for (const path of ['/', '/assets/index-abc123.js', '/api', '/api/workspaces', '/rpc']) {
      const answer = await get(path, { host, headers: authorized })
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'HOST_REFUSED', data: { host } })
      expect(answer.text).not.toContain('secret-project')
      expect(answer.text).not.toContain('doctype')
    }
  })

  it('refuses a request without one', async () => {
    const socket = connect(door.server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'))
    let answer = ''
    for await (const chunk of socket.setEncoding('utf8')) answer += chunk
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).not.toContain('doctype')
  })

  it('takes each name of loopback, with the port of a tunnel too', async () => {
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      for (const port of [`:${door.server.port}`, ':9999', '']) expect((await get('/', { host: `${name}${port}` })).status).toBe(200)
    }
  })
})

describe('the page', () => {
  it('comes without a token, with headers that confine it', async () => {
    const answer = await get('/')
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<title>Berth</title>')
    expect(answer.headers['cache-control']).toBe('no-cache')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    const policy = String(answer.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${door.server.port}`)
  })

  it('lets browsers keep assets, whose names change with their content', async () => {
    const answer = await get('/assets/index-abc123.js')
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it('is also at the places within it, but not at files that are missing', async () => {
    expect((await get('/workspaces/demo?tab=logs')).text).toContain('<title>Berth</title>')
    expect((await get('/assets/gone.js')).status).toBe(404)
  })

  it('answers HEAD without a body, and refuses other methods', async () => {
    const head = await get('/', { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, text: '' })
    expect((await get('/', { method: 'POST' })).status).toBe(405)
  })

  it('never leaves its folder', async () => {
    await writeFile(join(door.staticRoot, '..', 'berth-outside.txt'), 'outside')
    for (const path of [
      '/../berth-outside.txt',
      '/assets/../../berth-outside.txt',
      '/%2e%2e/berth-outside.txt',
      '/..%2fberth-outside.txt',
      '/..%5cberth-outside.txt',
      '/%00/berth-outside.txt',
      '//berth-outside.txt',
      `/../../../../../../../etc/passwd.txt`,
      '/%zz.txt',
    ]) {
      const answer = await get(path)
      expect(answer.status, path).toBe(404)
      expect(answer.text).not.toContain('outside')
    }
  })
})

describe('the API', () => {
  it('reads numbers and booleans from the query', async () => {
    const answer = await get('/api/workspaces/w1/logs?tail=10&follow=false', { headers: authorized })
    expect(answer.headers['content-type']).toBe('text/event-stream')
    expect(answer.text).toContain('"first"')
    expect(door.probe.logInputs).toEqual([{ workspace: 'w1', source: 'container', tail: 10, follow: false }])
  })

  it('gives typed errors with their status', async () => {
    const answer = await get('/api/workspaces/none', { headers: authorized })
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'WORKSPACE_NOT_FOUND', data: { workspace: 'none' } })
  })

  it('refuses invalid input, and bodies that are not JSON', async () => {
    const post = (body: string) =>
      get('/api/workspaces/w1/exec', { method: 'POST', headers: { ...authorized, 'content-type': 'application/json' }, body })
    expect((await post('{"command":[]}')).status).toBe(400)
    expect((await post('{"command":')).status).toBe(400)
    expect((await post('{"command":["ls"],"stdin":"x"}')).status).toBe(200)
    expect(door.probe.execStdin).toEqual(['x'])
  })

  it('refuses a body that says it is too large, without reading it', async () => {
    const answer = await get('/api/workspaces/w1/exec', {
      method: 'POST',
      headers: { ...authorized, 'content-type': 'application/json', 'content-length': String(MAX_REQUEST_BYTES + 1) },
      body: '{"command":["cat"],',
    })
    expect(answer.status).toBe(413)
  })

  it('refuses a body that turns out too large', async () => {
    const body = JSON.stringify({ command: ['cat'], stdin: 'x'.repeat(MAX_REQUEST_BYTES) })
    const headers = { ...authorized, 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    // The connection may break before the answer is read, as the server stops reading.
    const status = await get('/api/workspaces/w1/exec', { method: 'POST', headers, body }).then(
      (answer) => answer.status,
      () => 413,
    )
    expect(status).toBe(413)
    expect(door.probe.execStdin).toEqual([])
  })

  it('answers 404 where there is no procedure', async () => {
    const answer = await get('/api/nothing', { headers: authorized })
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('describes itself in a valid OpenAPI 3.1 document', async () => {
    const answer = await get('/api/openapi.json', { headers: authorized })
    expect(answer.status).toBe(200)
    const validator = new Validator()
    const result = await validator.validate(JSON.parse(answer.text))
    expect(result).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    const document = JSON.parse(answer.text)
    expect(document.paths['/workspaces/{workspace}/stop'].post.operationId).toBe('workspaces.stop')
    expect(document.paths['/workspaces'].get.responses['200'].content['application/json'].schema.items).toEqual({
      $ref: '#/components/schemas/Workspace',
    })
    expect(document.security).toEqual([{ token: [] }])
  })

  it('has a page that loads nothing from elsewhere', async () => {
    const answer = await get('/api')
    expect(answer.status).toBe(200)
    expect(answer.text).not.toMatch(/(src|href)="(https?:)?\/\//)
    expect(answer.headers['content-security-policy']).toMatch(/script-src 'sha256-[^']+'; style-src 'sha256-[^']+'/)
  })
})

describe('the port', () => {
  const options = () => ({
    router: createTestRouter(createProbe()),
    attachStream: () => {},
    files: noFiles,
    token: TOKEN,
    staticRoot: door.staticRoot,
    version: '0',
  })

  it('is the one asked for, or an error', async () => {
    await expect(startHttpServer({ ...options(), port: door.server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('is another when the default is taken and none was asked for', async () => {
    const taker = createServer()
    // It may already be taken, which is just as good.
    await new Promise<void>((resolve) => taker.once('error', () => resolve()).listen(DEFAULT_PORT, '127.0.0.1', resolve))
    const server = await startHttpServer(options())
    expect(server.port).not.toBe(DEFAULT_PORT)
    expect((await send(server, '/')).status).toBe(200)
    await server.close()
    taker.close()
  })
})

describe('closing', () => {
  it('ends an event stream at once', async () => {
    const reading = get('/api/workspaces/w1/logs?follow=true', { headers: authorized })
    await expect.poll(() => door.probe.floodCount).toBeGreaterThan(0)
    const started = performance.now()
    await Promise.all([door.server.close(), reading.catch(() => {})])
    expect(performance.now() - started).toBeLessThan(2000)
    await expect.poll(() => door.probe.floodEnded).toBe(true)
  })
})
