import { beforeEach, expect, it } from 'vitest'
import { BerthError } from '../../../shared/errors'
import { createTurns } from '../../engine/turns'
import { createEngineSync } from './engine-sync'

const refused = () =>
  Promise.reject(
    new BerthError('ENGINE_REFUSED', 'The engine refused.', { engineStatus: 500, reason: 'it is full', next: 'Free some space.' }),
  )

const done: string[] = []
function openSync(removals: (() => Promise<void>)[]) {
  const note = (what: string, work: () => Promise<void>) => () => {
    done.push(what)
    return work()
  }
  const nothing = async () => undefined
  const sync = createEngineSync({
    place: 'local',
    engine: { assertConnected: () => undefined, containers: { list: async () => [] } } as never,
    installationId: 'mine',
    storage: {
      attachPool: note('pool', refused),
      sweep: note('sweep', nothing),
      removeLeftHelpers: note('helpers', () => removals.shift()?.() ?? nothing()),
    },
    registry: { replaceContainers: nothing, applyEvent: () => undefined } as never,
    foreignWorkspaces: { replaceContainers: nothing, applyEvent: () => undefined } as never,
    now: () => new Date(),
    operations: { resume: note('operations', nothing) },
    looks: createTurns(1),
    ...{ onEngineState: () => undefined, onOwnContainers: () => undefined, onRemoval: () => undefined, onListed: () => undefined },
  })
  sync.onState({ status: 'connected' } as never)
  return sync
}

beforeEach(() => {
  done.length = 0
})

it('removes helpers that were left before operations are taken up, also where the pool cannot be had', async () => {
  await openSync([]).ready()
  expect(done).toEqual(['helpers', 'pool', 'operations'])
})

it('tries again where the engine refuses to', async () => {
  await openSync([refused]).ready()
  expect(done).toEqual(['helpers', 'helpers', 'pool', 'operations'])
})
