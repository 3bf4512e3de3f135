import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { workspace } from '../api/testing/test-door'
import { catchOutsideRequests, createOutsideRequests, parseLink } from './outside-requests'
import { app, dialog, preventable, resetElectron } from './testing/fake-electron'

vi.mock('electron', () => import('./testing/fake-electron'))

let folder: string
beforeEach(async () => {
  resetElectron()
  folder = await mkdtemp(join(tmpdir(), 'berth-outside-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function setup() {
  const send = vi.fn()
  const requests = createOutsideRequests({ workspaces: { list: () => [{ ...workspace, id: 'w1', name: 'demo' }] } }, send)
  return { send, requests }
}
const answer = (response: number) => dialog.showMessageBox.mockResolvedValueOnce({ response, checkboxChecked: false })

it.each([
  ['berth://workspace/demo', { kind: 'workspace', name: 'demo', terminal: false }],
  ['berth://workspace/demo/terminal', { kind: 'workspace', name: 'demo', terminal: true }],
  ['berth://clone?url=https%3A%2F%2Fexample.com%2Fa.git', { kind: 'clone', url: 'https://example.com/a.git' }],
  ['berth://clone', null],
  ['berth://workspace/', null],
  ['berth://workspace/demo/delete', null],
  ['berth://workspace/demo/terminal/x', null],
  ['berth://settings', null],
  ['https://workspace/demo', null],
  [`berth://clone?url=${'a'.repeat(3000)}`, null],
])('reads %s', (link, request) => {
  expect(parseLink(link)).toEqual(request)
})

it('opens a workspace, and a terminal only when somebody agrees', async () => {
  const { send, requests } = setup()
  requests.openLink('berth://workspace/demo')
  expect(send).toHaveBeenCalledExactlyOnceWith({ command: 'open-workspace', workspaceId: 'w1' })
  answer(1)
  requests.openLink('berth://workspace/demo/terminal')
  await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce())
  answer(0)
  requests.openLink('berth://workspace/demo/terminal')
  await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2))
  expect(send).toHaveBeenLastCalledWith({ command: 'open-terminal', workspaceId: 'w1' })
})

it('says when there is no such workspace', async () => {
  const { send, requests } = setup()
  requests.openLink('berth://workspace/other')
  await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce())
  expect(send).not.toHaveBeenCalled()
})

it('opens links, archives and folders of a start, and nothing else', async () => {
  const { send, requests } = setup()
  await writeFile(join(folder, 'demo.berth'), '')
  expect(requests.openArguments(['/app/berth', '--hidden', 'demo.berth', 'berth://clone?url=o/r'], folder)).toBe(true)
  await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2))
  expect(send).toHaveBeenCalledWith({ command: 'import', file: join(folder, 'demo.berth') })
  expect(send).toHaveBeenCalledWith({ command: 'new-workspace', repo: 'o/r' })
  expect(requests.openArguments(['/app/berth', '/somewhere'], folder)).toBe(false)
  requests.openPath(folder)
  await vi.waitFor(() => expect(send).toHaveBeenLastCalledWith({ command: 'new-workspace', repo: folder }))
  requests.openPath(join(folder, 'nothing.berth'))
  await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce())
})

it('keeps what macOS brings before the app is ready', () => {
  const early = catchOutsideRequests()
  const event = preventable({})
  app.emit('open-url', event, 'berth://workspace/demo')
  expect(event.prevented).toBe(true)
  const requests = { openLink: vi.fn(), openPath: vi.fn() }
  early.connect(requests)
  expect(requests.openLink).toHaveBeenCalledExactlyOnceWith('berth://workspace/demo')
  app.emit('open-file', preventable({}), '/home/me/demo.berth')
  expect(requests.openPath).toHaveBeenCalledExactlyOnceWith('/home/me/demo.berth')
})
