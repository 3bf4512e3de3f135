import { describe, expect, it } from 'vitest'
import { parseWorkspaceRoute, routes } from './routes'

describe('the address of a workspace', () => {
  it.each(['overview', 'terminal', 'logs', 'snapshots', 'settings'] as const)('leads back to the workspace and its %s', (tab) => {
    expect(parseWorkspaceRoute(routes.workspace('api-server', tab))).toEqual({ name: 'api-server', tab })
  })

  it.each(['/', '/settings', '/workspace', '/workspace/', '/workspace/a/nonsense', '/workspace/a/logs/b'])('is not %j', (path) => {
    expect(parseWorkspaceRoute(path)).toBeNull()
  })

  it('bears a stray percent sign', () => {
    expect(parseWorkspaceRoute('/workspace/50%')).toEqual({ name: '50%', tab: 'overview' })
  })
})
