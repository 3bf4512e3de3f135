import { isBerthError } from '../../../shared/errors'
import { log } from '../../log'
import { createMeasurements } from './measurements'
import type { StorageContext } from './storage-context'
import type { StorageDriver, VolumeCopy } from './storage-driver'
import { copyVolumes, measureVolumes } from './volume-copy'
import { assertFree, assertThere, createTarget, ensureOwn, isOthers } from './volume-ownership'

/** Volumes are folders of the engine's own. Works on every engine. */
export function createPlainDriver(context: StorageContext): StorageDriver {
  const { volumes } = context.engine
  const measurements = createMeasurements()
  return {
    name: 'plain',
    async create(name, labels) {
      await ensureOwn(volumes, name, labels, {})
    },
    remove: (name) => measurements.without(name, () => volumes.remove(name)),
    async copy(copies, options) {
      await assertThere(volumes, copies)
      await assertFree(volumes, copies)
      try {
        for (const copy of copies) await createTarget(volumes, copy, {})
        await copyVolumes(context, copies, { ...options, sync: false })
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

  async function removeTargets(copies: VolumeCopy[]): Promise<void> {
    for (const copy of copies) {
      try {
        if (!(await isOthers(volumes, copy))) await volumes.remove(copy.to)
      } catch (error) {
        // The original failure matters more; the caller removes the rest when it is undone.
        if (!isBerthError(error)) throw error
        log.warn({ err: error, volume: copy.to }, 'the leftovers of a copy could not be removed')
      }
    }
  }
}
