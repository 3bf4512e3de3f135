import { REPO_PATH, repoFolder } from './repo-path'
import { sshHostOf } from './ssh-host'
import type { Workspace } from './workspace'

export const EDITORS = ['vscode', 'cursor', 'gateway'] as const
export type Editor = (typeof EDITORS)[number]

export const EDITOR_NAMES: Record<Editor, string> = { vscode: 'VS Code', cursor: 'Cursor', gateway: 'JetBrains Gateway' }

const HOME_PATH = '/home/workspace'

type Linked = Pick<Workspace, 'name' | 'ports' | 'repoState' | 'folder' | 'host'>

/**
 * The link that opens the workspace in that editor, in its repository if it has one. A container is reached through ssh's config: null while it has no port. A
 * host workspace is a folder of this machine, for which Gateway has no link.
 */
export function editorLink(editor: Editor, workspace: Linked): string | null {
  const { name, ports, host } = workspace
  if (host !== null) {
    const local = repoFolder(workspace) ?? host.folder
    return editor === 'gateway' ? null : `${editor}://file${encodePath(local)}`
  }
  if (ports.ssh === null) return null
  const folder = repoFolder(workspace) ?? HOME_PATH
  const sshHost = sshHostOf(name)
  switch (editor) {
    case 'vscode':
    case 'cursor':
      return `${editor}://vscode-remote/ssh-remote+${sshHost}${encodePath(folder)}`
    case 'gateway': {
      const fragment = new URLSearchParams({
        type: 'ssh',
        deploy: 'false',
        host: sshHost,
        port: String(ports.ssh),
        user: 'workspace',
        projectPath: folder,
      })
      return `jetbrains-gateway://connect#${fragment}`
    }
    default:
      return editor satisfies never
  }
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

const NAME = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'
/** The name of a folder, encoded: no slash in it, nor one that leads upwards. */
const SEGMENT = String.raw`(?!\.\.?(?:/|%2F|$))(?:[\w.!~*'()+-]|%(?!2[EF])[0-9A-F]{2})+`
const REMOTE_FOLDER = new RegExp(
  `^(?:vscode|cursor)://vscode-remote/ssh-remote\\+${NAME}\\.berth(?:${HOME_PATH}|${REPO_PATH}(?:/${SEGMENT})*)$`,
)
/** A folder of this machine: absolute. */
const LOCAL_FOLDER = new RegExp(`^(?:vscode|cursor)://file(?:/${SEGMENT})+$`)
const GATEWAY = new RegExp(
  `^jetbrains-gateway://connect#type=ssh&deploy=false&host=${NAME}\\.berth&port=\\d{1,5}&user=workspace&projectPath=%2Fhome%2Fworkspace(?:%2Frepo(?:%2F${SEGMENT})*)?$`,
)

/** Whether it is a link that `editorLink` makes, and no other: such a link starts a program. */
export function isEditorLink(url: string): boolean {
  return REMOTE_FOLDER.test(url) || LOCAL_FOLDER.test(url) || GATEWAY.test(url)
}
