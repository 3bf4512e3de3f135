import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { DOOR_FILE, type Door, doorSchema } from '../../shared/door'

/** Says where this Berth listens, for its owner only. Call it once it listens. */
export async function writeDoorFile(home: string, door: Door): Promise<void> {
  await writeFileAtomic(join(home, DOOR_FILE), `${JSON.stringify(door, null, 2)}\n`, { mode: 0o600 })
}

/** The door that another Berth of this home has written; null when there is none that can be read. */
export async function readDoorFile(home: string): Promise<Door | null> {
  try {
    const parsed = doorSchema.safeParse(JSON.parse(await readFile(join(home, DOOR_FILE), 'utf8')))
    return parsed.success ? parsed.data : null
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return null
    throw error
  }
}

/** Takes the file away, unless it is another Berth's by now. */
export async function removeDoorFile(home: string, door: Door): Promise<void> {
  const written = await readDoorFile(home)
  if (written === null || written.pid !== door.pid || written.url !== door.url) return
  await rm(join(home, DOOR_FILE), { force: true })
}
