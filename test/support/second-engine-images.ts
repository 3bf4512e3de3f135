import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What is older and of another image was made for an image that has been built again since. */
const KEPT_MS = 3_600_000

/** Of an engine's data, what its images are. */
const FOLDERS = ['image', 'overlay2']

/**
 * Puts an image of the machine's engine into the data of an engine that is not started yet, in less than a second: to save and load it takes
 * ten. The first time `make` is called for the data of an engine that has it, which is then kept.
 */
export async function putImage(reference: string, data: string, make: () => Promise<EngineData>): Promise<void> {
  const { stdout } = await run('docker', ['image', 'inspect', '--format', '{{.Id}}', reference])
  const kept = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth', 'second-engine', stdout.trim().replace(':', '-'))
  if (!existsSync(kept)) await keep(kept, make)
  await run('cp', ['--archive', join(kept, 'image'), data])
  try {
    // Nobody writes to the files of an image's layers.
    await run('cp', ['--archive', '--link', join(kept, 'overlay2'), data])
  } catch {
    // On another file system.
    await rm(join(data, 'overlay2'), { recursive: true, force: true })
    await run('cp', ['--archive', join(kept, 'overlay2'), data])
  }
}

export interface EngineData {
  /** Of an engine that does not run any more. */
  path: string
  dispose(): Promise<void>
}

/** Made beside its place and moved there when it is whole. */
async function keep(kept: string, make: () => Promise<EngineData>): Promise<void> {
  const folder = dirname(kept)
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, name))
    if (Date.now() - mtimeMs > KEPT_MS) await rm(join(folder, name), { recursive: true, force: true })
  }
  const made = await mkdtemp(join(folder, 'new-'))
  const data = await make()
  try {
    for (const name of FOLDERS) await run('cp', ['--archive', join(data.path, name), made])
    await rename(made, kept)
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    // Another worker was quicker.
    if (!existsSync(kept)) throw error
  } finally {
    await data.dispose()
  }
}
