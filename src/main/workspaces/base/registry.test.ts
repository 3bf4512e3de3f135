import { expect, it } from 'vitest'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { LABEL_ID } from '../../storage/drivers/storage-context'
import { createRegistry } from './registry'

const record = workspaceRecord()

function setUp() {
  const registry = createRegistry({
    records: { get: () => record } as never,
    activeOperation: () => null,
    imageOf: () => 'berth:latest',
    isImageOutdated: () => false,
    storageWarning: () => null,
    templateDrift: () => [],
    emit: () => undefined,
    onStartedOutside: () => undefined,
    onStopped: () => undefined,
    engineName: () => 'local',
    missingVolumes: () => [],
    idleStopAt: () => null,
  })
  const tell = (action: 'start' | 'die') =>
    registry.applyEvent('local', { action, containerId: 'c', attributes: { [LABEL_ID]: record.id, exitCode: '0' }, time: 0 })
  registry.setContainer(record.id, 'c')
  return { registry, tell }
}

it('takes a container that runs for ready when it is said to be', () => {
  const { registry, tell } = setUp()
  tell('start')
  registry.markReady(record.id, 'c')
  expect(registry.containerOf(record.id)).toMatchObject({ running: true, ready: true })
})

it('does not take one that has ended meanwhile for running when it is said to be ready', () => {
  const { registry, tell } = setUp()
  tell('start')
  tell('die')
  registry.markReady(record.id, 'c')
  expect(registry.containerOf(record.id)).toMatchObject({ running: false, ready: false })
})
