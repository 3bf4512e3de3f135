import { describe, expect, it } from 'vitest'
import { EDITORS, editorLink, isEditorLink } from './editor-link'

const demo = { name: 'demo', ports: { ssh: 2201 }, repoState: 'none', folder: null, host: null } as const

describe('a link that opens a workspace in an editor', () => {
  it('names the host of ssh’s config, and the repository where there is one', () => {
    expect(editorLink('vscode', demo)).toBe('vscode://vscode-remote/ssh-remote+demo.berth/home/workspace')
    expect(editorLink('cursor', { ...demo, repoState: 'cloned' })).toBe('cursor://vscode-remote/ssh-remote+demo.berth/home/workspace/repo')
    expect(editorLink('gateway', demo)).toBe(
      'jetbrains-gateway://connect#type=ssh&deploy=false&host=demo.berth&port=2201&user=workspace&projectPath=%2Fhome%2Fworkspace',
    )
    expect(editorLink('vscode', { ...demo, ports: { ssh: null } })).toBeNull()
    const inFolder = { ...demo, repoState: 'cloned', folder: 'a b/ü+(1)/./' } as const
    expect(editorLink('vscode', inFolder)).toMatch('/home/workspace/repo/a%20b/%C3%BC%2B(1)')
    for (const editor of EDITORS) expect(isEditorLink(editorLink(editor, inFolder) ?? ''), editor).toBe(true)
  })

  it('opens the folder of a host workspace, where the editor has a link for that', () => {
    const host = { ...demo, ports: { ssh: null }, host: { folder: '/home/me/a b', created: false } } as const
    expect(editorLink('vscode', host)).toBe('vscode://file/home/me/a%20b')
    expect(editorLink('cursor', { ...host, repoState: 'cloned' })).toBe('cursor://file/home/me/a%20b/repo')
    expect(editorLink('gateway', host)).toBeNull()
    expect(isEditorLink('vscode://file/home/me/a%20b')).toBe(true)
  })

  it('is known among others, which could start anything', () => {
    for (const editor of EDITORS) expect(isEditorLink(editorLink(editor, demo) ?? '')).toBe(true)
    for (const url of [
      'vscode://vscode-remote/ssh-remote+demo.berth.evil.example/home/workspace',
      'vscode://vscode-remote/ssh-remote+demo.berth/etc',
      'vscode://vscode-remote/ssh-remote+demo.berth/home/workspace/../../etc',
      'vscode://vscode-remote/ssh-remote+demo.berth/home/workspace/repo/../../../etc',
      'vscode://vscode-remote/ssh-remote+demo.berth/home/workspace/repo/%2E%2E/x',
      'vscode://vscode-remote/ssh-remote+demo.berth/home/workspace/repo/x%2F..',
      'jetbrains-gateway://connect#type=ssh&deploy=false&host=demo.berth&port=1&user=workspace&projectPath=%2Fhome%2Fworkspace%2Frepo%2F..%2F..',
      'vscode://publisher.extension/run',
      'vscode://file/home/../etc',
      'vscode://file//server/share',
      'cursor://anysphere.cursor-deeplink/mcp/install?name=x',
      ' vscode://vscode-remote/ssh-remote+demo.berth/home/workspace',
    ])
      expect(isEditorLink(url), url).toBe(false)
  })
})
