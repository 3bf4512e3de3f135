import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import Conf from 'conf'
import type { z } from 'zod'
import { type Settings, type SettingsPatch, settingsSchema } from '../../shared/contract/settings'
import {
  maskEnvironment,
  replaceEnvironment,
  type SealedEnvironment,
  sealedEnvironmentSchema,
  sealUnsealed,
} from '../../shared/environment'
import { isUnsealed, SECRET_MASK, type SealedSecret, storedSecretSchema } from '../../shared/secret'
import { log } from '../log'
import { writeError } from './atomic-file'
import type { DamagedFiles } from './damaged-files'
import type { SecretVault } from './secret-vault'
import { keepLastGood, readStoredFile } from './stored-file'
import { watchFile } from './watch-file'

/** As the file has them: every variable is a secret, and so is the token. */
const storedSettingsSchema = settingsSchema.extend({
  env: sealedEnvironmentSchema.default({}),
  githubToken: storedSecretSchema.nullable().default(null),
})
type StoredSettings = z.infer<typeof storedSettingsSchema>

/** `byHand`: in the file, by a person. */
type SettingsListener = (settings: Settings, change: { before: Settings; byHand: boolean }) => void

export interface SettingsStore {
  /** As doors show them: secrets are masked. */
  get(): Settings
  /** The variables of every workspace. */
  environment(): SealedEnvironment
  githubToken(): SealedSecret | null
  /** Fields that are left out stay, and so does a secret that is given masked. In force once it is on the disk; throws DISK_FULL, and then all stays as it was. */
  update(patch: SettingsPatch): Settings
  /** Returns what ends it. */
  onChange(listener: SettingsListener): () => void
  /** No longer watches the file. */
  close(): void
}

const FILE = 'settings.json'

/**
 * Settings in `settings.json` of that folder, written atomically. Manual changes to the file take effect a moment later. A damaged file is
 * set aside and reported (`readStoredFile`).
 */
export function openSettings(home: string, damagedFiles: DamagedFiles, { seal, open }: SecretVault): SettingsStore {
  const listeners = new Set<SettingsListener>()
  const path = join(home, FILE)
  const masked = (stored: StoredSettings): Settings => ({
    ...stored,
    env: maskEnvironment(stored.env),
    githubToken: stored.githubToken && SECRET_MASK,
  })
  let current = readStoredFile(path, storedSettingsSchema, damagedFiles) ?? storedSettingsSchema.parse({})
  let shown = masked(current)
  const file = new Conf<Record<string, unknown>>({ cwd: home, configName: 'settings', configFileMode: 0o600, clearInvalidConfig: false })

  function keep(next: StoredSettings): void {
    try {
      file.store = next
    } catch (error) {
      throw writeError(error, path)
    }
    keepLastGood(path)
    current = next
    shown = masked(next)
  }

  // An older Berth, or a person with an editor, has written values as they are.
  function sealFound(): void {
    const env = sealUnsealed(current.env, { seal, open })
    const token = current.githubToken
    const githubToken = token !== null && isUnsealed(token) ? seal(open(token) ?? '') : token
    if (env !== current.env || githubToken !== token) keep({ ...current, env, githubToken })
  }

  /** Manual changes since then. A deleted file changes nothing. */
  function takeFromFile(): void {
    const found = readStoredFile(path, storedSettingsSchema, damagedFiles)
    if (found === null || isDeepStrictEqual(found, current)) return
    const before = shown
    current = found
    sealFound()
    shown = masked(current)
    tell(before, true)
  }

  function tell(before: Settings, byHand: boolean): void {
    for (const listener of listeners) listener(shown, { before, byHand })
  }

  sealFound()
  const unwatch = watchFile(home, FILE, () => {
    try {
      takeFromFile()
    } catch (error) {
      log.error({ err: error }, 'changed settings could not be read')
    }
  })
  return {
    get: () => shown,
    environment: () => current.env,
    githubToken: () => current.githubToken,
    update({ env, githubToken, ...patch }) {
      // What was written by hand a moment ago is not overwritten.
      takeFromFile()
      const before = shown
      const environment = env === undefined ? current.env : replaceEnvironment(current.env, env, { seal, open })
      const isSameToken = githubToken === undefined || githubToken === SECRET_MASK
      const token = isSameToken ? current.githubToken : githubToken && seal(githubToken)
      keep(storedSettingsSchema.parse({ ...current, ...patch, env: environment, githubToken: token }))
      tell(before, false)
      return shown
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: unwatch,
  }
}
