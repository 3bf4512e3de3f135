import { expect, it } from 'vitest'
import type { PortForward, PortListener } from '../../../shared/port-forward'
import { portRows } from './port-rows'

const listener = (port: number, container: string | null = null): PortListener => ({
  ...{ port, host: '127.0.0.1', process: 'node', container, publishedBy: null },
})
const forward = (port: number, kind: PortForward['kind'] = 'kept', localPort = port): PortForward => ({
  ...{ port, container: null, localPort, wantedLocalPort: localPort, status: 'open', problem: null, kind },
})

it('shows each port once, whether it listens, is forwarded or both, and a container’s beside the workspace’s own', () => {
  const rows = portRows({
    workspaceId: 'w',
    listeners: [listener(3000), listener(80, 'web'), listener(80)],
    forwards: [forward(9000), forward(3000)],
  })
  expect(rows.map(({ key }) => key)).toEqual([':80', 'web:80', ':3000', ':9000'])
  expect(rows.map((row) => row.listener !== null)).toEqual([true, true, true, false])
  expect(rows.map((row) => row.forward !== null)).toEqual([false, false, true, true])
})

it('keeps what is lent to a command apart from what is kept', () => {
  const [row] = portRows({ workspaceId: 'w', listeners: null, forwards: [forward(80, 'temporary', 8080), forward(80)] })
  expect(row?.forward?.kind).toBe('kept')
  expect(row?.lent.map(({ localPort }) => localPort)).toEqual([8080])
})
