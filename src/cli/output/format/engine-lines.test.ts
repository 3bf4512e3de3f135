import { expect, test } from 'vitest'
import type { EngineState, EngineView } from '../../../shared/contract/engines'
import { ENGINE } from '../../testing/fake-records'
import { engineSummary, engineTable } from './engine-lines'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const plain = (_colour: unknown, text: string) => text

const used = (name: string, state: EngineState, address: string | null = null): EngineView => ({
  ...{ id: `id-of-${name}`, name, address, state },
  isDefault: name === 'local',
})
const away = used(
  'nas',
  {
    status: 'unreachable',
    tried: [{ endpoint: 'ssh://me@nas', reason: 'connection\nrefused' }],
    retryAt: '2026-01-01T00:00:08.000Z',
  },
  'ssh://me@nas',
)
const connecting = used('new', { status: 'connecting', endpoint: null }, 'context new')

test('the list marks the engine for new workspaces, and says below it why one does not answer', () => {
  expect(engineTable([used('local', ENGINE), away, connecting], new Map([['local', 2]]), NOW, plain)).toEqual([
    '   NAME     ENGINE         STATUS       WORKSPACES  ADDRESS',
    '●  local *  Docker 28.2.2  connected    2           unix:///var/run/docker.sock',
    '✕  nas      -              unreachable  0           ssh://me@nas',
    '◐  new      -              connecting   0           context new',
    '',
    'nas does not answer. Berth tries again in 8 s.',
    '  ssh://me@nas: connection refused',
  ])
})

test('a summary names engines only where there are several', () => {
  const local = 'Docker 28.2.2 on Debian 12, x86_64, 2 processors, 8 GiB, at unix:///var/run/docker.sock'
  expect(engineSummary([used('local', ENGINE)])).toEqual([local])
  expect(engineSummary([used('local', ENGINE), away, connecting])).toEqual([
    `local *  ${local}`,
    'nas      does not answer',
    '         ssh://me@nas: connection refused',
    'new      connecting',
  ])
})
