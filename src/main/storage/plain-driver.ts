import { isBerthError } from '../../shared/errors'
import { log } from '../log'
import { createMeasurements } from './measurements'
import type { StorageContext } from './storage-context'
import type { StorageDriver, VolumeCopy } from './storage-driver'
import { copyVolumes, measureVolumes } from './volume-copy'
import { assertFree, assertThere, ensureOwn } from './volume-ownership'

/** Volumes are folders of the engine's own. Works on every engine. */
export function createPlainDriver(context: StorageContext): StorageDriver {
  const { volumes } = context.engine
  const measurements = createMeasurements()
  /** Volumes of helper containers that have done their work and are not gone: the engine takes its time, and a copy need not wait for it. */
  const heldUntil = new Map<string, Promise<void>>()
  return {
    name: 'plain',
    async create(name, labels) {
      await ensureOwn(volumes, name, labels, {})
    },
    remove: (name) =>
      measurements.without(name, async () => {
        await heldUntil.get(name)
        await volumes.remove(name)
      }),
    async copy(copies, options) {
      await assertThere(volumes, copies)
      await assertFree(volumes, copies)
      try {
        for (const { to, labels } of copies) await volumes.create(to, labels)
        const { gone } = await copyVolumes(context, copies, { ...options, sync: false })
        for (const name of copies.flatMap(({ from, to }) => [from, to])) hold(name, gone)
      } catch (error) {
        await removeTargets(copies)
        throw error
      }
    },
    async measure(names, signal) {
      return measurements.run(names, signal, async (left, interruptible) => {
        const found = await Promise.all(left.map((name) => volumes.inspect(name)))
        const there = left.filter((_, index) => found[index])
        if (there.length === 0) return new Map()
        const uses = await measureVolumes(context, there, interruptible)
        return new Map(there.flatMap((name, index) => (uses[index] ? [[name, uses[index]] as const] : [])))
      })
    },
    limit: () => Promise.resolve(false),
  }

  function hold(name: string, until: Promise<void>): void {
    const all = Promise.all([heldUntil.get(name), until]).then(() => {
      if (heldUntil.get(name) === all) heldUntil.delete(name)
    })
    heldUntil.set(name, all)
  }

  async function removeTargets(copies: VolumeCopy[]): Promise<void> {
    for (const { to } of copies) {
      try {
        await volumes.remove(to)
      } catch (error) {
        // What the copy failed with matters more; whoever wanted it removes what is left when it is undone.
        if (!isBerthError(error)) throw error
        log.warn({ err: error, volume: to }, 'what a copy has left could not be removed')
      }
    }
  }
}
