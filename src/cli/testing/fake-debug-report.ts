import type { DebugReport } from '../../shared/contract/debug-report'
import type { Workspace } from '../../shared/workspace'
import { ENGINE } from './fake-records'

/** Of a workspace without a container. */
export function fakeDebugReport(workspace: Workspace): DebugReport {
  return {
    createdAt: '2026-01-01T00:00:00.000Z',
    berth: { version: '0.0.0', door: 'headless', platform: 'linux', arch: 'x64', startedAt: '2026-01-01T00:00:00.000Z', node: '24.0.0' },
    engine: ENGINE,
    workspace,
    container: null,
    volumes: workspace.volumes === null ? [] : [{ name: workspace.volumes.home, isThere: true, options: {} }],
    operations: [],
    home: null,
    logs: [],
    missing: [{ part: 'logs', reason: 'The engine is away.' }],
  }
}
