/** A fault that is put into the shell of the desktop app, which a test of that door must find. */
export interface ShellFault {
  name: string
  /** Part of the title of the test that is to fail. */
  foundBy: string
  /** What is replaced in which file of `src`. Each text must be there exactly once. */
  edits: readonly { file: string; find: string; replace: string }[]
}

const edit = (file: string, find: string, replace: string) => ({ file: `src/${file}`, find, replace })

const MAIN = 'main/desktop/index.ts'
const WINDOW = 'main/desktop/main-window.ts'
const GUARD = 'main/desktop/navigation-guard.ts'
const PAGE = 'main/desktop/page-protocol.ts'
const PERMISSIONS = 'main/desktop/permissions.ts'
const QUIT = 'main/desktop/quit.ts'
const INSTANCE = 'main/desktop/single-instance.ts'
const PRELOAD = 'preload/index.ts'

const shown = 'the window shows the page'
const noNode = 'the page has nothing of Node'
const links = 'links lead to the system'
const permissions = 'the page may use the clipboard'
const quitting = 'quitting closes the window'
const hiding = 'closing the window hides it'

const noSandbox = edit(WINDOW, 'sandbox: true', 'sandbox: false')
const noIsolation = edit(WINDOW, 'contextIsolation: true', 'contextIsolation: false')
const withNode = edit(WINDOW, 'nodeIntegration: false', 'nodeIntegration: true')

export const SHELL_FAULTS: readonly ShellFault[] = [
  {
    name: 'the preload asks on another channel',
    foundBy: shown,
    edits: [edit(PRELOAD, 'ipcRenderer.send(PORT_REQUEST)', "ipcRenderer.send('port')")],
  },
  { name: 'the port is not given to the page', foundBy: shown, edits: [edit(WINDOW, 'null, [port2])', 'null, [])')] },
  {
    name: 'the preload keeps the port',
    foundBy: shown,
    edits: [edit(PRELOAD, 'window.location.origin, event.ports)', 'window.location.origin, [])')],
  },
  {
    name: 'the main process does not start its port',
    foundBy: shown,
    edits: [edit('main/desktop/port-broker.ts', '  door.start()\n', '')],
  },
  {
    name: 'any page in the window gets a port',
    foundBy: 'another page in the window',
    edits: [
      edit(
        WINDOW,
        'if (frame === null || frame !== webContents.mainFrame || !isPageUrl(frame.url, pageOrigin())) return',
        'if (frame === null) return',
      ),
    ],
  },
  { name: 'the preload asks for any frame', foundBy: 'a frame within the page', edits: [edit(PRELOAD, 'event.source === window && ', '')] },
  {
    name: 'the window can be led away',
    foundBy: 'cannot be led away',
    edits: [
      edit(
        GUARD,
        "contents.on('will-navigate', (event) => {\n    if (!isPageUrl(event.url, origin)) event.preventDefault()",
        "contents.on('will-navigate', () => {",
      ),
      edit(
        GUARD,
        'if (!event.isMainFrame || !isPageUrl(event.url, origin)) event.preventDefault()',
        'if (!event.isMainFrame) event.preventDefault()',
      ),
    ],
  },
  { name: 'no window is guarded', foundBy: 'cannot be led away', edits: [edit(MAIN, '  setupNavigationGuard(pageOrigin())\n', '')] },
  { name: 'pages open windows', foundBy: links, edits: [edit(GUARD, "action: 'deny'", "action: 'allow'")] },
  { name: 'any address is given to the system', foundBy: links, edits: [edit(GUARD, '  if (!isWeb && !isEditorLink(url)) return\n', '')] },
  { name: 'links are given to nobody', foundBy: links, edits: [edit(GUARD, '    openOutside(url)\n', '')] },
  { name: 'the page has no sandbox', foundBy: noNode, edits: [noSandbox] },
  { name: 'page and preload share a world', foundBy: 'what a page does to its own window', edits: [noIsolation] },
  { name: 'the page is to have Node', foundBy: noNode, edits: [withNode] },
  { name: 'the page has Node', foundBy: noNode, edits: [noSandbox, noIsolation, withNode] },
  {
    name: 'every request for a permission is granted',
    foundBy: permissions,
    edits: [
      edit(
        PERMISSIONS,
        'decide(CLIPBOARD.has(permission) && details.isMainFrame && isPageUrl(details.requestingUrl, origin))',
        'decide(true)',
      ),
    ],
  },
  {
    name: 'every permission counts as granted',
    foundBy: permissions,
    edits: [edit(PERMISSIONS, 'CLIPBOARD.has(permission) && details.isMainFrame && isPageUrl(requestingOrigin, origin),', 'true,')],
  },
  { name: 'the clipboard is refused', foundBy: permissions, edits: [edit(PERMISSIONS, "'clipboard-read'", "'clipboard'")] },
  { name: 'nobody decides about permissions', foundBy: permissions, edits: [edit(MAIN, '  setupPermissions(pageOrigin())\n', '')] },
  { name: 'the core is not closed', foundBy: quitting, edits: [edit(QUIT, '      await core.close()\n', '')] },
  { name: 'the doors are not closed', foundBy: quitting, edits: [edit(MAIN, '  quit.onEnd(opened.close)\n', '')] },
  {
    name: 'it quits before all is closed',
    foundBy: quitting,
    edits: [edit(QUIT, '    event.preventDefault()\n    if (isEnding)', '    if (isEnding)')],
  },
  { name: 'its end counts as a failure', foundBy: quitting, edits: [edit(QUIT, 'app.exit(0)', 'app.exit(1)')] },
  {
    name: 'a signal ends it at once',
    foundBy: 'a signal that asks it to end',
    edits: [edit(MAIN, 'onEndSignal(quit.now)', 'onEndSignal(() => process.exit(0))')],
  },
  { name: 'a quit leaves the window open', foundBy: quitting, edits: [edit(WINDOW, '      if (options.isQuitting()) return\n', '')] },
  {
    name: 'workspaces are never stopped at the end',
    foundBy: 'workspaces are stopped',
    edits: [edit(QUIT, 'if (core.settings.get().stopWorkspacesOnQuit) ', 'if (false) ')],
  },
  {
    name: 'workspaces are always stopped at the end',
    foundBy: 'a signal that asks it to end',
    edits: [edit(QUIT, 'if (core.settings.get().stopWorkspacesOnQuit) ', '')],
  },
  {
    name: 'closing the window destroys it',
    foundBy: hiding,
    edits: [edit(WINDOW, '      event.preventDefault()\n      opened.hide()', '      opened.hide()')],
  },
  { name: 'closing the window does nothing', foundBy: hiding, edits: [edit(WINDOW, '      opened.hide()\n', '')] },
  {
    name: 'every start is a Berth of its own',
    foundBy: hiding,
    edits: [edit(INSTANCE, '  if (!app.requestSingleInstanceLock()) return null\n', '')],
  },
  { name: 'a second start shows nothing', foundBy: hiding, edits: [edit(MAIN, '    window.show()\n    requests', '    requests')] },
  {
    name: 'a second start makes another window',
    foundBy: hiding,
    edits: [edit(WINDOW, '      if (window === null) {', '      if (window !== null) {')],
  },
  {
    name: 'files outside the page are served',
    foundBy: 'no file outside the page',
    edits: [edit('main/api/static-files.ts', '  if (path !== resolve(root) && !path.startsWith(resolve(root) + sep)) return null\n', '')],
  },
  { name: 'every method is answered', foundBy: 'no file outside the page', edits: [edit(PAGE, " && request.method === 'GET'", '')] },
  { name: 'the scheme has no privileges', foundBy: shown, edits: [edit(MAIN, '  registerPageScheme()\n', '')] },
  { name: 'the scheme is not secure', foundBy: shown, edits: [edit(PAGE, 'secure: true, ', '')] },
  { name: 'the scheme has no fetch', foundBy: 'no file outside the page', edits: [edit(PAGE, ', supportFetchAPI: true', '')] },
  {
    name: 'the page has no policy',
    foundBy: 'what the page may load',
    edits: [edit(PAGE, "'content-security-policy': pagePolicy(null), ", '')],
  },
  { name: 'the page has no further headers', foundBy: 'what the page may load', edits: [edit(PAGE, '...PLAIN_HEADERS, ', '')] },
  {
    name: 'downloads are not served',
    foundBy: 'files are looked at',
    edits: [edit(PAGE, 'url.pathname.startsWith(DOWNLOAD_PATH)', "url.pathname.startsWith('/none/')")],
  },
  {
    name: 'where the window was is not kept',
    foundBy: 'the window opens where it was',
    edits: [edit(WINDOW, '      options.bounds.save(', '      void (')],
  },
  {
    name: 'where the window was is not read',
    foundBy: 'the window opens where it was',
    edits: [
      edit(
        WINDOW,
        'const saved = options.bounds.load(arrangementOf(screen.getAllDisplays()))',
        'const saved = null as ReturnType<BoundsStore["load"]>',
      ),
    ],
  },
  { name: 'the window is never shown', foundBy: shown, edits: [edit(WINDOW, '      if (mayShow) opened.show()\n', '')] },
  {
    name: 'menus reach no page',
    foundBy: 'what the menus offer',
    edits: [edit(MAIN, 'onMenuPort: menuLink.connect', 'onMenuPort: () => {}')],
  },
  {
    name: 'there is no application menu',
    foundBy: 'what the menus offer',
    edits: [edit(MAIN, '  setupApplicationMenu({ send, checkForUpdates: updates.checkNow })\n', '')],
  },
  {
    name: 'menus reach the page that was, not the one that is',
    foundBy: 'what the menus offer',
    edits: [
      edit('main/desktop/menu-link.ts', '      port = connected\n', '      port ??= connected\n'),
      edit('main/desktop/menu-link.ts', 'if (port === connected) port = null', ''),
    ],
  },
  {
    name: 'the tray is not refreshed',
    foundBy: 'the icon in the tray',
    edits: [edit('main/desktop/tray.ts', '    setTimeout(rebuild, COALESCE_MS)\n', '')],
  },
  {
    name: 'the tray stops nothing',
    foundBy: 'the icon in the tray',
    edits: [edit('main/desktop/tray.ts', 'void core.workspaces.stop(id).catch(reportFailure)', 'void id')],
  },
  {
    name: 'a page that has ended is not loaded again',
    foundBy: 'when the process of the page is killed',
    edits: [edit('main/desktop/page-recovery.ts', '    webContents.reload()\n', '')],
  },
  {
    name: 'nobody says that the page has ended',
    foundBy: 'when the process of the page is killed',
    edits: [edit(MAIN, "menuLink.tellNext({ command: 'page-recovered' })", 'undefined')],
  },
  {
    name: 'what the page says of its end goes to the page that has ended',
    foundBy: 'when the process of the page is killed',
    edits: [edit('main/desktop/menu-link.ts', '      port = null\n      waiting.push(command)\n', '      tell(command)\n')],
  },
  {
    name: 'links of another start are not read',
    foundBy: 'links and files of another start',
    edits: [edit(MAIN, '    requests.openArguments(argv, workingDirectory)\n', '')],
  },
  {
    name: 'a link opens a terminal without a question',
    foundBy: 'links and files of another start',
    edits: [
      edit(
        'main/desktop/outside-requests.ts',
        'if (!request.terminal) return send',
        'if (request.terminal) return send({ command: "open-terminal", workspaceId: found.id })\n    return send',
      ),
    ],
  },
  {
    name: 'nothing is notified',
    foundBy: 'what fails while the window is hidden',
    edits: [edit(MAIN, '  setupNotifications(core, { send, show: window.show })\n', '')],
  },
  {
    name: 'a notification leads nowhere',
    foundBy: 'what fails while the window is hidden',
    edits: [edit('main/desktop/notifications.ts', "notification.on('click', () => {", "notification.on('close', () => {")],
  },
  {
    name: 'the question at the first quit is not asked',
    foundBy: 'the first quit with a running workspace',
    edits: [edit('main/desktop/quit-question.ts', '    event.preventDefault()\n', '    return\n')],
  },
  {
    name: 'the theme is not followed',
    foundBy: 'the colours of the setting',
    edits: [edit('main/desktop/theme.ts', '    nativeTheme.themeSource = theme\n', '')],
  },
]
