import { lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createUserSshConfig, hasInclude } from './user-ssh-config'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-ssh-'))
  file = join(folder, '.ssh', 'config')
  await mkdir(join(folder, '.ssh'), { mode: 0o700 })
})
afterEach(() => rm(folder, { recursive: true }))

const LINE = 'Include "/my home/ssh/config"'
const config = () => createUserSshConfig(file, '/my home/ssh/config')
const text = () => readFile(file, 'latin1')

describe('the user’s ssh config', () => {
  it('is made where there is none, for its owner only', async () => {
    await rm(join(folder, '.ssh'), { recursive: true })
    expect(await config().status()).toMatchObject({ installed: false, obstacle: null, line: LINE, userFile: file })
    expect(await config().install()).toMatchObject({ installed: true })
    expect(await text()).toBe(`${LINE}\n`)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, '.ssh'))).mode & 0o777).toBe(0o700)
  })

  it('gets one line at its top however often it is asked, and is whole again without it', async () => {
    const before = '# Mine, in latin1: \xe9\r\nHost work\r\n  User me'
    await writeFile(file, before, { encoding: 'latin1', mode: 0o640 })
    await config().install()
    await Promise.all([config().install(), config().install()])
    expect(await text()).toBe(`${LINE}\r\n${before}`)
    expect((await stat(file)).mode & 0o777).toBe(0o640)
    expect(await readFile(`${file}.before-berth`, 'latin1')).toBe(before)
    expect(await config().uninstall()).toMatchObject({ installed: false })
    expect(await text()).toBe(before)
  })

  it('counts the line only where it is for every host', () => {
    expect(hasInclude(`# x\n${LINE}\nHost a\n`, LINE)).toBe(true)
    expect(hasInclude(`Host a\n  ${LINE}\n`, LINE)).toBe(false)
    expect(hasInclude(`# ${LINE}\n`, LINE)).toBe(false)
  })

  it('that is a link stays one, and what it leads to is changed', async () => {
    const target = join(folder, 'dotfiles-config')
    await writeFile(target, 'Host a\n')
    await symlink(target, file)
    await config().install()
    expect((await lstat(file)).isSymbolicLink()).toBe(true)
    expect(await readFile(target, 'utf8')).toBe(`${LINE}\nHost a\n`)
  })

  it('that cannot be changed is left alone, and the reason is said', async () => {
    await symlink(join(folder, 'nowhere'), file)
    await expect(config().install()).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
    expect((await config().status()).obstacle).toContain('broken link')
    await rm(file)
    await mkdir(file)
    await expect(config().install()).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
    const odd = createUserSshConfig(join(folder, 'other'), '/my "home"/ssh/config')
    expect((await odd.status()).obstacle).toContain('"')
    await expect(odd.install()).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
  })
})
