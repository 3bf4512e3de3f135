import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { authorizedKeys } from './authorized-keys'

const OWN = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA berth'
const USERS = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB me@laptop'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-ssh-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('lets in the user’s keys beside Berth’s, each once', async () => {
  await writeFile(join(folder, 'a.pub'), `${USERS}\n`)
  await writeFile(join(folder, 'b.pub'), `${USERS}\n`)
  expect(await authorizedKeys(OWN, folder)).toBe(`${OWN}\n${USERS}\n`)
})

it('leaves out invalid and unreadable keys, and does not wait for them', async () => {
  await writeFile(join(folder, 'good.pub'), USERS)
  await writeFile(join(folder, 'text.pub'), 'no key')
  await writeFile(join(folder, 'two.pub'), `${USERS}\n${OWN}`)
  await writeFile(join(folder, 'huge.pub'), 'x'.repeat(1024 * 1024))
  await mkdir(join(folder, 'folder.pub'))
  await symlink(join(folder, 'gone'), join(folder, 'dangling.pub'))
  await symlink('loop.pub', join(folder, 'loop.pub'))
  execFileSync('mkfifo', [join(folder, 'pipe.pub')])
  expect(await authorizedKeys(OWN, folder)).toBe(`${OWN}\n${USERS}\n`)
})

it('works without the folder if it does not exist or is not a folder', async () => {
  expect(await authorizedKeys(OWN, join(folder, 'none'))).toBe(`${OWN}\n`)
  await writeFile(join(folder, 'file'), '')
  expect(await authorizedKeys(OWN, join(folder, 'file'))).toBe(`${OWN}\n`)
})
