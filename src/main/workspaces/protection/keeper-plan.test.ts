import { describe, expect, it } from 'vitest'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { snapshotVolumeNames } from '../base/workspace-resources'
import { planKeepers } from './keeper-plan'

const kept = { reference: 'berth-layer/w1:kept-1', at: '2026-01-02T00:00:00.000Z', run: 'c1' }
const stopped = workspaceRecord({ keptLayer: kept })
const snapshot = (id: string, day: number) => ({
  ...{ id, workspaceId: 'w1', volumes: snapshotVolumeNames(id), createdAt: `2026-01-0${day}T00:00:00.000Z` },
})
const snapshots = [snapshot('s1', 1), snapshot('s2', 2)]
const everything = [stopped, ...snapshots].flatMap(({ volumes: { home, docker } }) => [home, docker])

const plan = (changes: Partial<Parameters<typeof planKeepers>[0]> = {}) =>
  planKeepers({
    installationId: 'berth',
    workspaces: [stopped],
    snapshots,
    isRunning: () => false,
    isChanging: () => false,
    isHeld: () => false,
    volumes: new Set(everything),
    layers: new Set([kept.reference, 'berth-layer/s1:snapshot', 'berth-layer/s2:snapshot']),
    poolVolume: null,
    baseImage: 'sha256:base',
    mostOwn: 40,
    ...changes,
  })
const volumesOf = (keepers: ReturnType<typeof planKeepers>['keepers'], keeps: string) =>
  keepers.find((keeper) => keeper.keeps === keeps)?.volumes

describe('keepers', () => {
  it('hold each layer with its volumes, and one more holds the workspace image', () => {
    const { keepers, unkeptLayers } = plan()
    expect(keepers.map(({ keeps, image }) => `${keeps} ${image}`)).toEqual([
      `w1 ${kept.reference}`,
      's2 berth-layer/s2:snapshot',
      's1 berth-layer/s1:snapshot',
      'berth sha256:base',
    ])
    expect(volumesOf(keepers, 'w1')).toEqual(['workspace-one', 'workspace-one-docker'])
    expect(volumesOf(keepers, 'berth')).toEqual([])
    expect(unkeptLayers).toEqual([])
  })

  it('leave a workspace alone that is running or is being changed, with its snapshots', () => {
    expect(volumesOf(plan({ isRunning: () => true }).keepers, 'w1')).toBeUndefined()
    expect(plan({ isChanging: () => true }).keepers.map(({ keeps }) => keeps)).toEqual(['berth'])
  })

  it('share one for volumes without a layer, and for all that is beyond their number, oldest last', () => {
    const { keepers, unkeptLayers } = plan({
      layers: new Set(['berth-layer/s1:snapshot', 'berth-layer/s2:snapshot']),
      mostOwn: 1,
      poolVolume: 'pool',
    })
    expect(keepers.map(({ keeps }) => keeps)).toEqual(['s2', 'berth'])
    const { home, docker } = snapshotVolumeNames('s1')
    expect(volumesOf(keepers, 'berth')).toEqual([home, docker, 'pool', 'workspace-one', 'workspace-one-docker'].toSorted())
    expect(unkeptLayers).toEqual(['s1'])
  })

  it('that alone hold a layer which has lost its name are not replaced', () => {
    expect(plan({ isHeld: (id) => id === 's1' }).keepers.map(({ keeps }) => keeps)).toEqual(['w1', 's2', 'berth'])
  })

  it('never name what is not there: the engine would create it', () => {
    expect(volumesOf(plan({ volumes: new Set(['workspace-one']) }).keepers, 'w1')).toEqual(['workspace-one'])
    expect(plan({ workspaces: [], snapshots: [] }).keepers).toEqual([])
  })

  it('have another name when anything about them is another', () => {
    const names = (changes: Parameters<typeof plan>[0]) => plan(changes).keepers.map(({ name }) => name)
    expect(names({})).toEqual(names({}))
    expect(names({ volumes: new Set(['workspace-one']) })).not.toEqual(names({}))
    for (const name of names({})) expect(name).toMatch(/^berth-keeper\./)
  })
})
