import { expect, it } from 'vitest'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { layerRepository } from '../base/workspace-resources'
import { startSteps } from './start-steps'

const record = workspaceRecord()

/** Takes the step of the replacement back, on an engine that has no container of the workspace. */
async function removedByUndo(port: string | null): Promise<string[]> {
  const removed: string[] = []
  const engine = {
    containers: { list: async () => [], inspect: async () => null },
    images: {
      remove: async (reference: string) => removed.push(reference),
      listReferences: async () => [`${layerRepository(record.id)}:kept`],
    },
  }
  const step = startSteps({ engine } as never).find(({ name }) => name === 'replacement')
  await step?.undo?.(record, { operationId: 'op', recall: (key: string) => (key === 'port' ? port : null) } as never)
  return removed
}

it('takes back a start without the layers that were kept before it: they may be all that is left', async () => {
  expect(await removedByUndo(null)).toEqual([])
  expect(await removedByUndo('2230')).toEqual([`${layerRepository(record.id)}:2230`])
})
