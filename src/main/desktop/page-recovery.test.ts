import type { BrowserWindow as ElectronWindow } from 'electron'
import { beforeEach, expect, it, vi } from 'vitest'
import { recoverPage } from './page-recovery'
import { BrowserWindow, dialog, resetElectron } from './testing/fake-electron'

vi.mock('electron', () => import('./testing/fake-electron'))
vi.mock('../log', () => ({ log: { error: vi.fn() } }))

beforeEach(resetElectron)

function watch({ isQuitting = false } = {}) {
  const window = new BrowserWindow({})
  const onReload = vi.fn()
  recoverPage(window as unknown as ElectronWindow, { isQuitting: () => isQuitting, onReload })
  const { webContents } = window
  const end = (reason: string) => webContents.emit('render-process-gone', {}, { reason, exitCode: 9 })
  return { webContents, onReload, end }
}

it('loads a page again that has ended, and not one that was closed or while Berth quits', () => {
  const { webContents, onReload, end } = watch()
  end('killed')
  expect(webContents.reload).toHaveBeenCalledOnce()
  expect(onReload).toHaveBeenCalledOnce()
  end('clean-exit')
  expect(webContents.reload).toHaveBeenCalledOnce()
  const quitting = watch({ isQuitting: true })
  quitting.end('killed')
  expect(quitting.webContents.reload).not.toHaveBeenCalled()
})

it('asks before it loads one again that ends again and again', async () => {
  dialog.showMessageBox.mockResolvedValue({ response: 1, checkboxChecked: false })
  const { webContents, end } = watch()
  for (let count = 0; count < 4; count++) end('crashed')
  expect(webContents.reload).toHaveBeenCalledTimes(3)
  expect(dialog.showMessageBox).toHaveBeenCalledOnce()
  await Promise.resolve()
  expect(webContents.reload).toHaveBeenCalledTimes(3)
})

it('asks about a page that does not answer, ends and reloads it if that is wanted, and takes the question back when it answers', async () => {
  const { webContents } = watch()
  let answer = (_response: number) => {}
  dialog.showMessageBox.mockImplementation(
    () => new Promise((resolve) => (answer = (response) => resolve({ response, checkboxChecked: false }))),
  )
  webContents.emit('unresponsive')
  const [, options] = dialog.showMessageBox.mock.calls[0] as unknown as [unknown, { signal: AbortSignal }]
  webContents.emit('responsive')
  expect(options.signal.aborted).toBe(true)
  answer(0)
  await new Promise((resolve) => setImmediate(resolve))
  expect(webContents.reload).not.toHaveBeenCalled()
  webContents.emit('unresponsive')
  answer(0)
  await new Promise((resolve) => setImmediate(resolve))
  expect(webContents.forcefullyCrashRenderer).toHaveBeenCalledOnce()
  expect(webContents.reload).toHaveBeenCalledOnce()
})
