import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BerthError } from '../../shared/errors'
import { writeDoorFile } from '../api/door-file'
import { takeOver } from './hand-over'
import { dialog, resetElectron, shell } from './testing/fake-electron'

vi.mock('electron', () => import('./testing/fake-electron'))

let home: string
let server: Server
let asked: string[]
let isRunning: boolean

beforeEach(async () => {
  resetElectron()
  asked = []
  isRunning = true
  home = await mkdtemp(join(tmpdir(), 'berth-hand-over-'))
  server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} ${headers.authorization}`)
    if (method === 'POST') setTimeout(() => (isRunning = false), 250)
    response.end(JSON.stringify(method === 'GET' ? [{ status: 'running' }, { status: 'running' }, { status: 'ended' }] : { pid: 1 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await writeDoorFile(home, { pid: 1, url, token: 'secret', version: '1' })
})
afterEach(async () => {
  server.close()
  await rm(home, { recursive: true })
})

const create = async () => {
  if (isRunning) throw new BerthError('ALREADY_RUNNING', 'Berth is already running.', { home, pid: null, next: 'Use it.' })
  return 'core'
}
const answer = (response: number) => dialog.showMessageBox.mockResolvedValueOnce({ response, checkboxChecked: false })

it('takes the place of one in the background when that is wanted, with a word about its terminals', async () => {
  answer(0)
  expect(await takeOver(home, create)).toBe('core')
  expect(dialog.showMessageBox.mock.calls[0]?.[0].detail).toContain('Its 2 open terminals will close.')
  expect(asked).toEqual(['GET /api/terminals Bearer secret', 'POST /api/system/quit Bearer secret'])
})

it('opens the page of that one, or does nothing', async () => {
  answer(1)
  expect(await takeOver(home, create)).toBeNull()
  expect(shell.openExternal).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#token=secret$/))
  answer(2)
  expect(await takeOver(home, create)).toBeNull()
  expect(asked.filter((line) => line.startsWith('POST'))).toEqual([])
})

it('asks nothing when the home is free, and fails as before when the other one does not answer', async () => {
  isRunning = false
  expect(await takeOver(home, create)).toBe('core')
  isRunning = true
  server.close()
  server.closeAllConnections()
  await expect(takeOver(home, create)).rejects.toMatchObject({ code: 'ALREADY_RUNNING' })
  expect(dialog.showMessageBox).not.toHaveBeenCalled()
})
