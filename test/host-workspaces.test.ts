import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Core, createCore } from '../src/main/core'
import { imageContextPath } from '../src/main/resource-paths'
import { done } from './support/test-core'

const run = promisify(execFile)

let home: string
let userHome: string
let core: Core

const open = async () => {
  core = await createCore({ home, userHome, door: 'headless', version: '0.0.0-test', imageContextPath: imageContextPath() })
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-test-'))
  userHome = await mkdtemp(join(tmpdir(), 'berth-home-'))
  await writeFile(join(home, 'settings.json'), JSON.stringify({ engineEndpoint: `unix://${join(home, 'no-engine.sock')}` }))
  await open()
})

afterAll(async () => {
  await core.close()
  await Promise.all([home, userHome].map((folder) => rm(folder, { recursive: true, force: true })))
})

const exec = (name: string, command: string[], options: object = {}) =>
  core.workspaces.exec(name, { command, user: 'workspace', ...options })
const folderOf = (name: string) => core.workspaces.get(name).host?.folder ?? ''
const isThere = (path: string) =>
  readFile(path).then(
    () => true,
    () => false,
  )

describe('a host workspace, without any engine', () => {
  it('is refused until the missing isolation is confirmed', async () => {
    await expect(core.workspaces.create({ name: 'web', host: {} })).rejects.toMatchObject({ code: 'HOST_UNCONFIRMED' })
    expect(core.workspaces.list()).toEqual([])
    await done(
      core,
      core.workspaces.create({ name: 'web', host: { confirmed: true }, env: { GREETING: 'hi' }, initScript: 'echo made > made' }),
    )
    expect(core.settings.get().hostWorkspaces).toBe(true)
    expect(core.workspaces.get('web')).toMatchObject({
      ...{ kind: 'host', status: 'running', initState: 'done', containerId: null, volumes: null },
      host: { folder: join(userHome, 'Berth/web'), created: true },
    })
    expect(await readFile(join(folderOf('web'), 'made'), 'utf8')).toBe('made\n')
  })

  it('runs commands in its folder, with its variables, and ends all of them at the time limit', async () => {
    expect(await exec('web', ['sh', '-c', 'echo $GREETING; pwd; exit 3'])).toMatchObject({
      stdout: `hi\n${folderOf('web')}\n`,
      exitCode: 3,
      timedOut: false,
    })
    const hung = await exec('web', ['sh', '-c', 'sleep 60.4321 & setsid sleep 60.4321 & wait'], { timeoutSeconds: 0.5 })
    expect(hung).toMatchObject({ exitCode: null, timedOut: true })
    await expect(run('pgrep', ['-f', 'sleep 60.4321'])).rejects.toMatchObject({ code: 1 })
    await expect(exec('web', ['no-such-program'])).rejects.toMatchObject({ code: 'EXEC_FAILED' })
    await expect(exec('web', ['id'], { user: 'root' })).rejects.toMatchObject({ code: 'PLACE_CANNOT' })
  })

  it('opens terminals, and ends them with all that was started in it when it stops', async () => {
    const session = await core.terminals.open({ workspace: 'web', kind: 'shell', cols: 80, rows: 24, tty: true } as never)
    expect(session).toMatchObject({ status: 'running', tty: true })
    await expect(core.terminals.open({ workspace: 'web', kind: 'root', cols: 80, rows: 24, tty: true } as never)).rejects.toMatchObject({
      code: 'PLACE_CANNOT',
    })
    void exec('web', ['sh', '-c', 'sleep 60.8765 & wait']).catch(() => undefined)
    await expect
      .poll(() =>
        run('pgrep', ['-f', 'sleep 60.8765']).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await done(core, core.workspaces.stop('web'))
    expect(core.workspaces.get('web').status).toBe('stopped')
    await expect(run('pgrep', ['-f', 'sleep 60.8765'])).rejects.toMatchObject({ code: 1 })
    await expect(exec('web', ['true'])).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
    expect(await exec('web', ['true'], { start: true })).toMatchObject({ exitCode: 0 })
  })

  it('tells what runs in it and which ports that listens on, and no others', async () => {
    const elsewhere = createServer().listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const server = 'const s = require("net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))'
    await exec('web', ['sh', '-c', 'setsid node -e "$1" >port </dev/null 2>&1 &', 'sh', server])
    const file = join(folderOf('web'), 'port')
    await expect.poll(() => readFile(file, 'utf8')).toMatch(/^\d+\n$/)
    const port = Number(await readFile(file, 'utf8'))
    const processes = await core.workspaces.processes('web')
    expect(processes.some(({ pid }) => pid === process.pid)).toBe(false)
    const found = processes.find(({ command }) => command === `node -e ${server}`)
    expect(found?.age).toBeLessThan(60)
    expect(found?.memoryBytes).toBeGreaterThan(10_000_000)
    expect(found?.cpuTime).toBeGreaterThan(0)
    expect((await core.workspaces.ports('web')).listeners).toMatchObject([{ port, process: 'node', container: null }])
    expect(() => core.workspaces.withForwards('web')).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT' }))
    await done(core, core.workspaces.stop('web'))
    expect((await core.workspaces.ports('web')).listeners).toBeNull()
    await expect(core.workspaces.processes('web')).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
    await done(core, core.workspaces.start({ name: 'web' }))
    expect((await core.workspaces.ports('web')).listeners).toEqual([])
    await rm(file)
    elsewhere.close()
  })

  it('shows and changes its files', async () => {
    const folder = folderOf('web')
    const bytes = async function* () {
      yield Buffer.from('hello')
    }
    const { signal } = new AbortController()
    await core.files.upload('web', { path: `${folder}/a.txt`, size: 5, replace: false }, bytes(), signal)
    expect((await core.files.list('web', folder)).entries.map(({ name }) => name).sort()).toEqual(['a.txt', 'made'])
    expect(await core.files.preview('web', `${folder}/a.txt`)).toMatchObject({ kind: 'text', text: 'hello' })
    await core.files.rename('web', `${folder}/a.txt`, `${folder}/b.txt`)
    await core.files.delete('web', `${folder}/b.txt`)
    await expect(core.files.delete('web', folder)).rejects.toMatchObject({ code: 'FILE_REFUSED' })
    expect(await readdir(folder)).toEqual(['made'])
  })

  it('keeps the log of its scripts', async () => {
    await done(core, core.workspaces.rerunInit('web'))
    const lines = await core.logs.lastLines('web', 'init', 100, new AbortController().signal)
    expect(lines.map(({ text }) => text).join('\n')).toContain('[init script] exit code 0')
    expect((await core.logs.sources('web')).map(({ source }) => source)).toEqual(['init', 'build'])
  })

  it('is cloned with links, modes and all', async () => {
    const folder = folderOf('web')
    await symlink('made', join(folder, 'link'))
    await run('chmod', ['600', join(folder, 'made')])
    await done(core, core.workspaces.clone('web', { name: 'web-2', stop: false, start: true }))
    expect(core.workspaces.get('web-2')).toMatchObject({ kind: 'host', status: 'running', host: { created: true } })
    const { stdout } = await run('sh', ['-c', 'cd "$1" && stat -c "%A %N" *', 'sh', folderOf('web-2')])
    expect(stdout).toBe("lrwxrwxrwx 'link' -> 'made'\n-rw------- 'made'\n")
    expect((await exec('web-2', ['sh', '-c', 'echo $GREETING'])).stdout).toBe('hi\n')
  })

  it('clones a repository by this machine’s git, and says what is wrong with one', async () => {
    const repo = join(userHome, 'origin')
    await run('git', ['init', '--quiet', repo])
    await run('git', [
      '-C',
      repo,
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@example.com',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      'First',
    ])
    await done(core, core.workspaces.create({ name: 'api', host: {}, clone: repo }))
    expect(core.workspaces.get('api')).toMatchObject({ repoState: 'cloned' })
    expect((await exec('api', ['git', 'log', '--format=%s'])).stdout).toBe('First\n')
    expect(await core.workspaces.deletionPreview('api')).toMatchObject({ uncommittedFiles: 0, folder: { created: true } })
    expect(await core.workspaces.repositories('api')).toMatchObject([{ path: expect.stringContaining('/repo'), changedFiles: 0 }])
    const broken = core.workspaces.create({ name: 'nope', host: {}, clone: 'https://127.0.0.1:1/none.git' })
    await expect(done(core, broken)).rejects.toMatchObject({ code: 'REPO_CLONE_FAILED' })
    expect(core.workspaces.get('nope')).toMatchObject({ status: 'running', repoState: 'failed', problem: { code: 'REPO_CLONE_FAILED' } })
  })

  it('never takes a folder that it is not to take, and never removes one that it did not create', async () => {
    const mine = join(userHome, 'mine')
    await mkdir(mine)
    await writeFile(join(mine, 'work'), 'work')
    await expect(core.workspaces.create({ name: 'file', host: { folder: join(mine, 'work') } })).rejects.toMatchObject({
      code: 'HOST_FOLDER_UNUSABLE',
    })
    await done(core, core.workspaces.create({ name: 'mine', host: { folder: mine } }))
    await expect(core.workspaces.create({ name: 'again', host: { folder: mine } })).rejects.toMatchObject({ code: 'HOST_FOLDER_UNUSABLE' })
    await done(core, core.workspaces.delete('mine', { removeFolder: true }))
    expect(await isThere(join(mine, 'work'))).toBe(true)

    await done(core, core.workspaces.create({ name: 'own', host: {} }))
    const own = folderOf('own')
    await rm(own, { recursive: true })
    await mkdir(own)
    await writeFile(join(own, 'another'), '')
    await done(core, core.workspaces.delete('own', { removeFolder: true }))
    expect(await isThere(join(own, 'another'))).toBe(true)

    const kept = folderOf('web-2')
    await done(core, core.workspaces.delete('web-2'))
    expect(await isThere(join(kept, 'made'))).toBe(true)
    await expect(core.workspaces.create({ name: 'web-2', host: {} })).rejects.toMatchObject({ code: 'HOST_FOLDER_UNUSABLE' })
    const gone = folderOf('api')
    await done(core, core.workspaces.delete('api', { removeFolder: true }))
    await expect(readdir(gone)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('says what it cannot do, and what takes a container', async () => {
    await expect(core.copies.createSnapshot('web', 'one')).rejects.toMatchObject({
      code: 'PLACE_CANNOT',
      data: { capability: 'snapshots' },
    })
    await expect(core.rebuilds.rebuild('web', { snapshot: true, reinstall: false } as never)).rejects.toMatchObject({
      code: 'PLACE_CANNOT',
    })
    await expect(core.workspaces.create({ name: 'big', host: {}, limits: { cpus: 1 } })).rejects.toMatchObject({ code: 'PLACE_CANNOT' })
    await expect(core.workspaces.update('web', { limits: { cpus: 1 } })).rejects.toMatchObject({ code: 'PLACE_CANNOT' })
    await expect(core.workspaces.create({ name: 'web', host: {} })).rejects.toMatchObject({ code: 'NAME_TAKEN' })
  })

  it('is there again after Berth was, stopped, with its name', async () => {
    await done(core, core.workspaces.rename('web', 'site'))
    await core.close()
    await open()
    expect(core.workspaces.get('site')).toMatchObject({ status: 'stopped', running: false })
    await done(core, core.workspaces.start({ name: 'site' }))
    expect((await exec('site', ['pwd'])).stdout).toBe(`${join(userHome, 'Berth/web')}\n`)
  })

  it('has the skills and tools that are chosen for it, and keeps files that were changed there', async () => {
    const library = join(home, 'library')
    const skill = async (name: string, text: string) => {
      await mkdir(join(library, 'skill', name), { recursive: true })
      await writeFile(join(library, 'skill', name, 'SKILL.md'), `---\nname: ${name}\ndescription: ${text}\n---\n`)
    }
    await skill('one', 'first')
    await skill('two', 'first')
    await mkdir(join(library, 'tool'))
    await writeFile(join(library, 'tool/lint.ts'), 'export default {}\n')
    await expect(core.workspaces.update('site', { skills: ['ones'] })).rejects.toMatchObject({ code: 'LIBRARY_ENTRY_NOT_FOUND' })
    await done(
      core,
      core.workspaces.create({ name: 'agent', host: {}, clone: join(userHome, 'origin'), skills: ['one', 'two'], tools: ['lint'] }),
    )
    const repo = join(folderOf('agent'), 'repo')
    const read = (path: string) => readFile(join(repo, path), 'utf8')
    expect(await read('.claude/skills/one/SKILL.md')).toContain('description: first')
    expect(await read('.opencode/tool/lint.ts')).toBe('export default {}\n')
    expect((await exec('agent', ['git', 'status', '--porcelain'])).stdout).toBe('')

    await writeFile(join(repo, '.opencode/skill/two/SKILL.md'), 'mine')
    await skill('one', 'second')
    await skill('two', 'second')
    // The last that is brought.
    await expect.poll(() => read('.qwen/skills/two/SKILL.md'), { timeout: 5000 }).toContain('second')
    expect(await read('.opencode/skill/one/SKILL.md')).toContain('second')
    expect(await read('.opencode/skill/two/SKILL.md')).toBe('mine')

    await core.workspaces.update('agent', { skills: [], tools: [] })
    expect(await isThere(join(repo, '.claude'))).toBe(false)
    expect((await readdir(repo)).sort()).toEqual(['.git', '.opencode'])
    expect(await read('.opencode/skill/two/SKILL.md')).toBe('mine')
  })

  it('is brought nothing through a link that leads out of it, and keeps nothing of it when it is deleted', async () => {
    const outside = join(userHome, 'outside')
    const linked = join(userHome, 'linked')
    await mkdir(outside)
    await mkdir(linked)
    await symlink(outside, join(linked, '.claude'))
    await done(core, core.workspaces.create({ name: 'linked', host: { folder: linked }, skills: ['one'] }))
    expect(await readdir(outside)).toEqual([])
    expect(await isThere(join(linked, '.opencode/skill/one/SKILL.md'))).toBe(true)
    await done(core, core.workspaces.delete('linked'))
    expect(await readdir(linked)).toEqual(['.claude'])
    expect(await readdir(outside)).toEqual([])
  })

  it('still runs when Berth comes back and finds something running in it', async () => {
    await exec('site', ['sh', '-c', 'setsid sleep 60.2468 >/dev/null 2>&1 </dev/null &'])
    await core.close()
    await open()
    expect(core.workspaces.get('site')).toMatchObject({ status: 'running' })
    await done(core, core.workspaces.stop('site'))
    await expect(run('pgrep', ['-f', 'sleep 60.2468'])).rejects.toMatchObject({ code: 1 })
  })

  it('cannot be started once its folder is gone, and can when it is back', async () => {
    await done(core, core.workspaces.create({ name: 'lost', host: {} }))
    await done(core, core.workspaces.stop('lost'))
    const folder = folderOf('lost')
    await rm(folder, { recursive: true })
    await expect(done(core, core.workspaces.start({ name: 'lost' }))).rejects.toMatchObject({ code: 'HOST_FOLDER_UNUSABLE' })
    await mkdir(folder)
    await done(core, core.workspaces.start({ name: 'lost' }))
    expect(core.workspaces.get('lost').status).toBe('running')
  })
})
