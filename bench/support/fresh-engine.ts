import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LOCAL_IMAGE } from '../../src/main/images/images'
import { type SecondEngine, startSecondEngine } from '../../test/support/second-engine'

const run = promisify(execFile)

export interface FreshEngine extends SecondEngine {
  /** Where its file system is mounted. */
  mount: string
}

/**
 * A Docker engine whose data is on an ext4 file system made for it, in a sparse file: nobody else writes there, so what is written
 * can be counted, and nothing of former runs has an influence. It has the workspace image of the machine's engine.
 */
export async function startFreshEngine(sizeBytes: number): Promise<FreshEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'))
  const file = join(folder, 'disk')
  const mount = join(folder, 'mount')
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true })]
  const dispose = async () => {
    for (const step of undo.toReversed()) await step()
  }
  try {
    const handle = await open(file, 'w')
    await handle.truncate(sizeBytes)
    await handle.close()
    // Nothing is left for the kernel to initialize while something is measured.
    await run('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard', file])
    const loop = await attach(file)
    undo.push(() => run('losetup', ['--detach', loop]))
    await mkdir(mount)
    await run('mount', ['-t', 'ext4', loop, mount])
    undo.push(() => run('umount', [mount]))
    const engine = await startSecondEngine({ dataRoot: join(mount, 'docker') })
    undo.push(() => engine.dispose())
    await engine.takeImage(LOCAL_IMAGE)
    return { ...engine, mount, dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** Past the cache of the file system below where that can be: nothing is kept in memory twice. */
async function attach(file: string): Promise<string> {
  const { stdout } = await run('losetup', ['--find', '--show', '--direct-io=on', file])
  return stdout.trim()
}
