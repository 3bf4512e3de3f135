import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { settingsSchema } from '../../shared/contract/settings'
import { BerthError } from '../../shared/errors'
import { operation, operationStep } from '../../shared/testing/operation'
import { workspace } from '../api/testing/test-door'
import { setupQuit } from './quit'
import { reportStartFailure } from './start-failure'
import { stopOnQuit } from './stop-on-quit'
import { app, dialog, preventable, resetElectron } from './testing/fake-electron'

vi.mock('electron', () => import('./testing/fake-electron'))

beforeEach(resetElectron)
afterEach(() => vi.useRealTimers())

function setup(stopWorkspacesOnQuit: boolean) {
  const done: string[] = []
  const core = {
    settings: { get: () => settingsSchema.parse({ stopWorkspacesOnQuit }) },
    workspaces: {
      list: () => [
        { ...workspace, id: 'w1' },
        { ...workspace, id: 'w2', status: 'stopped' as const, running: false },
        { ...workspace, id: 'w3' },
      ],
      stop: vi.fn(async (id: string) => {
        done.push(`stop ${id}`)
        return { operation: { id: `o-${id}` } }
      }),
    },
    operations: {
      get: (id: string) => operation({ id, steps: [operationStep('Stop', { status: 'running', detail: 'Waiting for postgres…' })] }),
      whenEnded: vi.fn(async (id: string): Promise<unknown> => done.push(`ended ${id}`)),
    },
    close: vi.fn(async () => void done.push('core closed')),
  }
  const quit = setupQuit(core)
  quit.onEnd(async () => void done.push('door closed'))
  return { core, quit, done }
}

/** As Electron does when `app.quit()` is called. */
function quitApp(): { prevented: boolean } {
  app.emit('before-quit', preventable({}))
  const event = preventable({})
  app.emit('will-quit', event)
  return event
}

describe('quitting', () => {
  it('leaves workspaces running, and closes the doors before the core', async () => {
    const { core, quit, done } = setup(false)
    expect(quit.isUnderWay()).toBe(false)
    expect(quitApp().prevented).toBe(true)
    expect(quit.isUnderWay()).toBe(true)
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(0))
    expect(done).toEqual(['door closed', 'core closed'])
    expect(core.workspaces.stop).not.toHaveBeenCalled()
  })

  it('stops those that run when the setting says so, and waits for them', async () => {
    const { done } = setup(true)
    quitApp()
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(0))
    expect(done).toEqual(['stop w1', 'stop w3', 'ended o-w1', 'ended o-w3', 'door closed', 'core closed'])
  })

  it('is not held up by one that cannot be stopped', async () => {
    const { core, done } = setup(true)
    core.workspaces.stop.mockRejectedValue(new Error('busy'))
    quitApp()
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(0))
    expect(done).toEqual(['door closed', 'core closed'])
  })

  it('gives each as long as a stop may take, says who is waited for, and is not held up for ever', async () => {
    vi.useFakeTimers()
    const { core, done } = setup(true)
    core.operations.whenEnded.mockReturnValue(new Promise(() => {}))
    dialog.showMessageBox.mockReturnValueOnce(new Promise(() => {}))
    quitApp()
    await vi.advanceTimersByTimeAsync(140_000)
    expect(dialog.showMessageBox).toHaveBeenCalledOnce()
    const [{ detail = '', signal }] = dialog.showMessageBox.mock.calls[0] ?? [{} as Electron.MessageBoxOptions]
    expect(detail).toContain('Waiting for postgres…')
    expect(app.exit).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(11_000)
    expect(app.exit).toHaveBeenCalledWith(0)
    expect(signal?.aborted, 'the dialog is closed').toBe(true)
    expect(done.slice(-2)).toEqual(['door closed', 'core closed'])
  })

  it('does not wait any longer when the user wants to quit now', async () => {
    vi.useFakeTimers()
    const { core } = setup(true)
    core.operations.whenEnded.mockReturnValue(new Promise(() => {}))
    quitApp()
    await vi.advanceTimersByTimeAsync(1900)
    expect(app.exit).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(app.exit).toHaveBeenCalledWith(0)
  })

  it('asks nothing when all stop at once', async () => {
    vi.useFakeTimers()
    setup(true)
    quitApp()
    await vi.advanceTimersByTimeAsync(5000)
    expect(app.exit).toHaveBeenCalledWith(0)
    expect(dialog.showMessageBox).not.toHaveBeenCalled()
  })

  it('asks nothing on macOS, where that would keep it from ever hearing that they have stopped', async () => {
    vi.useFakeTimers()
    const { core } = setup(true)
    core.operations.whenEnded.mockReturnValue(new Promise(() => {}))
    let isOver = false
    void stopOnQuit(core, 'darwin').then(() => {
      isOver = true
    })
    await vi.advanceTimersByTimeAsync(149_000)
    expect(dialog.showMessageBox).not.toHaveBeenCalled()
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(2000)
    expect(isOver).toBe(true)
  })

  it('happens once, however often it is asked for', async () => {
    const { core } = setup(false)
    quitApp()
    quitApp()
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalled())
    expect(core.close).toHaveBeenCalledOnce()
    expect(app.exit).toHaveBeenCalledOnce()
  })

  it('ends even when something fails on the way', async () => {
    const { core } = setup(false)
    core.close.mockRejectedValue(new Error('no'))
    quitApp()
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(1))
  })

  it('does not follow from a closed window', () => {
    setup(false)
    // Electron quits by itself unless somebody listens.
    expect(app.listenerCount('window-all-closed')).toBe(1)
    app.emit('window-all-closed')
    expect(app.quit).not.toHaveBeenCalled()
  })

  it('can be asked for by a client', () => {
    setup(false).quit.now()
    expect(app.quit).toHaveBeenCalledOnce()
  })
})

describe('a start that fails', () => {
  it('says why and what to do, and ends', () => {
    reportStartFailure(new BerthError('ALREADY_RUNNING', 'Berth is already running.', { home: '/h', pid: 1, next: 'Use that one.' }))
    expect(dialog.showErrorBox).toHaveBeenCalledWith('Berth is already running.', 'Use that one.')
    expect(app.exit).toHaveBeenCalledWith(1)
  })
})
