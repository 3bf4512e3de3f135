import { mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LibraryEntry } from '../../shared/contract/library'
import { createLibrary, type Library } from './library'
import { createGitFolders, type GitFolders } from './testing/git-folders'

const STARTER = join(import.meta.dirname, '../../../resources/starter-library')
const SKILL = '---\nname: NAME\ndescription: Helps with NAME\n---\n# How\n'

let folders: GitFolders
let library: Library
let changes: number
let onChange: () => void

beforeEach(() => {
  folders = createGitFolders()
  mkdirSync(join(folders.root, 'library'))
  changes = 0
  onChange = () => undefined
  library = createLibrary({
    folder: () => join(folders.root, 'library'),
    starterPath: STARTER,
    now: () => new Date(),
    onChange() {
      changes++
      onChange()
    },
  })
})
afterEach(() => {
  library.close()
  folders.dispose()
})

const write = (path: string, text: string) => folders.write(`library/${path}`, text)
const template = (id: string, text: string) => write(`workspace-template/${id}.json`, text)
const skill = (id: string) => write(`skill/${id}/SKILL.md`, SKILL.replaceAll('NAME', id))
async function entry(kind: string, id: string): Promise<LibraryEntry> {
  const found = (await library.index()).entries.find((candidate) => candidate.kind === kind && candidate.id === id)
  if (!found) throw new Error(`The ${kind} ${id} does not exist.`)
  return found
}
const problemsOf = async (kind: string, id: string) =>
  (await entry(kind, id)).problems.map(({ message, path, line }) => [path, line, message])

describe('what there is', () => {
  it('is the starter’s templates without a problem', async () => {
    rmSync(join(folders.root, 'library'), { recursive: true })
    expect(await library.index()).toMatchObject({ exists: false, entries: [] })
    await expect(library.writeFile({ path: 'skill/x/SKILL.md', text: '', digest: null })).rejects.toMatchObject({
      code: 'LIBRARY_STATE',
      data: { actions: ['init', 'clone'] },
    })
    await library.repository.init()
    const { entries, problems } = await library.index()
    expect(entries.map(({ id, problems }) => [id, problems])).toEqual(['fullstack', 'go', 'node', 'python', 'rust'].map((id) => [id, []]))
    expect(problems).toEqual([])
    expect(await library.findTemplate('node')).toMatchObject({
      env: { NODE_ENV: 'development' },
      forwards: [{ port: 3000, container: null }],
    })
  })

  it('takes names that other systems have for fields, and every field of a new workspace', async () => {
    skill('python-dev')
    template(
      'fullstack',
      JSON.stringify({
        ...{ name: 'fullstack', description: 'Node + Python development', distro: 'ubuntu-noble', skills: ['python-dev'] },
        ...{ env_vars: { NODE_ENV: 'development' }, init_script: '#!/bin/bash\napt install -y nodejs' },
        ...{
          limits: { cpus: 2 },
          clone: 'owner/repo',
          branch: 'main',
          postStart: ['~/start.d'],
          forwards: [{ port: 3000, localPort: 3001 }],
        },
      }),
    )
    expect(await problemsOf('template', 'fullstack')).toEqual([])
    expect(await library.findTemplate('fullstack')).toMatchObject({
      ...{
        distro: 'ubuntu-noble',
        env: { NODE_ENV: 'development' },
        initScript: '#!/bin/bash\napt install -y nodejs',
        limits: { cpus: 2 },
      },
      forwards: [{ port: 3000, localPort: 3001, container: null }],
    })
  })

  it('says where each thing is wrong, and goes on with the others', async () => {
    skill('python-dev')
    template('good', '{}')
    template('broken', '{\n  "name": "x",\n  "env": {\n}')
    template('array', '[]')
    template('unknown', '{\n  "distor": "debian-bookworm",\n  "limits": { "cpu": 2 }\n}')
    template('wrong', '{\n  "distro": "beos",\n  "limits": {\n    "cpus": -1\n  },\n  "init_script": 7\n}')
    template('both', '{ "image": "debian:13", "distro": "debian-trixie" }')
    template('twice', '{ "env": {}, "env_vars": {} }')
    template('missing', '{\n  "skills": ["python-dev",\n    "pyton-dev"],\n  "tools": ["linter"]\n}')
    expect(await problemsOf('template', 'good')).toEqual([])
    expect(await problemsOf('template', 'broken')).toEqual([[null, 4, expect.stringContaining('It is not JSON')]])
    expect(await problemsOf('template', 'array')).toEqual([[null, 1, 'A template is an object: { … }.']])
    expect(await problemsOf('template', 'unknown')).toEqual([
      ['limits.cpu', 3, expect.stringContaining('Unknown field “cpu”. Did you mean “cpus”?')],
      ['distor', 2, 'Unknown field “distor”. Did you mean “distro”?'],
    ])
    expect(await problemsOf('template', 'wrong')).toEqual([
      ['distro', 2, expect.stringContaining('debian-trixie')],
      ['init_script', 6, expect.any(String)],
      ['limits.cpus', 4, expect.any(String)],
    ])
    expect(await problemsOf('template', 'both')).toEqual([['distro', 1, expect.stringContaining('cannot be combined')]])
    expect(await problemsOf('template', 'twice')).toEqual([['env_vars', 1, expect.stringContaining('Unknown field “env_vars”')]])
    expect(await problemsOf('template', 'missing')).toEqual([
      ['skills.1', 3, 'The library has no skill “pyton-dev”. Did you mean “python-dev”?'],
      ['tools.0', 4, 'The library has no tool “linter”.'],
    ])
    await expect(library.findTemplate('missing')).rejects.toMatchObject({ code: 'LIBRARY_ENTRY_INVALID' })
    expect(await library.findTemplate('good')).toEqual({})
    expect(await library.findTemplate('none')).toBeNull()
  })

  it('never looks through a link that leads out', async () => {
    folders.write('outside/SKILL.md', SKILL)
    folders.write('outside/x.json', '{}')
    const link = (target: string, path: string) => symlinkSync(target, join(folders.root, 'library', path))
    skill('inner')
    template('inner', '{}')
    link('../../outside', 'skill/out')
    link('inner', 'skill/again')
    link('/etc/passwd', 'skill/inner/secret')
    link('nowhere', 'skill/broken')
    link('../../outside/x.json', 'workspace-template/x.json')
    link(join(folders.root, 'outside'), 'tool')
    expect(await problemsOf('skill', 'out')).toEqual([[null, null, 'It is a link that leads out of the library.']])
    expect(await problemsOf('template', 'x')).toEqual([[null, null, 'It is a link that leads out of the library.']])
    expect(await problemsOf('skill', 'broken')).toEqual([[null, null, 'It is a broken link.']])
    expect(await problemsOf('skill', 'inner')).toEqual([[null, null, 'secret is a link that leads out of the library and is left out.']])
    expect((await entry('skill', 'again')).description).toBe('Helps with inner')
    expect((await library.index()).problems).toEqual(['tool is a link that leads out of the library.'])
    expect(await problemsOf('template', 'inner')).toEqual([])
    for (const path of ['skill/inner/secret', 'skill/out/SKILL.md', 'skill/out/new.md'])
      await expect(library.readFile(path).then(() => library.writeFile({ path, text: '', digest: null }))).rejects.toMatchObject({
        code: 'FILE_UNUSABLE',
      })
    for (const path of ['../x', 'skill/../../x', '/etc/passwd', '.git/config', 'skill//x'])
      await expect(library.readFile(path)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('says what a skill and a tool lack', async () => {
    write('skill/no-head/SKILL.md', '# Only text\n')
    write('skill/other-name/SKILL.md', SKILL)
    write('skill/bad-yaml/SKILL.md', '---\nname: [\n---\n')
    write('skill/empty/notes.md', '')
    write('skill/bad name/SKILL.md', SKILL)
    write('skill/file.md', '')
    write('tool/linter.ts', 'export default {}\n')
    write('tool/folder/index.ts', 'export default {}\n')
    write('tool/none/readme.md', '')
    expect(await problemsOf('skill', 'no-head')).toEqual([[null, 1, expect.stringContaining('It has no front matter')]])
    expect(await problemsOf('skill', 'other-name')).toEqual([[null, 1, expect.stringContaining('“NAME”')]])
    expect(await problemsOf('skill', 'bad-yaml')).toEqual([[null, expect.any(Number), expect.stringContaining('not valid YAML')]])
    expect(await problemsOf('skill', 'empty')).toEqual([[null, null, 'It has no SKILL.md.']])
    expect(await problemsOf('skill', 'bad name')).toEqual([[null, null, expect.stringContaining('Its name is invalid')]])
    expect(await problemsOf('skill', 'file.md')).toEqual([[null, null, 'A skill is a folder.']])
    expect((await entry('tool', 'linter')).file).toBe('tool/linter.ts')
    expect((await entry('tool', 'folder')).file).toBe('tool/folder/index.ts')
    expect(await problemsOf('tool', 'none')).toEqual([[null, null, 'It has neither none.ts nor index.ts.']])
    await expect(library.assertEntries('skill', ['empty'])).rejects.toMatchObject({ code: 'LIBRARY_ENTRY_INVALID' })
    await expect(library.assertEntries('skill', ['no-hed'])).rejects.toMatchObject({
      code: 'LIBRARY_ENTRY_NOT_FOUND',
      data: { nearest: 'no-head' },
    })
    await library.assertEntries('tool', ['linter', 'folder'])
  })

  it('is read quickly with 2,000 skills, and again only where it has changed', async () => {
    for (let at = 0; at < 2000; at++) skill(`s${at}`)
    const first = performance.now()
    expect((await library.index()).entries).toHaveLength(2000)
    const second = performance.now()
    write('skill/s7/SKILL.md', SKILL.replaceAll('NAME', 's7').replace('Helps', 'Assists'))
    expect((await entry('skill', 's7')).description).toBe('Assists with s7')
    const third = performance.now()
    expect(second - first).toBeLessThan(5000)
    expect(third - second).toBeLessThan(3000)
  })
})

describe('files', () => {
  it('are written only if they are still what was read', async () => {
    template('node', '{}')
    const path = 'workspace-template/node.json'
    const { digest } = await library.readFile(path)
    const written = await library.writeFile({ path, text: '{ "name": "a" }', digest })
    expect(written.digest).not.toBe(digest)
    await expect(library.writeFile({ path, text: '{ "name": "b" }', digest })).rejects.toMatchObject({ code: 'LIBRARY_FILE_CHANGED' })
    await expect(library.writeFile({ path, text: '{}', digest: null })).rejects.toMatchObject({ code: 'LIBRARY_FILE_CHANGED' })
    expect(readFileSync(join(folders.root, 'library', path), 'utf8')).toBe('{ "name": "a" }')
    await library.writeFile({ path: 'skill/new/SKILL.md', text: SKILL, digest: null })
    rmSync(join(folders.root, 'library', path))
    await expect(library.writeFile({ path, text: '{}', digest: written.digest })).rejects.toMatchObject({ code: 'LIBRARY_FILE_CHANGED' })
  })

  it('are checked as they are typed', async () => {
    skill('python-dev')
    expect(await library.check('{ "skills": ["python-dev"] }')).toEqual([])
    expect(await library.check('{\n "skils": [] }')).toMatchObject([{ line: 2, path: 'skils' }])
  })

  it('show what is new and what git has of them', async () => {
    template('node', '{}\n')
    await library.repository.init()
    template('node', '{ "name": "x" }\n')
    expect(await library.diff('workspace-template/node.json')).toMatchObject({ committed: '{}\n', current: '{ "name": "x" }\n' })
    skill('new')
    expect(await library.diff('skill/new/SKILL.md')).toMatchObject({ committed: null, patch: '' })
  })

  it('tell once of many changes, also of the repository’s', async () => {
    template('node', '{}')
    skill('a')
    await library.index()
    const told = () =>
      new Promise<void>((resolve) => {
        onChange = resolve
      })
    let next = told()
    for (let at = 0; at < 20; at++) skill('a')
    write('skill/a/notes.md', 'x')
    await next
    expect(changes).toBe(1)
    utimesSync(join(folders.root, 'library/skill/a/SKILL.md'), 1, 1)
    await library.repository.init()
    next = told()
    await library.index()
    template('other', '{}')
    await next
    expect((await library.index()).entries).toHaveLength(3)
  })
})
