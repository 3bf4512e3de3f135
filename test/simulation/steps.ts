import { createRandom, type Random } from './world/random'

/** What people do with Berth. */
export const PEOPLE = [
  ...['create', 'create-from-template', 'start', 'start-again', 'recreate', 'stop', 'restart', 'delete', 'rename', 'cancel', 'decide'],
  ...['clone', 'snapshot', 'restore', 'restore-as', 'snapshot-delete', 'template'],
  ...['devcontainer-up', 'devcontainer-stop'],
  ...['relocate', 'clone-away'],
  ...['limit', 'label', 'update', 'ports-add', 'ports-remove', 'group', 'settings', 'adopt', 'clean-up', 'pool', 'move', 'rebuild', 'work'],
] as const
/** What people do with host workspaces. */
export const HOSTS = [
  'host-create',
  'host-clone',
  'host-start',
  'host-stop',
  'host-restart',
  'host-rename',
  'host-delete',
  'host-work',
] as const
/** What other tools do on the engine. */
export const OTHERS = [
  ...['outside-stop', 'outside-start', 'outside-rename', 'foreign-container', 'foreign-volume', 'foreign-workspace'],
  ...['container-rm', 'volume-rm', 'container-prune', 'volume-prune', 'image-prune', 'network-prune', 'system-prune', 'remove-all'],
] as const
/** What goes wrong. What lasts ends by itself. */
export const FAULTS = [
  ...['crash', 'upgrade', 'engine-lost', 'engine-full', 'home-full', 'trouble', 'clock'],
  ...['engine-away', 'engine-killed'],
] as const

export type PeopleKind = (typeof PEOPLE)[number]
export type OthersKind = (typeof OTHERS)[number]
export type FaultKind = (typeof FAULTS)[number]
export type HostKind = (typeof HOSTS)[number]
export type StepKind = PeopleKind | HostKind | OthersKind | FaultKind

/**
 * One thing that somebody does, `afterMs` after the thing before. What exactly is chosen by `by` when it happens, among what there
 * is then: numbers from 0 to 1.
 */
export interface Step {
  afterMs: number
  do: StepKind
  by: readonly [number, number, number, number]
  /** Whom it is done to: a workspace it fits and that is idle, any that it fits, or whichever of the names, there or not. */
  aim: 'idle' | 'any' | 'blind'
  /** Which engine it is about, where there are several; a number from 0 to 1. */
  engine?: number
  /** Asks again and again while another operation is in the way. */
  isPatient?: boolean
}

/** How often each comes, among those that the seed has at all. */
const WEIGHTS: Record<Exclude<StepKind, HostKind>, number> = {
  // By a stream of chance of their own: `withDevcontainers`.
  ...{ 'devcontainer-up': 0, 'devcontainer-stop': 0 },
  // And these: `withSecondEngine`.
  ...{ 'engine-away': 0, 'engine-killed': 0, relocate: 0, 'clone-away': 0 },
  ...{ create: 8, 'create-from-template': 3, start: 8, 'start-again': 2, recreate: 3, stop: 8, restart: 4, delete: 4, rename: 4 },
  ...{ cancel: 6, decide: 2, clone: 8, snapshot: 8, restore: 8, 'restore-as': 3, 'snapshot-delete': 2, template: 3 },
  ...{
    limit: 5,
    label: 2,
    update: 3,
    'ports-add': 2,
    'ports-remove': 1,
    group: 2,
    settings: 2,
    adopt: 6,
    'clean-up': 2,
    pool: 4,
    move: 5,
    rebuild: 5,
  },
  ...{ work: 14, 'outside-stop': 3, 'outside-start': 3, 'outside-rename': 2, 'foreign-container': 2, 'foreign-volume': 2 },
  ...{ 'foreign-workspace': 3, 'container-rm': 3, 'volume-rm': 2, 'container-prune': 1, 'volume-prune': 1, 'image-prune': 1 },
  ...{
    'network-prune': 1,
    'system-prune': 1,
    'remove-all': 1,
    crash: 8,
    upgrade: 4,
    'engine-lost': 8,
    'engine-full': 2,
    'home-full': 2,
    trouble: 7,
    clock: 1,
  },
}

/** What is done where there is nothing that a step could be done to, so that the next of its kind finds something. */
export const INSTEAD: Partial<Record<StepKind, StepKind>> = {
  ...{
    start: 'stop',
    'start-again': 'start',
    recreate: 'container-rm',
    stop: 'start',
    restart: 'start',
    delete: 'create',
    rename: 'create',
  },
  ...{ clone: 'create', snapshot: 'create', restore: 'snapshot', 'restore-as': 'snapshot', 'snapshot-delete': 'snapshot', work: 'create' },
  ...{ template: 'stop', 'create-from-template': 'template', create: 'delete', limit: 'create', label: 'create', update: 'create' },
  ...{ 'ports-add': 'start', 'ports-remove': 'ports-add', group: 'clone', adopt: 'foreign-workspace', move: 'pool', rebuild: 'create' },
  ...{ relocate: 'create', 'clone-away': 'create' },
  ...{ 'outside-start': 'outside-stop', 'outside-rename': 'create', 'container-rm': 'create', 'volume-rm': 'container-rm' },
}

/** What comes together or not at all: many seeds are without faults of some kind, so that each kind is seen alone too. */
const GROUPS: readonly { chance: number; kinds: readonly StepKind[] }[] = [
  { chance: 0.4, kinds: ['crash', 'upgrade'] },
  { chance: 0.4, kinds: ['engine-lost', 'trouble'] },
  { chance: 0.2, kinds: ['engine-full', 'home-full'] },
  { chance: 0.3, kinds: ['outside-stop', 'outside-start', 'outside-rename', 'foreign-container', 'foreign-volume'] },
  {
    chance: 0.25,
    kinds: [
      ...(['container-rm', 'volume-rm', 'container-prune', 'volume-prune', 'image-prune', 'network-prune', 'system-prune'] as const),
      ...(['remove-all', 'recreate'] as const),
    ],
  },
  { chance: 0.3, kinds: ['foreign-workspace', 'adopt'] },
  { chance: 0.3, kinds: ['pool', 'move'] },
  { chance: 0.3, kinds: ['template', 'create-from-template'] },
]

/** What seldom meets by chance, and has most to do with each other: some seeds have nothing else. */
const THEMES: readonly Partial<Record<StepKind, number>>[] = [
  // Others remove what is on the pool, and Berth begins anew.
  {
    ...{ create: 8, work: 8, pool: 8, move: 6, snapshot: 3, stop: 4, start: 4 },
    ...{ 'remove-all': 6, 'volume-rm': 4, 'container-rm': 2, recreate: 4, crash: 10 },
  },
  // Copies of copies.
  {
    ...{ create: 8, work: 8, clone: 8, snapshot: 8, restore: 12, 'restore-as': 4, 'snapshot-delete': 4, rename: 3, delete: 4 },
    ...{ cancel: 3, crash: 4 },
  },
  // Limits, and what others start and stop, while the engine comes and goes.
  {
    create: 8,
    work: 4,
    start: 6,
    stop: 6,
    limit: 12,
    update: 6,
    trouble: 8,
    'engine-lost': 8,
    crash: 6,
    'outside-stop': 6,
    'outside-start': 6,
  },
  // Two people with the same few workspaces at the same time: what the second one read may be of before the first.
  {
    ...{ create: 6, work: 6, rename: 10, start: 6, stop: 6, restart: 4, 'start-again': 6, limit: 4, update: 6 },
    ...{ delete: 4, clone: 4, snapshot: 4, restore: 6, cancel: 3 },
  },
]

/** What the seed has and how often each comes, and how often two things are done at the same time. */
function weightsOf(random: Random): { kinds: (readonly [number, StepKind])[]; pairs: number } {
  const all = [...PEOPLE, ...OTHERS, ...FAULTS]
  if (random.chance(0.2)) {
    const theme = random.pick(THEMES)
    return { kinds: all.map((kind) => [theme[kind] ?? 0, kind]), pairs: random.pick([0.15, 0.6]) }
  }
  const left = new Set(GROUPS.flatMap(({ chance, kinds }) => (random.chance(chance) ? [] : kinds)))
  return { kinds: all.filter((kind) => !left.has(kind)).map((kind) => [WEIGHTS[kind], kind]), pairs: 0.15 }
}

/** What the seed makes people and the world do. */
export function stepsOf(seed: number): Step[] {
  const random = createRandom(seed ^ 0x5eed)
  const { kinds, pairs } = weightsOf(random)
  const first: Step = { afterMs: 200, do: 'create', by: chances(random), aim: 'idle' }
  const rest = Array.from({ length: 10 + random.below(30) }, (): Step[] => {
    const afterMs = random.chance(0.4) ? random.next() * 60 : random.next() * 3000
    const aim = random.weighted([
      [7, 'idle'],
      [2, 'any'],
      [1, 'blind'],
    ] as const)
    const step: Step = { afterMs, do: random.weighted(kinds), by: chances(random), aim }
    if (!random.chance(pairs)) return [step]
    // Another does something with the same workspace at the same time, perhaps the same; or as soon as it can be done.
    const [, ...by] = chances(random)
    const isSame = random.chance(0.4)
    const other = isSame ? step.do : random.weighted(kinds)
    const isPatient = random.chance(0.5)
    return [
      step,
      { afterMs: random.next() * 40, do: other, by: isSame && random.chance(0.5) ? step.by : [step.by[0], ...by], aim: 'any', isPatient },
    ]
  })
  return withSecondEngine(seed, withDevcontainers(seed, withHosts(seed, [first, ...rest.flat()])))
}

/** Every fourth seed has host workspaces, too, by a stream of chance of its own: the rest of it stays as it is. */
function withHosts(seed: number, steps: Step[]): Step[] {
  const random = createRandom(seed ^ 0x4057)
  if (!random.chance(0.25)) return steps
  const kinds = [
    ...([
      [6, 'host-create'],
      [6, 'host-clone'],
      [3, 'host-start'],
      [3, 'host-stop'],
    ] as const),
    ...([
      [2, 'host-restart'],
      [2, 'host-rename'],
      [4, 'host-delete'],
      [6, 'host-work'],
    ] as const),
  ]
  const host = (kind: HostKind): Step => ({
    afterMs: random.next() * 400,
    do: kind,
    by: chances(random),
    aim: random.chance(0.7) ? 'idle' : 'any',
  })
  // An older Berth knows nothing of them.
  const mixed = steps
    .filter((step) => step.do !== 'upgrade')
    .flatMap((step) => (random.chance(0.6) ? [host(random.weighted(kinds)), step] : [step]))
  return [host('host-create'), ...mixed]
}

/** Every fifth seed opens dev containers, and has repositories for them. */
function withDevcontainers(seed: number, steps: Step[]): Step[] {
  const random = createRandom(seed ^ 0xdec0)
  if (!random.chance(0.2)) return steps
  // The last chance of a creation is whether it clones.
  const cloning = steps.map((step): Step => (step.do === 'create' ? { ...step, by: [step.by[0], step.by[1], step.by[2], 0.1] } : step))
  const asked = (): Step => {
    const kind = random.chance(0.75) ? 'devcontainer-up' : 'devcontainer-stop'
    return {
      afterMs: random.next() * 1500,
      do: kind,
      by: chances(random),
      aim: random.chance(0.7) ? 'idle' : 'any',
      isPatient: random.chance(0.3),
    }
  }
  return cloning.flatMap((step) => (random.chance(0.35) ? [step, asked()] : [step]))
}

/** Every third seed has a second engine, by a stream of chance of its own. */
export function hasSecondEngine(seed: number): boolean {
  return createRandom(seed ^ 0x2e61).chance(1 / 3)
}

/** A move takes longer to simulate than all else: such seeds have less of that. */
const KEPT_BESIDE_MOVES = 0.5

/** There each step may be about either engine. In most seeds one of them is away or killed now and then, and workspaces move or are cloned to the other. */
function withSecondEngine(seed: number, steps: Step[]): Step[] {
  if (!hasSecondEngine(seed)) return steps
  const random = createRandom(seed ^ 0xfa12)
  const goesAway = random.chance(0.6)
  const isKilled = random.chance(0.2)
  const hasForeign = random.chance(0.3)
  const moves = random.pick([0, 0.15, 0.3])
  const made = (kind: StepKind, afterMs: number): Step => ({ afterMs, do: kind, by: chances(random), aim: 'idle' })
  /** Sometimes with something in it to lose, and something that comes in the middle. */
  const move = (): Step[] => {
    const before = random.weighted([
      [5, []],
      [2, [made('work', random.next() * 500)]],
      [2, [made('snapshot', random.next() * 500)]],
      // From one kind of storage to another.
      [1, [made('pool', random.next() * 500), made('create', random.next() * 3000)]],
    ] as const)
    const step: Step = { ...made(random.chance(0.7) ? 'relocate' : 'clone-away', random.next() * 3000), isPatient: random.chance(0.5) }
    const meanwhile = random.weighted([
      [6, null],
      [3, 'cancel'],
      [3, 'crash'],
      [2, 'engine-lost'],
      [3, 'work'],
      ...(goesAway ? ([[2, 'engine-away']] as const) : []),
      ...(isKilled ? ([[2, 'engine-killed']] as const) : []),
    ] as const)
    return [...before, step, ...(meanwhile === null ? [] : [made(meanwhile, random.next() * 5000)])]
  }
  const extra = (): Step[] => {
    if (random.chance(moves)) return move()
    if (goesAway && random.chance(0.1)) return [made('engine-away', random.next() * 1500)]
    if (isKilled && random.chance(0.05)) return [made('engine-killed', random.next() * 1500)]
    if (hasForeign && random.chance(0.15))
      return [made('foreign-workspace', random.next() * 500), made('adopt', 100 + random.next() * 4000)]
    return random.chance(0.1) ? [made('create', random.next() * 1500)] : []
  }
  // An older Berth knows one engine.
  return steps
    .filter((step, index) => step.do !== 'upgrade' && (index === 0 || moves === 0 || random.chance(KEPT_BESIDE_MOVES)))
    .flatMap((step) => [step, ...extra()])
    .map((step) => ({ ...step, engine: random.next() }))
}

function chances(random: Random): Step['by'] {
  return [random.next(), random.next(), random.next(), random.next()]
}
