import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sealedSecretSchema } from '../../shared/secret'
import { openSecretVault } from './secret-vault'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-vault-'))
})
afterEach(() => rm(home, { recursive: true }))

it('gives back what it sealed, also after a restart, and shows nothing of it in between', async () => {
  const vault = await openSecretVault(home)
  const sealed = vault.seal('pässword')
  expect(JSON.stringify({ sealed })).not.toContain('ssword')
  expect(sealed).not.toBe(vault.seal('pässword'))
  expect((await openSecretVault(home)).open(sealed)).toBe('pässword')
  expect((await stat(join(home, 'secret-key'))).mode & 0o777).toBe(0o600)
})

it('does not open what another vault sealed, or somebody changed', async () => {
  const sealed = (await openSecretVault(home)).seal('secret')
  await rm(join(home, 'secret-key'))
  const other = await openSecretVault(home)
  expect(other.open(sealed)).toBeNull()
  const own = other.seal('secret')
  expect(other.open(sealedSecretSchema.parse(`${own.slice(0, -2)}AA`))).toBeNull()
  expect(other.open(sealedSecretSchema.parse('sealed:v1:'))).toBeNull()
})
