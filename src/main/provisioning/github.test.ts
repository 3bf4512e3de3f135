import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createGithub } from './github'

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

let server: Server
let api: string
let token: string | null
let answers: Record<string, Answer>
let asked: { path: string; headers: IncomingHttpHeaders }[]

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ path, headers: request.headers })
    const { status, headers, body } = answers[path] ?? { status: 404 }
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => {
  token = null
  answers = {}
  asked = []
})

const ask = (signal = new AbortController().signal) =>
  createGithub({ address: { api, web: 'https://github.com' }, token: () => token }).repository('Octocat', 'Hello', signal)
const HELLO = { name: 'hello', owner: { login: 'octocat' }, private: false }

describe('a repository of GitHub', () => {
  it('is found, as GitHub writes it, without a token', async () => {
    answers['/repos/Octocat/Hello'] = { status: 200, body: HELLO }
    expect(await ask()).toEqual({ owner: 'octocat', repo: 'hello', url: 'https://github.com/octocat/hello.git' })
    expect(asked[0]?.headers.authorization).toBeUndefined()
  })

  it('is found at its new place with the token', async () => {
    token = 'secret'
    answers['/repos/Octocat/Hello'] = { status: 301, headers: { location: `${api}/repositories/7` } }
    answers['/repositories/7'] = { status: 200, body: { ...HELLO, name: 'moved' } }
    expect(await ask()).toMatchObject({ url: 'https://github.com/octocat/moved.git' })
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', 'Bearer secret'])
  })

  it('that is not there, or not for everybody, is told with what to do', async () => {
    await expect(ask()).rejects.toMatchObject({
      ...{ code: 'GITHUB_NOT_FOUND', message: 'GitHub has no public repository Octocat/Hello.' },
      data: { tokenGiven: false, next: expect.stringContaining('githubToken') },
    })
    token = 'secret'
    await expect(ask()).rejects.toMatchObject({ code: 'GITHUB_NOT_FOUND', data: { tokenGiven: true } })
  })

  it.each([
    [401, {}, 'token-refused'],
    [403, {}, 'forbidden'],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800000000' }, 'rate-limited'],
    [429, { 'retry-after': '60', 'x-ratelimit-reset': 'soon' }, 'rate-limited'],
    [451, {}, 'forbidden'],
  ])('that may not be read (%s %j) is told as %s', async (status, headers, reason) => {
    answers['/repos/Octocat/Hello'] = { status, headers }
    await expect(ask()).rejects.toMatchObject({ code: 'GITHUB_ACCESS_DENIED', data: { reason, next: expect.any(String) } })
  })

  it.each([
    [{ status: 500 }, 'it answered with status 500'],
    [{ status: 200, body: { message: 'welcome to our network' } }, 'the answer does not come from GitHub'],
    [{ status: 200, body: '<html>Log in to the hotel</html>' }, 'JSON'],
  ])('cannot be asked for when the answer is %j', async (answer, reason) => {
    answers['/repos/Octocat/Hello'] = answer
    await expect(ask()).rejects.toMatchObject({ code: 'GITHUB_UNREACHABLE', data: { reason: expect.stringContaining(reason) } })
  })

  it('cannot be asked for without a network', async () => {
    const away = createGithub({ address: { api: 'http://127.0.0.1:9', web: '' }, token: () => null })
    await expect(away.repository('a', 'b', new AbortController().signal)).rejects.toMatchObject({
      ...{ code: 'GITHUB_UNREACHABLE', data: { next: expect.stringContaining('network') } },
    })
  })

  it('is no more waited for when the caller has gone', async () => {
    const abort = AbortSignal.abort()
    await expect(ask(abort)).rejects.toBe(abort.reason)
  })
})
