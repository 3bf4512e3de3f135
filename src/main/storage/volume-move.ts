import type { StorageDriverName } from '../../shared/storage-driver-name'
import type { Pool } from './btrfs-pool'
import type { StorageContext } from './storage-context'
import type { CopyOptions } from './storage-driver'
import { copyVolumes } from './volume-copy'
import { assertThere } from './volume-ownership'

type MoveOptions = Pick<CopyOptions, 'signal' | 'onProgress'>

/**
 * Brings a volume under the other driver, under its own name. The workspace is stopped, and no container may have the volume
 * (make the container anew afterwards): the engine cannot rename volumes. Each step can be called again after it was cut off,
 * and does nothing when it is done. Throws DISK_FULL, CANCELLED, ENGINE_REFUSED.
 */
export interface VolumeMove {
  /** The long step: copies. Until `switch`, `unstage` takes it back. */
  stage(name: string, to: StorageDriverName, options: MoveOptions): Promise<void>
  /** Takes `stage` back, however far it came. The volume is then as it was. */
  unstage(name: string, to: StorageDriverName): Promise<void>
  /** From here on the volume is the other driver's. Not to be called before `stage` has returned. */
  switch(name: string, to: StorageDriverName): Promise<void>
  /** Gives back what the old driver still has. */
  dropOld(name: string, to: StorageDriverName): Promise<void>
}

const SECOND = '.moving'

/** Whether it is the second volume of one that is being moved: another way to the same data. */
export function isSecondVolume(name: string): boolean {
  return name.endsWith(SECOND)
}

/**
 * To btrfs: the data goes into the subvolume under its final name, with a second volume of the engine to reach it by; the switch
 * replaces the plain volume by one that mounts the subvolume. To plain: the second volume keeps the subvolume in reach, and the
 * volume itself becomes a plain one that is filled from it; the subvolume goes last.
 */
export function createVolumeMove(context: StorageContext, pool: Pool): VolumeMove {
  const { volumes } = context.engine
  const second = (name: string) => `${name}${SECOND}`

  async function driverOf(name: string): Promise<StorageDriverName | null> {
    const volume = await volumes.inspect(name)
    return volume && (pool.isOwn(volume) ? 'btrfs' : 'plain')
  }

  async function labelsOf(name: string): Promise<Record<string, string>> {
    const volume = (await volumes.inspect(name)) ?? (await volumes.inspect(second(name)))
    if (!volume) await assertThere(volumes, [{ from: name }])
    return volume?.labels ?? {}
  }

  const mount = async (volume: string, subvolume: string, labels: Record<string, string>) => {
    if (!(await volumes.inspect(volume))) await volumes.create(volume, labels, pool.volumeOptions(subvolume))
  }

  async function stageToBtrfs(name: string, options: MoveOptions): Promise<void> {
    if ((await driverOf(name)) === 'btrfs') return
    await assertThere(volumes, [{ from: name }])
    await unstageToBtrfs(name)
    await pool.manager.ask('create', name)
    await mount(second(name), name, await labelsOf(name))
    await copyVolumes(context, [{ from: name, to: second(name) }], { ...options, freeze: null, sync: true })
  }

  async function unstageToBtrfs(name: string): Promise<void> {
    if ((await driverOf(name)) === 'btrfs') return
    await volumes.remove(second(name))
    await pool.manager.ask('delete', name)
  }

  async function stageToPlain(name: string, options: MoveOptions): Promise<void> {
    const labels = await labelsOf(name)
    if ((await driverOf(name)) === 'plain' && !(await volumes.inspect(second(name)))) return
    await mount(second(name), name, labels)
    // Also what an earlier try has filled in part.
    await volumes.remove(name)
    await volumes.create(name, labels)
    await copyVolumes(context, [{ from: second(name), to: name }], { ...options, freeze: null, sync: true })
  }

  async function unstageToPlain(name: string): Promise<void> {
    if (!(await volumes.inspect(second(name)))) return
    const labels = await labelsOf(name)
    if ((await driverOf(name)) !== 'btrfs') await volumes.remove(name)
    await mount(name, name, labels)
    await volumes.remove(second(name))
  }

  return {
    stage: (name, to, options) =>
      pool.making([name], async () => {
        await pool.assertExists()
        await (to === 'btrfs' ? stageToBtrfs : stageToPlain)(name, options)
      }),
    async unstage(name, to) {
      await pool.assertExists()
      await (to === 'btrfs' ? unstageToBtrfs : unstageToPlain)(name)
    },
    async switch(name, to) {
      // To plain, the volume is the plain one since it was staged.
      if (to === 'plain' || (await driverOf(name)) === 'btrfs') return
      await assertThere(volumes, [{ from: second(name) }])
      const labels = await labelsOf(name)
      await volumes.remove(name)
      await mount(name, name, labels)
    },
    async dropOld(name, to) {
      if (!(await volumes.inspect(second(name)))) return
      await volumes.remove(second(name))
      if (to === 'plain') await pool.manager.ask('delete', name)
    },
  }
}
