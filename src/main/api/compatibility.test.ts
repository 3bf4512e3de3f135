import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { implement } from '@orpc/server'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { operation } from '../../shared/testing/operation'
import { createApiHandler } from './api-handler'
import { strictContract } from './strict-contract'
import { workspace } from './testing/test-door'

let server: Server
let origin: string
let inputs: unknown[]

beforeAll(async () => {
  const os = implement(strictContract)
  const begun = (input: unknown) => {
    inputs.push(input)
    return { operation: operation(), workspace }
  }
  const handle = createApiHandler({
    workspaces: {
      get: os.workspaces.get.handler(({ input }) => ({
        ...workspace,
        problem: input.workspace === 'well' ? null : { code: 'DISK_FULL', message: 'The disk is full.', data: {}, next: 'Free some.' },
      })),
      create: os.workspaces.create.handler(({ input }) => begun(input)),
      exec: os.workspaces.exec.handler(({ input }) => {
        inputs.push(input)
        return { exitCode: 3, stdout: 'out', stderr: '', timedOut: false, truncated: false }
      }),
    },
  })
  server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
})
afterAll(() => server.close())
beforeEach(() => {
  inputs = []
})

async function send(path: string, body?: object, type = 'application/json') {
  const response = await fetch(origin + path, body ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': type } } : {})
  return { status: response.status, body: await response.json() }
}

it('fields have the names of others, too', async () => {
  const { status } = await send('/workspaces', {
    ...{ name: 'python-project', workspace_type: 'container', distro: 'ubuntu-noble' },
    ...{ env_vars: { NODE_ENV: 'development' }, init_script: '#!/bin/bash\napt install -y python3' },
  })
  expect(status).toBe(200)
  expect(inputs).toMatchObject([
    { name: 'python-project', distro: 'ubuntu-noble', env: { NODE_ENV: 'development' }, initScript: '#!/bin/bash\napt install -y python3' },
  ])
})

it('the kind of workspace is a field there', async () => {
  await send('/workspaces', { name: 'site', workspace_type: 'host' })
  expect(inputs).toMatchObject([{ name: 'site', host: {} }])
})

it('a field under two names, or of a kind that is not there, is refused', async () => {
  for (const fields of [{ env: { A: '1' }, env_vars: { A: '2' } }, { workspace_type: 'cloud' }, { skill: ['x'] }]) {
    const { status, body } = await send('/workspaces', { name: 'demo', ...fields })
    expect(status).toBe(400)
    expect(JSON.stringify(body)).toContain('Unknown field')
  }
  expect(inputs).toEqual([])
})

it('a command may be a line for a shell, and is answered in its words', async () => {
  const { body } = await send('/workspaces/demo/exec', { command: 'python3 --version && true' })
  expect(inputs).toMatchObject([{ command: ['bash', '-lc', 'python3 --version && true'] }])
  expect(body).toMatchObject({ exit_code: 3, exitCode: 3, stdout: 'out', stderr: '', timed_out: false })
  expect((await send('/workspaces/demo/exec', { command: ['true'] })).body).not.toHaveProperty('exit_code')
  expect(inputs[1]).toMatchObject({ command: ['true'] })
})

it('JSON counts as such when curl calls it a form', async () => {
  const { status } = await send('/workspaces/demo/exec', { command: 'true' }, 'application/x-www-form-urlencoded')
  expect(status).toBe(200)
  expect(inputs).toMatchObject([{ command: ['bash', '-lc', 'true'] }])
})

it('what went wrong with a workspace is a text of its own', async () => {
  expect((await send('/workspaces/ill')).body).toMatchObject({ problem: { code: 'DISK_FULL' }, error_message: 'The disk is full.' })
  expect((await send('/workspaces/well')).body).toMatchObject({ problem: null, error_message: null })
})
