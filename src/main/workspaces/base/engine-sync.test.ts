import { beforeEach, expect, it } from 'vitest'
import { BerthError } from '../../../shared/errors'
import { createTurns } from '../../engine/turns'
import { createEngineSync } from './engine-sync'

const refused = () =>
  Promise.reject(
    new BerthError('ENGINE_REFUSED', 'The engine refused.', { engineStatus: 500, reason: 'it is full', next: 'Free some space.' }),
  )

const done: string[] = []
const prepared = new Set<string>()
/** Places of the operations that wait. */
let left: string[][] = []
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
    looks: createTurns(1),
    operations: {
      async resume(isMeant) {
        done.push('operations', ...left.filter((places) => isMeant?.('workspace.relocate', places)).map((places) => places.join('+')))
      },
    },
    isPrepared: (place) => prepared.has(place),
    ...{ onEngineState: () => undefined, onOwnContainers: () => undefined, onRemoval: () => undefined, onListed: () => undefined },
  })
  sync.onState({ status: 'connected' } as never)
  return sync
}

beforeEach(() => {
  done.length = 0
  prepared.clear()
  left = []
})

it('removes leftover helpers before operations are resumed, even if the pool is unavailable', async () => {
  await openSync([]).ready()
  expect(done).toEqual(['helpers', 'pool', 'operations'])
})

it('tries again where the engine refuses to', async () => {
  await openSync([refused]).ready()
  expect(done).toEqual(['helpers', 'helpers', 'pool', 'operations'])
})

it('takes up what is in two places when the second of them is prepared', async () => {
  left = [['local', 'far'], ['far', 'local'], ['local'], ['far']]
  const sync = openSync([])
  await sync.ready()
  expect(sync.isPrepared()).toBe(true)
  expect(done).toEqual(['helpers', 'pool', 'operations', 'local'])
  prepared.add('far')
  done.length = 0
  sync.onState({ status: 'connected' } as never)
  expect(sync.isPrepared()).toBe(false)
  await sync.ready()
  expect(done).toEqual(['helpers', 'pool', 'operations', 'local+far', 'far+local', 'local'])
})
