import { describe, expect, it } from 'vitest'
import { EDITORS, editorLink, isEditorLink } from './editor-link'

const demo = { name: 'demo', ports: { ssh: 2201 }, repoState: 'none' } as const

describe('a link that opens a workspace in an editor', () => {
  it('names the host of ssh’s config, and the repository where there is one', () => {
    expect(editorLink('vscode', demo)).toBe('vscode://vscode-remote/ssh-remote+demo.berth/home/workspace')
    expect(editorLink('cursor', { ...demo, repoState: 'cloned' })).toBe('cursor://vscode-remote/ssh-remote+demo.berth/home/workspace/repo')
    expect(editorLink('gateway', demo)).toBe(
      'jetbrains-gateway://connect#type=ssh&deploy=false&host=demo.berth&port=2201&user=workspace&projectPath=%2Fhome%2Fworkspace',
    )
    expect(editorLink('vscode', { ...demo, ports: { ssh: null } })).toBeNull()
  })

  it('is known among others, which could start anything', () => {
    for (const editor of EDITORS) expect(isEditorLink(editorLink(editor, demo) ?? '')).toBe(true)
    for (const url of [
      'vscode://vscode-remote/ssh-remote+demo.berth.evil.example/home/workspace',
      'vscode://vscode-remote/ssh-remote+demo.berth/etc',
      'vscode://vscode-remote/ssh-remote+demo.berth/home/workspace/../../etc',
      'vscode://publisher.extension/run',
      'cursor://anysphere.cursor-deeplink/mcp/install?name=x',
      ' vscode://vscode-remote/ssh-remote+demo.berth/home/workspace',
    ])
      expect(isEditorLink(url), url).toBe(false)
  })
})
