import { Mutex } from 'async-mutex'
import { BerthError, isBerthError } from '../../../shared/errors'
import type { Helper } from '../../engine/helpers'
import { linesOf } from '../../engine/lines-of'
import { log } from '../../log'
import { helperLabels, type StorageContext } from './storage-context'

/** Of the image: takes requests by the line and answers each. */
const PROGRAM = '/usr/local/lib/berth/volume-pool'

/** Mounts (SYS_ADMIN), finds the nodes of new loop devices (MKNOD), reads what is another's (DAC_OVERRIDE, for `rmdir` in a snapshot), snapshots what is another's (FOWNER). */
const CAPABILITIES = ['SYS_ADMIN', 'MKNOD', 'DAC_OVERRIDE', 'FOWNER']

/** Loop devices, their control, and btrfs' own. */
const DEVICE_RULES = ['b 7:* rwm', 'c 10:237 rwm', 'c 10:234 rwm']

/** The manager is kept this long after its last work, so that the next finds it running. */
const IDLE_MS = 20_000

/** What is asked of the pool's file, or of the engine. All else is asked of the mounted pool. */
const WITHOUT_MOUNT: ReadonlySet<PoolRequest> = new Set(['probe', 'exists', 'room', 'format', 'attach', 'detach'])

/**
 * Milliseconds that the helper may take to answer. The kernel can block it forever (a lost loop device, a disk that does not answer), and
 * all work on the pool waits its turn: then it is abandoned, and the next request gets another helper.
 */
const QUICK_MS = 60_000
const LONG_MS = 30 * 60_000
/** Those that take as long as there is data. */
const LONG_REQUESTS: ReadonlySet<PoolRequest> = new Set(['format', 'grow', 'sync', 'delete', 'measure', 'snapshot'])
/** To end once its input has. */
const END_MS = 15_000

export type PoolRequest =
  | 'probe'
  | 'exists'
  | 'room'
  | 'format'
  | 'attach'
  | 'detach'
  | 'info'
  | 'grow'
  | 'list'
  | 'create'
  | 'sync'
  | 'snapshot'
  | 'delete'
  | 'measure'
  | 'limit'

export interface PoolManager {
  /**
   * Asks the helper that has the pool mounted, starting it if it does not run. Returns the lines of its answer. Throws DISK_FULL,
   * ENGINE_REFUSED with the reason in words.
   */
  ask(request: PoolRequest, ...args: string[]): Promise<string[]>
  /** Ends the helper when it has answered; the pool stays attached. */
  close(): Promise<void>
}

interface Running {
  helper: Helper
  lines: AsyncIterator<string>
  /** The mount is the helper's own, and goes with it. */
  isMounted: boolean
}

export function createPoolManager(context: StorageContext, poolVolume: string): PoolManager {
  const oneAtATime = new Mutex()
  let running: Running | null = null
  let idle: NodeJS.Timeout | null = null

  async function start(): Promise<Running> {
    const helper = await context.engine.helpers.start({
      image: await context.helperImage(),
      labels: helperLabels(context),
      command: [PROGRAM, context.installationId],
      capabilities: CAPABILITIES,
      volumes: [{ name: poolVolume, path: '/pool', readOnly: false }],
      devices: { rules: DEVICE_RULES },
    })
    helper.stderr.resume()
    return { helper, lines: linesOf(helper.stdout), isMounted: false }
  }

  async function stop(): Promise<void> {
    const stopping = running
    running = null
    if (!stopping) return
    stopping.helper.stdin.end()
    await within(END_MS, 'end', stopping.helper, stopping.helper.exitCode())
  }

  function scheduleStop(): void {
    if (idle) clearTimeout(idle)
    idle = setTimeout(() => {
      oneAtATime.runExclusive(stop).catch((error: unknown) => {
        log.warn({ err: error }, 'the helper of the storage pool could not be stopped')
      })
    }, IDLE_MS)
    idle.unref()
  }

  async function converse({ helper, lines }: Running, request: PoolRequest, args: string[]): Promise<string[]> {
    helper.stdin.write(`${[request, ...args].join(' ')}\n`)
    const answer: string[] = []
    for (;;) {
      const line = await lines.next()
      if (line.done) throw refused(`the helper container ended with ${await helper.exitCode()}`)
      if (line.value === 'ok') return answer
      if (line.value.startsWith('= ')) answer.push(line.value.slice(2))
      else if (line.value.startsWith('failed no-space ')) throw poolFull()
      else if (line.value.startsWith('failed error ')) throw refused(line.value.slice('failed error '.length))
    }
  }

  async function askWithin(asked: Running, request: PoolRequest, args: string[]): Promise<string[]> {
    const milliseconds = LONG_REQUESTS.has(request) ? LONG_MS : QUICK_MS
    try {
      return await within(milliseconds, request, asked.helper, converse(asked, request, args))
    } catch (error) {
      // What it is still at would be taken for the answer to the next request.
      if (isBerthError(error, 'TIMED_OUT') && running === asked) running = null
      throw error
    }
  }

  return {
    ask: (request, ...args) =>
      oneAtATime.runExclusive(async () => {
        running = running && isAlive(running) ? running : await start()
        try {
          if (!running.isMounted && !WITHOUT_MOUNT.has(request)) {
            await askWithin(running, 'attach', [])
            running.isMounted = true
          }
          const answer = await askWithin(running, request, args)
          if (request === 'attach') running.isMounted = true
          if (request === 'detach') running.isMounted = false
          return answer
        } finally {
          scheduleStop()
        }
      }),
    close: () =>
      oneAtATime.runExclusive(async () => {
        if (idle) clearTimeout(idle)
        await stop()
      }),
  }
}

/** Gives the helper up when it takes longer: it is removed, whenever the engine manages that. Throws TIMED_OUT. */
async function within<Value>(milliseconds: number, request: string, helper: Helper, work: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(stuck(request, milliseconds))
    helper.kill().catch((error: unknown) => {
      log.warn({ err: error }, 'a stuck helper of the storage pool could not be stopped')
    })
  }, milliseconds)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function stuck(request: string, milliseconds: number): BerthError<'TIMED_OUT'> {
  const what = `“${request}” of the storage pool`
  const seconds = Math.round(milliseconds / 1000)
  return new BerthError('TIMED_OUT', `The storage pool did not answer within ${seconds} s (${request}).`, {
    what,
    seconds,
    next: 'Check the disk of the engine’s machine. The next attempt restarts the pool’s helper.',
  })
}

/** It ends with the connection, or when the engine is stopped. */
function isAlive({ helper }: Running): boolean {
  return helper.stdin.writable && !helper.stdout.readableEnded && !helper.stdout.destroyed
}

/** For what finds no room on the pool. */
export function poolFull(options?: { cause: unknown }): BerthError<'DISK_FULL'> {
  return new BerthError(
    'DISK_FULL',
    'The storage pool is full, or the workspace has reached its limit.',
    { where: 'the storage pool', next: 'Delete snapshots or workspaces, or enlarge the pool.' },
    options,
  )
}

function refused(reason: string): BerthError<'ENGINE_REFUSED'> {
  return new BerthError('ENGINE_REFUSED', `The storage pool failed: ${reason}.`, {
    engineStatus: 0,
    reason,
    next: 'Try again. If it happens again, reconnect to the engine, which attaches the pool again.',
  })
}
