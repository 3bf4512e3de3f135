import type { EngineState, EngineView, FoundEngine } from '../../shared/contract/engines'
import { BerthError } from '../../shared/errors'
import type { Workspace } from '../../shared/workspace'
import { ENGINE } from './fake-records'

/** An address at which no engine answers. */
export const DEAD_ADDRESS = 'ssh://me@nowhere'

const AWAY: EngineState = { status: 'unreachable', tried: [{ endpoint: DEAD_ADDRESS, reason: 'connection refused' }], retryAt: null }

interface Given {
  address?: string | undefined
  context?: string | undefined
  tlsFolder?: string | undefined
}

/** The engines of a fake Berth, which are only records: the local one at first. */
export function createFakeEngines(workspaces: ReadonlyMap<string, Workspace>, calls: string[]) {
  const used: EngineView[] = [{ id: 'id-of-local', name: 'local', address: null, isDefault: true, state: ENGINE }]
  const found: FoundEngine[] = []

  function find(reference = used.find(({ isDefault }) => isDefault)?.name ?? 'local'): EngineView {
    const engine = used.find(({ id, name }) => name === reference || id === reference)
    if (engine) return engine
    throw new BerthError('ENGINE_UNKNOWN', `There is no engine named “${reference}” in Berth.`, {
      engine: reference,
      next: 'See the list.',
    })
  }
  const stateAt = ({ address = 'unix:///var/run/docker.sock' }: Given): EngineState =>
    address === DEAD_ADDRESS ? AWAY : { ...ENGINE, endpoint: address }

  return {
    used,
    found,
    find,
    /** Notes which engine a call was for, if it said. */
    asked(what: string, reference: string | undefined): void {
      const { name } = find(reference)
      if (reference !== undefined) calls.push(`${what} on ${name}`)
    },
    add({ name, ...given }: Given & { name: string }): EngineView {
      calls.push(`add engine ${name} ${JSON.stringify(given)}`)
      const state = stateAt(given)
      if (state.status === 'unreachable') {
        const { tried } = state
        throw new BerthError('ENGINE_UNREACHABLE', `The engine ${name} does not answer.`, {
          endpoint: DEAD_ADDRESS,
          tried,
          next: 'Check it.',
        })
      }
      const address = given.address ?? `context ${given.context}`
      const engine = { id: `id-of-${name}`, name, address, isDefault: false, state }
      used.push(engine)
      return engine
    },
    test(given: Given): EngineState {
      calls.push(`test engine ${JSON.stringify(given)}`)
      return stateAt(given)
    },
    use(reference: string): EngineView {
      const chosen = find(reference)
      calls.push(`use engine ${chosen.name}`)
      for (const engine of used) engine.isDefault = engine === chosen
      return chosen
    },
    remove(reference: string): void {
      const engine = find(reference)
      const here = [...workspaces.values()].filter((workspace) => workspace.engine === engine.name).map(({ name }) => name)
      if (here.length > 0) {
        throw new BerthError('ENGINE_IN_USE', `${engine.name} cannot be removed. Workspaces are on it (${here.join(', ')}).`, {
          ...{ engine: engine.name, workspaces: here },
          next: 'Delete them first.',
        })
      }
      calls.push(`remove engine ${engine.name}`)
      used.splice(used.indexOf(engine), 1)
    },
    reconnect(reference: string): EngineView {
      const engine = find(reference)
      calls.push(`reconnect ${engine.name}`)
      return engine
    },
  }
}
