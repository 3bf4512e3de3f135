import { createRandom } from './world/random'

/** Names that have collided with those Berth made itself. */
const NAMES = ['api', 'api-previous', 'api-replacement', 'api-docker', 'web'] as const
const SNAPSHOTS = ['s1', 's2'] as const

/** One thing that somebody does, `afterMs` after the thing before. */
export type Step = { afterMs: number } & (
  | { do: 'create' | 'start' | 'stop' | 'restart' | 'delete' | 'work' | 'cancel'; name: string }
  | { do: 'clone'; name: string; to: string; stop: boolean; start: boolean }
  | { do: 'rename'; name: string; to: string }
  | { do: 'snapshot' | 'restore' | 'snapshot-delete'; name: string; snapshot: string }
  | { do: 'limit'; name: string; field: 'memoryBytes' | 'cpus' | 'processes'; value: number }
  | { do: 'label'; name: string; label: string }
  | { do: 'crash' | 'engine-lost' | 'engine-back' | 'engine-full' | 'engine-free' | 'home-full' | 'home-free' | 'calm' }
  | { do: 'trouble'; lost: number; answerLost: number; refuse: number; slow: number }
  | { do: 'clock'; byMs: number }
  | { do: 'outside-stop' | 'outside-start'; name: string }
  | { do: 'foreign'; name: string; kind: 'container' | 'volume' }
)

/** What the seed makes people and the world do. */
export function stepsOf(seed: number): Step[] {
  const random = createRandom(seed ^ 0x5eed)
  const name = () =>
    random.weighted([
      [5, NAMES[0]],
      [2, NAMES[1]],
      [2, NAMES[2]],
      [1, NAMES[3]],
      [2, NAMES[4]],
    ] as const)
  const snapshot = () => random.pick(SNAPSHOTS)
  const chance = (most: number) => (random.chance(0.5) ? random.next() * most : 0)
  // Many seeds are without faults of some kind, so that each kind is seen alone too.
  const [withCrashes, withEngine, withDisks, withOthers] = [random.chance(0.4), random.chance(0.4), random.chance(0.2), random.chance(0.3)]
  const when = (isOn: boolean, weight: number) => (isOn ? weight : 0)
  const makers: readonly (readonly [number, () => Omit<Step, 'afterMs'>])[] = [
    [10, () => ({ do: 'create', name: name() })],
    [8, () => ({ do: 'start', name: name() })],
    [8, () => ({ do: 'stop', name: name() })],
    [4, () => ({ do: 'restart', name: name() })],
    [4, () => ({ do: 'delete', name: name() })],
    [16, () => ({ do: 'work', name: name() })],
    [6, () => ({ do: 'cancel', name: name() })],
    [8, () => ({ do: 'clone', name: name(), to: name(), stop: random.chance(0.2), start: random.chance(0.7) })],
    [4, () => ({ do: 'rename', name: name(), to: name() })],
    [8, () => ({ do: 'snapshot', name: name(), snapshot: snapshot() })],
    [8, () => ({ do: 'restore', name: name(), snapshot: snapshot() })],
    [2, () => ({ do: 'snapshot-delete', name: name(), snapshot: snapshot() })],
    [
      4,
      () => ({ do: 'limit', name: name(), field: random.pick(['memoryBytes', 'cpus', 'processes'] as const), value: 1 + random.below(3) }),
    ],
    [2, () => ({ do: 'label', name: name(), label: `label ${random.below(9)}` })],
    [when(withCrashes, 5), () => ({ do: 'crash' })],
    [when(withEngine, 4), () => ({ do: 'engine-lost' })],
    [when(withEngine, 5), () => ({ do: 'engine-back' })],
    [when(withEngine, 3), () => ({ do: 'trouble', lost: chance(0.1), answerLost: chance(0.1), refuse: chance(0.1), slow: chance(0.1) })],
    [when(withEngine, 3), () => ({ do: 'calm' })],
    [when(withDisks, 2), () => ({ do: 'engine-full' })],
    [when(withDisks, 3), () => ({ do: 'engine-free' })],
    [when(withDisks, 2), () => ({ do: 'home-full' })],
    [when(withDisks, 3), () => ({ do: 'home-free' })],
    [1, () => ({ do: 'clock', byMs: (random.next() - 0.5) * 7_200_000 })],
    [when(withOthers, 3), () => ({ do: 'outside-stop', name: name() })],
    [when(withOthers, 3), () => ({ do: 'outside-start', name: name() })],
    [when(withOthers, 2), () => ({ do: 'foreign', name: name(), kind: random.pick(['container', 'volume'] as const) })],
  ]
  const first: Step[] = [{ afterMs: 200, do: 'create', name: 'api' }]
  return [
    ...first,
    ...Array.from(
      { length: 10 + random.below(30) },
      () => ({ afterMs: random.chance(0.4) ? random.next() * 60 : random.next() * 3000, ...random.weighted(makers)() }) as Step,
    ),
  ]
}
