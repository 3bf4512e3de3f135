import { spawn } from 'node:child_process'
import { CliError } from '../cli-error'
import { withConnection } from '../connection'
import type { CliContext, CliHost } from '../context'
import { printJson, printLines, remark } from '../output'

/** Prints the address of the workspace's page, or of Berth's own, and opens it where there is a screen. The address lets whoever has it in. */
export async function openWorkspace(context: CliContext, reference: string | undefined, options: { print?: boolean }): Promise<void> {
  const url = await withConnection(context, async ({ client, door }) => {
    const workspace = reference === undefined ? {} : { workspace: (await client.workspaces.get({ workspace: reference })).name }
    return `${door.url}/#${new URLSearchParams({ token: door.token, ...workspace })}`
  })
  const opener = options.print ? null : browserCommand(context, url)
  if (context.options.json) printJson(context, { url, opened: opener !== null })
  else printLines(context, [url])
  if (opener === null) {
    if (!options.print) remark(context, 'There is no screen here to open it on.')
    return
  }
  await launch(opener)
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
