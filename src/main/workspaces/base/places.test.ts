import { describe, expect, it } from 'vitest'
import type { Machine } from '../../engine/machine'
import { firstVersion } from '../../operations/first-version'
import type { OperationDefinition, StepContext } from '../../operations/operation-definition'
import type { LifecycleServices, WorkspaceServices } from './lifecycle-services'
import { placedDefinition } from './placed-definition'
import { createPlaces, type NodeChooser, type Place } from './places'
import { type WorkspaceInput, workspaceInputSchema } from './workspace-input'

const place = (id: string) => ({ id, engine: { name: `engine of ${id}` } }) as unknown as Place

const local = place('local')

const host = { name: 'this machine' } as unknown as Machine

/** One, which has chosen a node. */
const swarms: NodeChooser = {
  find: (reference) =>
    reference === 'team'
      ? { id: 's1', withNode: (_, work) => work({ place: place('node'), placement: { swarm: 's1', constraints: [] } }) }
      : null,
}

describe('the places', () => {
  it('give each workspace the engine that its record names', () => {
    const places = createPlaces({ list: () => [local], forNew: () => 'local', swarms, host })
    expect(places.engineOf({ place: 'local' })).toBe(local.engine)
    expect(places.machineOf({ place: 'host' })).toBe(host)
    expect(places.machineOf({ place: 'local' })).toBe(local.engine)
    expect(() => places.of({ place: 'moon' })).toThrow(expect.objectContaining({ code: 'PLACE_UNKNOWN' }))
  })

  it('are chosen by the user, or by a Swarm', async () => {
    const places = createPlaces({ list: () => [local], forNew: () => 'local', swarms, host })
    const wish = { id: 'w1', name: 'demo', limits: { memoryBytes: null, cpus: null } }
    const chosen = (engine?: string, constraints?: string[]) =>
      places.choose({ ...wish, engine, constraints }, async ({ place: { id }, placement }) => [id, placement?.swarm])
    expect(await chosen()).toEqual(['local', undefined])
    expect(await chosen('team', ['node.role==worker'])).toEqual(['node', 's1'])
    await expect(chosen('local', ['node.role==worker'])).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(chosen('moon')).rejects.toMatchObject({ code: 'ENGINE_UNKNOWN' })
    expect(places.isAt({ place: 'node', placement: { swarm: 's1', constraints: [] } }, 'team')).toBe(true)
    expect(places.isAt({ place: 'local' }, 'team')).toBe(false)
  })
})

describe('a placed definition', () => {
  const trace: string[] = []
  const define = ({ id }: LifecycleServices): OperationDefinition<WorkspaceInput> => {
    const step = (name: string) => ({
      name,
      title: name,
      run: async () => void trace.push(`${name} in ${id}`),
      undo: async () => void trace.push(`undo ${name} in ${id}`),
    })
    return {
      kind: 'workspace.stop',
      version: 2,
      input: workspaceInputSchema,
      steps: [step('stop')],
      older: [{ ...firstVersion('workspace.stop'), retired: [step('halt')] }],
      commitStep: null,
      cancellable: false,
    }
  }
  const services = {
    places: createPlaces({ list: () => [local], forNew: () => 'local', swarms, host }),
    at: ({ place: id }: { place: string }) => ({ id }),
  } as unknown as WorkspaceServices

  it('does and undoes each step where the workspace of its input is, retired ones too', async () => {
    const stop = placedDefinition(services, define)
    const input = { id: 'w1', name: 'demo', place: 'far' }
    await stop.steps[0]?.run({ input } as StepContext<WorkspaceInput>)
    await stop.steps[0]?.undo?.(input, {} as StepContext<WorkspaceInput>)
    await stop.older?.[0]?.retired?.[0]?.run({ input: { ...input, place: 'local' } } as StepContext<WorkspaceInput>)
    expect(trace).toEqual(['stop in far', 'undo stop in far', 'halt in local'])
  })
})
