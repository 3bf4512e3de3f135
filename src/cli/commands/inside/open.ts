import { spawn } from 'node:child_process'
import type { BerthClient } from '../../../shared/contract/contract'
import { EDITOR_NAMES, type Editor, editorLink } from '../../../shared/editor-link'
import { CliError, usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext, CliHost } from '../../context'
import { printJson, printLines, remark } from '../../output/output'

export interface OpenOptions {
  print?: boolean
  editor?: Editor
}

/** Prints the address of the workspace's page, or of Berth's own, and opens it where there is a screen. The address lets whoever has it in. */
export async function openWorkspace(context: CliContext, reference: string | undefined, options: OpenOptions): Promise<void> {
  const url = await withConnection(context, async ({ client, door }) => {
    if (options.editor !== undefined) return linkFor(context, client, options.editor, reference, options.print === true)
    const workspace = reference === undefined ? {} : { workspace: (await client.workspaces.get({ workspace: reference })).name }
    return `${door.url}/#${new URLSearchParams({ token: door.token, ...workspace })}`
  })
  const opener = options.print ? null : browserCommand(context, url)
  if (context.options.json) printJson(context, { url, opened: opener !== null })
  else printLines(context, [url])
  if (opener === null) {
    if (!options.print) remark(context, 'There is no display to open it on.')
    return
  }
  await launch(opener)
}

/** No link of theirs that leads through ssh into a container is documented. */
const INTO_DEVCONTAINER = 'It opens the workspace itself; its command “Dev Containers: Reopen in Container” goes on in the dev container.'

async function linkFor(
  context: CliContext,
  client: BerthClient,
  editor: Editor,
  reference: string | undefined,
  isPrinted: boolean,
): Promise<string> {
  if (reference === undefined) throw usageError('An editor opens a workspace.', `Write “berth open NAME --editor ${editor}”.`)
  const workspace = await client.workspaces.get({ workspace: reference })
  const link = editorLink(editor, workspace)
  if (link === null && workspace.host !== null)
    throw usageError(`${EDITOR_NAMES[editor]} has no link for a folder of this machine.`, `Open ${workspace.host.folder} in it.`)
  if (link === null) throw new CliError('WORKSPACE_NOT_RUNNING', `${workspace.name} has no ssh port yet.`, { next: 'Start it first.' })
  if (isPrinted || workspace.host !== null || (await client.sshConfig.status()).installed) {
    if (workspace.devcontainerState.state === 'running' && editor !== 'gateway') remark(context, INTO_DEVCONTAINER)
    return link
  }
  throw new CliError(
    'SSH_CONFIG_NOT_INSTALLED',
    `${EDITOR_NAMES[editor]} could not find ${workspace.name}: your ssh config does not name it.`,
    {
      next: '“berth ssh-config install” puts one line at the top of it; then try again.',
    },
  )
}

/** Program and arguments that open `url` in the browser; null where no browser can show. */
export function browserCommand({ platform, env }: Pick<CliHost, 'platform' | 'env'>, url: string): [string, ...string[]] | null {
  if (platform === 'darwin') return ['open', url]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open', url] : null
}

async function launch([program, ...parameters]: [string, ...string[]]): Promise<void> {
  const child = spawn(program, parameters, { detached: true, stdio: 'ignore' })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) => {
      const next = 'Open the address above by hand.'
      reject(new CliError('BROWSER_NOT_OPENED', `The browser could not be opened with ${program}.`, { next, cause }))
    })
  })
  child.unref()
}
