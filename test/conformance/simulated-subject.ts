import { vi } from 'vitest'
import type { ContainerEvent } from '../../src/main/engine/engine-events'
import { prune } from '../simulation/engine/clean-up'
import { createLine } from '../simulation/engine/connection-model'
import { createEngineState } from '../simulation/engine/engine-state'
import { createSimulatedEngine } from '../simulation/engine/simulated-engine'
import { createWorld, type World } from '../simulation/world/world'
import { shellPrograms } from './simulated-shell'
import { LABEL, nextSubnet, type Subject } from './subject'

const PORTS_TAKEN_BY_OTHERS = new Set<number>()

/** The engine of the simulation. Its time passes as fast as there is something to happen in it. */
export async function openSimulatedSubject(): Promise<Subject> {
  const world = createMovingWorld()
  const state = createEngineState(world, {
    isPortTaken: (port) => PORTS_TAKEN_BY_OTHERS.has(port),
    programs: (_, { files }) => shellPrograms(files),
  })
  const prefix = 'conf-simulated'
  const label = `${LABEL}=${prefix}`
  const events: ContainerEvent[] = []
  const line = createLine(world)
  const engine = createSimulatedEngine(world, state, line, label)
  engine.start({ onState: () => undefined, onContainerEvent: (event) => events.push(event) })
  await vi.waitFor(() => engine.assertConnected(), 10_000)
  const image = `${prefix}/image:1`
  state.addImage({ reference: image, content: state.newContent(), environment: { KEPT: 'yes' }, labels: { kept: 'yes' } })
  return {
    ...{ engine, events, image, label, prefix },
    labels: { [LABEL]: prefix },
    now: () => world.clock(),
    subnet: nextSubnet,
    own: {
      prune: async (what) => void prune(state, what),
      async kill() {
        line.setUp(false)
        state.crash()
        line.setUp(true)
        await vi.waitFor(() => engine.assertConnected(), 10_000)
      },
    },
    close: async () => engine.close(),
  }
}

/** A world that moves whenever something is to happen in it. What a case does with what it was just told comes before that. */
function createMovingWorld(): World {
  const world = createWorld(1)
  let isMoving = false
  let begun = 0
  async function move(): Promise<void> {
    isMoving = true
    let known: number
    do {
      known = begun
      await world.run(() => false, Number.POSITIVE_INFINITY)
      // Something may have begun after it found nothing left.
    } while (known !== begun)
    isMoving = false
  }
  const moving: World = {
    ...world,
    after(milliseconds, run, owner) {
      const cancel = world.after(milliseconds, run, owner)
      begun += 1
      if (!isMoving) void move()
      return cancel
    },
    pause: (fromMs, toMs) => new Promise((resolve) => void moving.after(fromMs + world.random.next() * (toMs - fromMs), resolve)),
  }
  return moving
}
