import { sshHostOf } from './ssh-host'
import type { Workspace } from './workspace'

export const EDITORS = ['vscode', 'cursor', 'gateway'] as const
export type Editor = (typeof EDITORS)[number]

export const EDITOR_NAMES: Record<Editor, string> = { vscode: 'VS Code', cursor: 'Cursor', gateway: 'JetBrains Gateway' }

const HOME_PATH = '/home/workspace'

/** The link that opens the workspace in that editor, in its repository if it has one; null while it has no port. It is opened through ssh's config. */
export function editorLink(editor: Editor, { name, ports, repoState }: Pick<Workspace, 'name' | 'ports' | 'repoState'>): string | null {
  if (ports.ssh === null) return null
  const folder = repoState === 'cloned' ? `${HOME_PATH}/repo` : HOME_PATH
  const host = sshHostOf(name)
  switch (editor) {
    case 'vscode':
    case 'cursor':
      return `${editor}://vscode-remote/ssh-remote+${host}${folder}`
    case 'gateway': {
      const fragment = new URLSearchParams({
        type: 'ssh',
        deploy: 'false',
        host,
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

const NAME = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'
const REMOTE_FOLDER = new RegExp(`^(?:vscode|cursor)://vscode-remote/ssh-remote\\+${NAME}\\.berth${HOME_PATH}(?:/repo)?$`)
const GATEWAY = new RegExp(
  `^jetbrains-gateway://connect#type=ssh&deploy=false&host=${NAME}\\.berth&port=\\d{1,5}&user=workspace&projectPath=%2Fhome%2Fworkspace(?:%2Frepo)?$`,
)

/** Whether it is a link that `editorLink` makes, and no other: such a link starts a program. */
export function isEditorLink(url: string): boolean {
  return REMOTE_FOLDER.test(url) || GATEWAY.test(url)
}
