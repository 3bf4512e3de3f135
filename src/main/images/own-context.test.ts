import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import tar from 'tar-stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OWN_DOCKERFILE, openOwnContext } from './own-context'

let folder: string
const write = (path: string, content = '') => writeFile(join(folder, path), content)

/** Its entries: name, type, and what is in it. */
async function entriesOf(context: string, dockerfile: string): Promise<string[]> {
  const { stream } = await openOwnContext(context, dockerfile)
  const found: string[] = []
  for await (const entry of stream.pipe(tar.extract())) {
    const { name, type, linkname } = entry.header
    const content = await text(entry)
    found.push(`${name} ${type} ${type === 'symlink' ? linkname : content}`.trim())
  }
  return found
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-context-'))
  await mkdir(join(folder, 'context/node_modules/kept'), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

it('has the folder with its links as they are, and the Dockerfile from wherever it is', async () => {
  await write('Dockerfile', 'FROM berth:latest')
  await write('context/a', 'one')
  await write('context/empty')
  await symlink('/etc/passwd', join(folder, 'context/outside'))
  expect(await entriesOf(join(folder, 'context'), join(folder, 'Dockerfile'))).toEqual([
    `${OWN_DOCKERFILE} file FROM berth:latest`,
    'a file one',
    'empty file',
    'node_modules directory',
    'node_modules/kept directory',
    'outside symlink /etc/passwd',
  ])
})

it('leaves out what .dockerignore names, but for its exceptions, and never the Dockerfile', async () => {
  await write('context/Dockerfile', 'FROM berth:latest')
  await write('context/.dockerignore', '# comment\nnode_modules\n!node_modules/kept\n**/*.log\nDockerfile\n')
  for (const path of ['a', 'b.log', 'node_modules/x', 'node_modules/kept/y']) await write(`context/${path}`)
  expect(await entriesOf(join(folder, 'context'), join(folder, 'context/Dockerfile'))).toEqual([
    `${OWN_DOCKERFILE} file FROM berth:latest`,
    '.dockerignore file # comment\nnode_modules\n!node_modules/kept\n**/*.log\nDockerfile',
    'a file',
    'node_modules/kept directory',
    'node_modules/kept/y file',
  ])
})

it('says what is missing', async () => {
  const [dockerfile, context] = [join(folder, 'Dockerfile'), join(folder, 'nowhere')]
  await expect(openOwnContext(folder, dockerfile)).rejects.toMatchObject({ code: 'FILE_UNUSABLE', data: { file: dockerfile } })
  await write('Dockerfile')
  await expect(openOwnContext(context, dockerfile)).rejects.toMatchObject({ code: 'FILE_UNUSABLE', data: { file: context } })
  await expect(openOwnContext(dockerfile, dockerfile)).rejects.toMatchObject({ data: { reason: 'it is not a folder' } })
})
