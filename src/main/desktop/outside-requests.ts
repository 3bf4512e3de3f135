import { stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, resolve } from 'node:path'
import { app, dialog } from 'electron'
import type { MenuCommand } from '../../shared/door-port'
import type { Workspace } from '../../shared/workspace'
import { log } from '../log'

export const LINK_SCHEME = 'berth'
const ARCHIVE_EXTENSION = '.berth'
/** Longer than any address of a repository. */
const LONGEST_LINK = 2048

/** What a link of Berth asks for. */
export type LinkRequest = { kind: 'workspace'; name: string; terminal: boolean } | { kind: 'clone'; url: string }

/** `berth://workspace/NAME`, `berth://workspace/NAME/terminal` or `berth://clone?url=…`; null for anything else. */
export function parseLink(text: string): LinkRequest | null {
  if (text.length > LONGEST_LINK || !URL.canParse(text)) return null
  const { protocol, host, pathname, searchParams } = new URL(text)
  if (protocol !== `${LINK_SCHEME}:`) return null
  const [name = '', tab, ...rest] = pathname.split('/').filter((part) => part !== '')
  if (host === 'workspace' && name !== '' && rest.length === 0 && (tab === undefined || tab === 'terminal'))
    return { kind: 'workspace', name: decodeURIComponent(name), terminal: tab === 'terminal' }
  const url = searchParams.get('url')
  if (host === 'clone' && name === '' && url !== null && url !== '') return { kind: 'clone', url }
  return null
}

interface OutsideCore {
  workspaces: { list(): Workspace[] }
}

/** Does what links, files and folders ask for that the system, another start or a drop onto the window brings; none of it acts without a person. */
export function createOutsideRequests(core: OutsideCore, send: (command: MenuCommand) => void) {
  async function follow(request: LinkRequest): Promise<void> {
    // The form of the new workspace is the confirmation.
    if (request.kind === 'clone') return send({ command: 'new-workspace', repo: request.url })
    const found = core.workspaces.list().find(({ name }) => name === request.name)
    if (found === undefined) {
      await dialog.showMessageBox({
        type: 'info',
        title: 'Berth',
        message: `There is no workspace named “${request.name}”.`,
        detail: 'A link asked to open it.',
      })
      return
    }
    if (!request.terminal) return send({ command: 'open-workspace', workspaceId: found.id })
    const { response } = await dialog.showMessageBox({
      type: 'question',
      title: 'Berth',
      message: `Open a terminal in ${found.name}?`,
      detail: 'A link asked to open it.',
      buttons: ['Open Terminal', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
    })
    if (response === 0) send({ command: 'open-terminal', workspaceId: found.id })
  }

  async function openPath(path: string): Promise<void> {
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory()) send({ command: 'new-workspace', repo: path })
    else if (found?.isFile() && extname(path) === ARCHIVE_EXTENSION) send({ command: 'import', file: path })
    else {
      await dialog.showMessageBox({
        type: 'info',
        title: 'Berth',
        message: `Berth cannot open “${basename(path)}”.`,
        detail: 'Open a folder to create a workspace from it, or an exported workspace (.berth).',
      })
    }
  }

  const handled = (work: Promise<void>) =>
    void work.catch((error: unknown) => log.error({ err: error }, 'A request from outside the window failed'))
  return {
    openLink(text: string): void {
      const request = parseLink(text)
      if (request === null) log.warn('An invalid link to Berth was ignored')
      else handled(follow(request))
    },
    /** Absolute. */
    openPath: (path: string) => handled(openPath(path)),
    /** The arguments of a start, with the folder it was started in. True if something was asked for. */
    openArguments(argv: readonly string[], workingDirectory: string): boolean {
      const given = argv.slice(1).filter((argument) => argument.startsWith(`${LINK_SCHEME}:`) || extname(argument) === ARCHIVE_EXTENSION)
      for (const argument of given) {
        if (argument.startsWith(`${LINK_SCHEME}:`)) this.openLink(argument)
        else this.openPath(isAbsolute(argument) ? argument : resolve(workingDirectory, argument))
      }
      return given.length > 0
    },
  }
}

export interface EarlyRequests {
  /** From now on they go there, with those that came before. */
  connect(requests: Pick<ReturnType<typeof createOutsideRequests>, 'openLink' | 'openPath'>): void
}

/** macOS brings links and files by events, the first before the app is ready. */
export function catchOutsideRequests(): EarlyRequests {
  let waiting: ((requests: Parameters<EarlyRequests['connect']>[0]) => void)[] = []
  let connected: Parameters<EarlyRequests['connect']>[0] | null = null
  const take = (act: (typeof waiting)[number]) => {
    if (connected === null) waiting.push(act)
    else act(connected)
  }
  app.on('open-url', (event, url) => {
    event.preventDefault()
    take((requests) => requests.openLink(url))
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    take((requests) => requests.openPath(path))
  })
  // Packages of Linux say so by themselves; a copy that is not installed must not take links away from one that is.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(LINK_SCHEME)
  return {
    connect(requests) {
      connected = requests
      for (const act of waiting) act(requests)
      waiting = []
    },
  }
}
