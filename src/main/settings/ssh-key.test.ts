import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeKeys, openSshKey } from './ssh-key'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-key-'))
})
afterEach(() => rm(home, { recursive: true }))

const name = Buffer.from('ssh-ed25519')
const publicKey = (key: Buffer) => {
  const length = (part: Buffer) => Buffer.from([0, 0, 0, part.length])
  return `ssh-ed25519 ${Buffer.concat([length(name), name, length(key), key]).toString('base64')} berth`
}

it('is a pair that ssh can use, the same at each start', async () => {
  const { privateKeyPath, publicKey: made } = await openSshKey(home)
  const derived = execFileSync('ssh-keygen', ['-y', '-f', privateKeyPath], { encoding: 'utf8' })
  expect(made.split(' ').slice(0, 2)).toEqual(derived.split(' ').slice(0, 2))
  expect((await openSshKey(home)).publicKey).toBe(made)
})

it('is made again where a zero at the beginning of the public key was lost', async () => {
  const [short, whole] = [publicKey(Buffer.alloc(31, 7)), publicKey(Buffer.alloc(32, 7))]
  const made = [short, short, whole].map((key) => ({ private: 'private', public: key }))
  expect((await makeKeys(async () => made.shift())).public).toBe(whole)

  await mkdir(join(home, 'ssh'))
  await writeFile(join(home, 'ssh/id_ed25519.pub'), `${short}\n`)
  expect((await openSshKey(home)).publicKey).not.toBe(short)
  expect(await readFile(join(home, 'ssh/id_ed25519'), 'utf8')).toContain('OPENSSH PRIVATE KEY')
})
