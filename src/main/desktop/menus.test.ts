import type { MenuItemConstructorOptions } from 'electron'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BerthEvent } from '../../shared/contract/events'
import { BerthError } from '../../shared/errors'
import type { Workspace } from '../../shared/workspace'
import { workspace } from '../api/testing/test-door'
import { applicationMenu } from './application-menu'
import { createMenuLink } from './menu-link'
import type { MenuPort } from './port-broker'
import { app, BrowserWindow, dialog, Menu, resetElectron, Tray } from './testing/fake-electron'
import { setupTray } from './tray'
import { trayMenu } from './tray-menu'

vi.mock('electron', () => import('./testing/fake-electron'))

beforeEach(() => {
  resetElectron()
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

const named = (name: string, status: Workspace['status']): Workspace => ({
  ...workspace,
  id: `id-${name}`,
  name,
  status,
  running: status === 'running',
})

function flatten(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])])
}

function find(items: MenuItemConstructorOptions[], label: string): MenuItemConstructorOptions {
  const found = flatten(items).find((item) => item.label === label)
  if (found === undefined) throw new Error(`No “${label}”`)
  return found
}

function click(items: MenuItemConstructorOptions[], label: string): void {
  // None of the handlers reads what Electron passes.
  find(items, label).click?.({} as never, undefined, {} as never)
}

describe('the tray’s menu', () => {
  const actions = { open: vi.fn(), send: vi.fn(), start: vi.fn(), stop: vi.fn(), quit: vi.fn() }
  const submenu = (of: Workspace) => trayMenu([of], actions).find((item) => item.submenu)?.submenu as MenuItemConstructorOptions[]

  it('has running workspaces first, then those under way, then the rest, each by name', () => {
    const labels = trayMenu(
      [named('c', 'stopped'), named('b', 'running'), named('d', 'starting'), named('e', 'error'), named('a', 'running')],
      actions,
    )
      .slice(0, 7)
      .map((item) => item.label)
    expect(labels).toEqual(['▲ e needs attention', undefined, '● a', '● b', '◐ d', '✕ e', '○ c'])
  })

  it('stops and opens a terminal in what runs', () => {
    const running = named('a', 'running')
    click(submenu(running), 'Stop')
    expect(actions.stop).toHaveBeenCalledWith(running)
    click(submenu(running), 'Terminal')
    expect(actions.send).toHaveBeenCalledWith({ command: 'open-terminal', workspaceId: 'id-a' })
  })

  it('clones what stands still or runs, through the page', () => {
    for (const status of ['running', 'stopped', 'error'] as const) {
      click(submenu(named('a', status)), 'Clone…')
      expect(actions.send).toHaveBeenLastCalledWith({ command: 'clone', workspaceId: 'id-a' })
    }
    expect(find(submenu(named('a', 'deleting')), 'Clone…').enabled).toBe(false)
  })

  it('has templates last, to be cloned and not to be started', () => {
    const template = { ...named('a', 'stopped'), template: true }
    expect(trayMenu([template, named('z', 'stopped')], actions)[1]?.label).toBe('◇ a')
    expect(submenu(template).map(({ label }) => label)).toEqual(['Open', 'New Workspace from It…'])
    click(submenu(template), 'New Workspace from It…')
    expect(actions.send).toHaveBeenLastCalledWith({ command: 'clone', workspaceId: 'id-a' })
  })

  it('starts what does not', () => {
    for (const status of ['stopped', 'error'] as const) {
      const still = named('a', status)
      click(submenu(still), 'Start')
      expect(actions.start).toHaveBeenLastCalledWith(still)
      expect(find(submenu(still), 'Terminal').enabled).toBe(false)
    }
  })

  it('lets a workspace that is busy finish', () => {
    for (const status of ['pending', 'building', 'starting', 'stopping', 'deleting'] as const) {
      expect(find(submenu(named('a', status)), 'Stop').enabled).toBe(false)
    }
  })

  it('has the rest of them behind “more”', () => {
    const many = Array.from({ length: 25 }, (_, index) => named(`w${index}`, 'stopped'))
    click(trayMenu(many, actions), '5 more…')
    expect(actions.open).toHaveBeenCalledOnce()
    expect(trayMenu(many, actions).filter((item) => item.submenu)).toHaveLength(20)
  })

  it('begins with a search where there are many', () => {
    const many = Array.from({ length: 10 }, (_, index) => named(`w${index}`, 'stopped'))
    expect(trayMenu(many.slice(1), actions)[0]?.label).toBe('○ w1')
    click(trayMenu(many, actions), 'Search…')
    expect(actions.send).toHaveBeenLastCalledWith({ command: 'palette' })
  })

  it('leads to what needs attention, also where the workspace is running', () => {
    const problem = { code: 'REPO_CLONE_FAILED' as const, message: 'It failed.', next: 'Try again.', data: {} }
    click(trayMenu([{ ...named('a', 'running'), problem }], actions), '▲ a needs attention')
    expect(actions.send).toHaveBeenLastCalledWith({ command: 'open-workspace', workspaceId: 'id-a' })
  })

  it('opens ports of what runs', () => {
    const listener = { port: 3000, host: '127.0.0.1', process: 'node', container: null, publishedBy: null }
    const items = trayMenu(
      [named('a', 'running'), named('b', 'stopped')],
      actions,
      new Map([
        ['id-a', [listener]],
        ['id-b', [listener]],
      ]),
    )
    expect(flatten(items).filter(({ label }) => label === 'Open Port')).toHaveLength(1)
    click(items, '3000: node')
    expect(actions.send).toHaveBeenLastCalledWith({ command: 'open-port', workspaceId: 'id-a', port: 3000, container: null })
  })

  it('always makes a new one, opens Berth and quits', () => {
    const items = trayMenu([], actions)
    expect(find(items, 'No workspaces').enabled).toBe(false)
    click(items, 'New Workspace…')
    click(items, 'Open Berth')
    click(items, 'Quit Berth')
    expect(actions.send).toHaveBeenCalledWith({ command: 'new-workspace' })
    expect(actions.open).toHaveBeenCalledOnce()
    expect(actions.quit).toHaveBeenCalledOnce()
  })
})

describe('the tray', () => {
  function setup(workspaces: Workspace[]) {
    let listener: (event: BerthEvent) => void = () => {}
    const core = {
      workspaces: {
        list: () => workspaces,
        start: vi.fn(async (_options: { name: string }): Promise<unknown> => null),
        stop: vi.fn(async (_reference: string): Promise<unknown> => null),
      },
      forwards: { all: () => [] },
      events: { subscribe: (added: typeof listener) => (listener = added) },
    }
    setupTray({ core, icons: '/icons', open: vi.fn(), send: vi.fn() })
    const tray = Tray.made[0]
    if (tray === undefined) throw new Error('No tray')
    const menu = () => tray.setContextMenu.mock.lastCall?.[0] as MenuItemConstructorOptions[]
    return { core, tray, menu, emit: (event: BerthEvent) => listener(event) }
  }

  it('is made anew once for a burst of changes', () => {
    const workspaces = [named('a', 'stopped')]
    const { tray, menu, emit } = setup(workspaces)
    expect(tray.setContextMenu).toHaveBeenCalledTimes(1)
    workspaces[0] = named('a', 'running')
    for (let count = 0; count < 50; count++) emit({ type: 'workspace', workspace: named('a', 'running') })
    vi.runAllTimers()
    expect(tray.setContextMenu).toHaveBeenCalledTimes(2)
    expect(menu()[0]?.label).toBe('● a')
    expect(tray.setToolTip).toHaveBeenLastCalledWith('Berth: 1 of 1 running')
    emit({ type: 'workspace-removed', workspaceId: 'id-a' })
    vi.runAllTimers()
    expect(tray.setContextMenu).toHaveBeenCalledTimes(3)
  })

  it('is left alone by what it does not show', () => {
    const { tray, emit } = setup([])
    emit({ type: 'terminal-removed', sessionId: 's1' })
    vi.runAllTimers()
    expect(tray.setContextMenu).toHaveBeenCalledTimes(1)
  })

  it('says what failed', async () => {
    const { core, menu } = setup([named('a', 'running')])
    core.workspaces.stop.mockRejectedValue(
      new BerthError('WORKSPACE_BUSY', 'a is being started.', {
        workspace: 'a',
        operationId: 'o',
        operationKind: 'workspace.start',
        next: 'Wait.',
      }),
    )
    click(menu(), 'Stop')
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalled())
    expect(dialog.showMessageBox).toHaveBeenCalledWith(
      expect.objectContaining({ type: 'error', message: 'a is being started.', detail: 'Wait.' }),
    )
  })

  it('says so over the window, where there is one to see', async () => {
    const { core, menu } = setup([named('a', 'running')])
    core.workspaces.stop.mockRejectedValue(new Error('no'))
    const window = new BrowserWindow({})
    window.visible = true
    click(menu(), 'Stop')
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledWith(window, expect.objectContaining({ type: 'error' })))
  })

  it('starts by name and quits the app', () => {
    const { core, menu } = setup([named('a', 'stopped')])
    click(menu(), 'Start')
    expect(core.workspaces.start).toHaveBeenCalledWith({ name: 'a' })
    click(menu(), 'Quit Berth')
    expect(app.quit).toHaveBeenCalledOnce()
  })
})

describe('the application menu', () => {
  it.each(['darwin', 'linux', 'win32'] as const)('on %s has the standard roles and Berth’s own commands', (platform) => {
    const send = vi.fn()
    const items = applicationMenu({ send, checkForUpdates: vi.fn() }, platform)
    const roles = flatten(items).map((item) => item.role)
    expect(roles).toEqual(expect.arrayContaining(['editMenu', 'windowMenu', 'help', 'zoomIn', 'zoomOut', 'resetZoom', 'close', 'quit']))
    for (const [label, command] of [
      ['New Workspace…', 'new-workspace'],
      ['Settings…', 'settings'],
      ['Command Palette…', 'palette'],
      ['Keyboard Shortcuts', 'shortcuts'],
    ] as const) {
      click(items, label)
      expect(send).toHaveBeenLastCalledWith({ command })
    }
    // A reload would be a way around nothing, but loses what was typed.
    expect(roles).not.toContain('reload')
    expect(flatten(items).filter((item) => item.label === 'Settings…')).toHaveLength(1)
  })

  it.each(['darwin', 'linux', 'win32'] as const)('on %s looks for updates once', (platform) => {
    const checkForUpdates = vi.fn()
    const items = applicationMenu({ send: vi.fn(), checkForUpdates }, platform)
    expect(flatten(items).filter((item) => item.label === 'Check for Updates…')).toHaveLength(1)
    click(items, 'Check for Updates…')
    expect(checkForUpdates).toHaveBeenCalledOnce()
  })

  it('is built from nothing but its template', () => {
    expect(Menu.buildFromTemplate(applicationMenu({ send: vi.fn(), checkForUpdates: vi.fn() }, 'linux'))).toHaveLength(5)
  })
})

describe('the link from menus to the page', () => {
  function menuPort() {
    let close = () => {}
    const port: MenuPort = { send: vi.fn(), onClose: (listener) => (close = listener) }
    return { port, close: () => close() }
  }

  it('shows the window, and tells a page that comes later', () => {
    const window = { show: vi.fn() }
    const link = createMenuLink()
    const send = link.sendTo(window)
    send({ command: 'palette' })
    send({ command: 'settings' })
    expect(window.show).toHaveBeenCalledTimes(2)
    const { port } = menuPort()
    link.connect(port)
    expect(port.send).toHaveBeenCalledExactlyOnceWith({ command: 'settings' })
  })

  it('goes to the page that connected last', () => {
    const link = createMenuLink()
    const send = link.sendTo({ show: vi.fn() })
    const [first, second] = [menuPort(), menuPort()]
    link.connect(first.port)
    link.connect(second.port)
    first.close()
    send({ command: 'palette' })
    expect(first.port.send).not.toHaveBeenCalled()
    expect(second.port.send).toHaveBeenCalledOnce()
  })
})
