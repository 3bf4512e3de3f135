import { type Content, EMPTY } from './content'

/** Berth's pool as the engine's machine has it: subvolumes by name. */
export interface SimulatedPool {
  exists: boolean
  sizeBytes: number
  subvolumes: Map<string, Content>
  /** By the first of the volumes that have the limit together. */
  limits: Map<string, number>
}

export function createSimulatedPool(): SimulatedPool {
  return { exists: false, sizeBytes: 0, subvolumes: new Map(), limits: new Map() }
}

/** Whether the pool's file is in it. */
export function isPoolVolume(name: string): boolean {
  return name.startsWith('berth-pool-')
}

/** With the volume that has its file goes all that is on it. */
export function emptyPool(pool: SimulatedPool): void {
  pool.exists = false
  pool.sizeBytes = 0
  pool.subvolumes.clear()
  pool.limits.clear()
}

/** Which subvolume an engine's volume with these options mounts; null for one that is no subvolume. */
export function subvolumeOf(options: Record<string, string>): string | null {
  return options.type === 'btrfs' ? (options.o?.split('subvol=volumes/')[1] ?? null) : null
}

/** One request to `volume-pool` (resources/workspace-image), and its answer by the line. */
export function askPool(pool: SimulatedPool, line: string, isFull: boolean): string[] {
  const [request = '', ...args] = line.split(' ')
  const [first = '', ...rest] = args
  const missing = args.find((name) => !pool.subvolumes.has(name))
  const full = ['failed no-space No space left on device']
  switch (request) {
    case 'probe':
    case 'attach':
    case 'detach':
    case 'sync':
      return ['ok']
    case 'exists':
      return [`= ${pool.exists ? 'yes' : 'no'}`, 'ok']
    case 'room':
      return [`= ${isFull ? 0 : 1e12}`, 'ok']
    case 'format':
      if (isFull) return full
      pool.exists = true
      pool.sizeBytes = Number(first)
      return ['ok']
    case 'grow':
      pool.sizeBytes = Math.max(pool.sizeBytes, Number(first))
      return ['ok']
    case 'info':
      return [`= ${pool.sizeBytes} 1000 ${isFull ? 0 : 1e12} 1000`, 'ok']
    case 'list':
      return [...[...pool.subvolumes.keys()].map((name) => `= ${name}`), 'ok']
    case 'create':
      if (isFull) return full
      if (pool.subvolumes.has(first)) return ['ok']
      pool.subvolumes.set(first, EMPTY)
      return ['= made', 'ok']
    case 'delete':
      pool.subvolumes.delete(first)
      pool.limits.delete(first)
      return ['ok']
    case 'snapshot':
      if (isFull) return full
      for (let index = 0; index < args.length; index += 2) {
        const [from = '', to = ''] = args.slice(index)
        const content = pool.subvolumes.get(from)
        if (content === undefined) return [`failed error cannot find ${from}`]
        pool.subvolumes.set(to, content)
      }
      return ['ok']
    case 'measure':
      return [...args.filter((name) => pool.subvolumes.has(name)).map((name) => `= ${name} 1000 1000`), 'ok']
    case 'limit':
      if (rest.some((name) => !pool.subvolumes.has(name))) return [`failed error cannot find ${missing}`]
      if (first === 'none') pool.limits.delete(rest[0] ?? '')
      else pool.limits.set(rest[0] ?? '', Number(first))
      return ['ok']
    default:
      return [`failed error there is no request ${request}`]
  }
}
