import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { DamagedFile } from '../../shared/damaged-file'
import { BerthError } from '../../shared/errors'
import { log } from '../log'
import { checkJson, type JsonDamage } from './check-json'

const MARK = '.damaged-'
const ACCEPTED_MARK = '.set-aside-'

/** Files of BERTH_HOME that could not be read: each is set aside as it is, and told of in every door until that is accepted. */
export interface DamagedFiles {
  list(): DamagedFile[]
  /** Gives the file another name beside its own, which is free then. Never takes the place of a file that is there. */
  setAside(path: string, damage: JsonDamage, using: DamagedFile['using']): void
  /** No longer reported; the file stays where it was set aside. Throws FILE_UNUSABLE if the path is unknown. */
  accept(setAsideAs: string): Promise<void>
  /** Returns what ends it. */
  onChange(listener: (files: DamagedFile[]) => void): () => void
}

/** Knows those that former processes have set aside, too. Read before anything else of the home is. */
export function openDamagedFiles(home: string, now: () => Date): DamagedFiles {
  const listeners = new Set<(files: DamagedFile[]) => void>()
  let files = readdirSync(home)
    .filter((name) => name.includes(MARK))
    .map((name) => leftBefore(join(home, name)))

  function change(next: DamagedFile[]): void {
    files = next
    for (const listener of listeners) listener(files)
  }

  return {
    list: () => files,
    setAside(path, damage, using) {
      const setAsideAs = freeName(path, now())
      renameSync(path, setAsideAs)
      log.error({ file: path, setAsideAs, ...damage, using }, 'a file of Berth is damaged and was set aside')
      change([...files, { name: basename(path), setAsideAs, ...damage, using }])
    },
    async accept(setAsideAs) {
      const known = files.find((file) => file.setAsideAs === setAsideAs)
      if (!known) throw notSetAside(setAsideAs)
      await rename(setAsideAs, setAsideAs.replace(MARK, ACCEPTED_MARK))
      change(files.filter((file) => file !== known))
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function freeName(path: string, now: Date): string {
  const taken = new Set(readdirSync(join(path, '..')))
  const stamped = `${path}${MARK}${now.toISOString().replaceAll(':', '-')}`
  for (let number = 1; ; number++) {
    const name = number === 1 ? stamped : `${stamped}-${number}`
    if (!taken.has(basename(name))) return name
  }
}

function leftBefore(setAsideAs: string): DamagedFile {
  const name = basename(setAsideAs)
  const { damage } = checkJson(readFileSync(setAsideAs, 'utf8'), z.unknown())
  const known = damage ?? { reason: 'It could not be read when Berth started.', line: null, column: null, field: null }
  return { name: name.slice(0, name.indexOf(MARK)), setAsideAs, ...known, using: null }
}

function notSetAside(file: string): BerthError {
  return new BerthError('FILE_UNUSABLE', `${file} is not a damaged file that Berth set aside.`, {
    file,
    reason: 'it is not in the list of damaged files',
    next: '“berth info” lists the damaged files.',
  })
}
