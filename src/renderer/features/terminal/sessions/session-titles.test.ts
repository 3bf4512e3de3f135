import { describe, expect, it } from 'vitest'
import type { TerminalSession } from '../../../../shared/contract/terminals'
import { type TitleNumbers, titledSessions } from './session-titles'

const session = (id: string, title = 'bash'): TerminalSession => ({
  id,
  workspaceId: 'w',
  kind: 'shell',
  name: null,
  title,
  command: ['bash'],
  user: 'workspace',
  container: null,
  tty: true,
  cols: 80,
  rows: 24,
  createdAt: '2026-01-01T00:00:00Z',
  status: 'running',
  statusDetail: null,
  exitCode: null,
  endedAt: null,
})

const titles = (sessions: TerminalSession[], numbers: TitleNumbers = new Map()) =>
  titledSessions(sessions, 'api', numbers).map(({ title }) => title)

describe('titles of sessions', () => {
  it('tell those of the same name apart', () => {
    expect(titles([session('a'), session('b'), session('c', 'vim')])).toEqual(['bash', 'bash 2', 'vim'])
  })

  it('stay when an earlier one is closed, and its number is used again', () => {
    const numbers: TitleNumbers = new Map()
    titles([session('a'), session('b')], numbers)
    expect(titles([session('b')], numbers)).toEqual(['bash 2'])
    expect(titles([session('b'), session('c')], numbers)).toEqual(['bash 2', 'bash'])
  })

  it('are told apart anew when one changes', () => {
    const numbers: TitleNumbers = new Map()
    titles([session('a'), session('b', 'vim')], numbers)
    expect(titles([session('a'), session('b', 'bash')], numbers)).toEqual(['bash', 'bash 2'])
    expect(titles([session('a'), session('b', 'vim')], numbers)).toEqual(['bash', 'vim'])
  })

  it('give way to a name, and say in which container they are', () => {
    const named = { ...session('a', 'workspace@api: ~'), name: 'server' }
    const nested = { ...session('b', 'sh'), kind: 'nested' as const, container: { id: 'c', name: 'db' } }
    expect(titles([named, nested])).toEqual(['server', 'db: sh'])
  })

  it('leave out user and host in a dev container, too', () => {
    const inside = {
      ...session('a', 'dev@a7f684f7a756: /workspaces/repo'),
      user: 'dev',
      container: { id: 'a7f684f7a7563dd2', name: 'nash' },
    }
    expect(titles([inside])).toEqual(['/workspaces/repo'])
  })

  it('leave out user and workspace', () => {
    expect(titles([session('a', 'workspace@api: ~/repo'), session('b', 'root@api: /')])).toEqual(['~/repo', 'root@api: /'])
  })
})
