import { BerthError, isBerthError } from '../../../shared/errors'
import type { StepContext } from '../../operations/operation-definition'
import { engineDisk, engineDiskFull } from '../../storage/archive/archive-volume'
import { sendImage } from '../../storage/between-engines/send-image'
import { createVolumeStream, type VolumeStream } from '../../storage/between-engines/volume-stream'
import { architectureOf } from '../base/architecture'
import type { LifecycleServices } from '../base/lifecycle-services'
import { endHelpers, volumeTarContext } from '../base/volume-tar'
import type { VolumeNames } from '../base/workspace-resources'

type Control = Pick<StepContext<never>, 'signal' | 'progress' | 'detail'>

/** The same services in another place. Throws PLACE_UNKNOWN. */
export function servicesIn(services: LifecycleServices, place: string): LifecycleServices {
  return place === services.id ? services : { ...services, ...services.places.of({ place }) }
}

/** How often a copy goes on after an engine was lost and is back. */
const MOST_TRIES = 5
const ROLES = ['home', 'docker'] as const
/** As for copies on one engine. */
const OVERHEAD = 1.05

/** What is sent from one engine to another, through this process. */
export interface EngineTransfer {
  /** Both answer, and Berth's own image is on the one that it goes to: it comes from the other where it is not. */
  prepare(control: Control): Promise<void>
  /** Throws DISK_FULL when the other engine's disk has not so much room as these volumes take. */
  assertRoom(volumes: readonly { names: VolumeNames; storage: 'plain' | 'btrfs' }[], signal: AbortSignal): Promise<void>
  /** An image that nobody else names. */
  image(reference: string, control: Control): Promise<void>
  /**
   * One pass over both volumes, which exist there. If the source is being written to (not `final`), changes are left to the next pass. If
   * an engine is lost and comes back within 30 seconds, the copy continues where it was.
   */
  volumes(pair: { from: VolumeNames; to: VolumeNames }, options: Control & { final: boolean }): Promise<void>
  /** Ends what a crash may have left running on the volumes, on both engines. */
  endHelpers(): Promise<void>
}

/** `workId` is on the helper containers of both sides. */
export function createEngineTransfer(from: LifecycleServices, to: LifecycleServices, workId: string): EngineTransfer {
  async function openStream(signal: AbortSignal): Promise<VolumeStream> {
    const [source, target] = await Promise.all([volumeTarContext(from, workId, signal), volumeTarContext(to, workId, signal)])
    return createVolumeStream({ ...source, engine: from.engine }, { ...target, engine: to.engine })
  }

  async function untilThere<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await work()
      } catch (error) {
        if (signal.aborted || tries === MOST_TRIES || !isBerthError(error, 'ENGINE_UNREACHABLE')) throw error
        await Promise.all([from.ready(), to.ready()])
      }
    }
  }

  return {
    async prepare({ signal, progress, detail }) {
      await Promise.all([from.ready(), to.ready()])
      const { source } = await to.images.resolve(null)
      if (source === 'local') return
      const { reference } = await from.images.ensure(null, { signal, onProgress: () => undefined })
      detail(`Sending ${reference}`)
      await sendImage(from.engine, to.engine, reference, {
        replace: false,
        signal,
        onProgress: ({ doneBytes, totalBytes }) => progress({ done: doneBytes, total: totalBytes, unit: 'bytes' }),
      })
    },
    async assertRoom(volumes, signal) {
      const measured = await Promise.all(volumes.map(({ names, storage }) => from.storage(storage).measure(Object.values(names), signal)))
      const needed = measured.flatMap((uses) => [...uses.values()]).reduce((sum, { bytes }) => sum + bytes, 0) * OVERHEAD
      const { freeBytes } = await engineDisk(await volumeTarContext(to, workId, signal), signal)
      if (needed > freeBytes) throw engineDiskFull({ neededBytes: needed, availableBytes: freeBytes })
    },
    image: (reference, { signal, progress }) =>
      untilThere(signal, async () => {
        await sendImage(from.engine, to.engine, reference, {
          replace: true,
          signal,
          onProgress: ({ doneBytes, totalBytes }) => progress({ done: doneBytes, total: totalBytes, unit: 'bytes' }),
        })
      }),
    async volumes(pair, { signal, progress, final }) {
      for (const role of ROLES) {
        await untilThere(signal, async () => {
          const stream = await openStream(signal)
          await stream.copy(
            { source: pair.from[role], target: pair.to[role] },
            { final, signal, onProgress: ({ doneBytes, totalBytes }) => progress({ done: doneBytes, total: totalBytes, unit: 'bytes' }) },
          )
        })
      }
    },
    async endHelpers() {
      await endHelpers(from, workId)
      await endHelpers(to, workId)
    },
  }
}

/** A layer of one kind of processor runs on no other. Throws INPUT_INVALID. */
export function assertSameArchitecture(
  to: Pick<LifecycleServices, 'engine' | 'name'>,
  from: Pick<LifecycleServices, 'engine' | 'name'>,
): void {
  const [before, after] = [architectureOf(from), architectureOf(to)]
  if (before === after) return
  const message = `The engine ${from.name} has the architecture ${before}, but ${to.name} has ${after}.`
  throw new BerthError('INPUT_INVALID', message, {
    issues: [{ path: 'engine', message }],
    next: `Choose an engine with ${before}, or create a new workspace there.`,
  })
}
