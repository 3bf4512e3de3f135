import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sealedSecretSchema } from '../../shared/secret'
import { openDamagedFiles } from './damaged-files'
import { openSecretVault } from './secret-vault'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-vault-'))
})
afterEach(() => rm(home, { recursive: true }))

const open = () =>
  openSecretVault(
    home,
    openDamagedFiles(home, () => new Date()),
  )

it('gives back what it sealed, also after a restart, and shows nothing of it in between', async () => {
  const vault = await open()
  const sealed = vault.seal('pässword')
  expect(JSON.stringify({ sealed })).not.toContain('ssword')
  expect(sealed).not.toBe(vault.seal('pässword'))
  expect((await open()).open(sealed)).toBe('pässword')
  expect((await stat(join(home, 'secret-key'))).mode & 0o777).toBe(0o600)
})

it('does not open secrets that were sealed by another vault, or changed', async () => {
  const sealed = (await open()).seal('secret')
  await rm(join(home, 'secret-key'))
  const other = await open()
  expect(other.open(sealed)).toBeNull()
  const own = other.seal('secret')
  const at = own.length - 8
  const changed = `${own.slice(0, at)}${own[at] === 'A' ? 'B' : 'A'}${own.slice(at + 1)}`
  expect(other.open(sealedSecretSchema.parse(changed))).toBeNull()
  expect(other.open(sealedSecretSchema.parse('sealed:v1:'))).toBeNull()
})

it('sets a damaged key aside, and reports it', async () => {
  const sealed = (await open()).seal('secret')
  await writeFile(join(home, 'secret-key'), 'too short')
  const damagedFiles = openDamagedFiles(home, () => new Date())
  const vault = await openSecretVault(home, damagedFiles)
  expect(damagedFiles.list()).toMatchObject([{ name: 'secret-key', using: 'defaults' }])
  expect(await readFile(damagedFiles.list()[0]?.setAsideAs ?? '', 'utf8')).toBe('too short')
  expect(vault.open(sealed)).toBeNull()
  expect(vault.open(vault.seal('new'))).toBe('new')
})
