import { describe, expect, it } from 'vitest'
import { workspaceRecordSchema } from '../../settings/records'
import { recordFromContainer } from './workspace-resources'

const labels = { 'dev.berth.id': 'abc', 'dev.berth.role': 'workspace', 'dev.berth.name': 'demo' }
const recordOf = (more: Record<string, string>) => recordFromContainer({ name: 'workspace-demo', labels: { ...labels, ...more } })

describe('a record made from labels', () => {
  it('takes port and date from them', () => {
    const record = recordOf({ 'dev.berth.ssh-port': '2200', 'dev.berth.created': '2026-01-01T00:00:00.000Z' })
    expect(record).toMatchObject({ sshPort: 2200, createdAt: '2026-01-01T00:00:00.000Z' })
  })

  it.each(['0', '-5', '99999999', '2200.5', 'x'])('fits its schema though the port is “%s”', (port) => {
    const record = recordOf({ 'dev.berth.ssh-port': port, 'dev.berth.created': 'yesterday' })
    expect(record).toMatchObject({ sshPort: null, createdAt: new Date(0).toISOString() })
    expect(workspaceRecordSchema.safeParse(record).success).toBe(true)
  })
})
