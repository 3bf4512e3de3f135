import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { DEFAULT_DISTRO, dockerfileOf } from '../../shared/distros'
import { createRuntimeFiles } from './runtime-files'

const resources = join(import.meta.dirname, '../../../resources')

/** A new container of such an image starts without these files being put into it. */
it('has in Berth’s own image the same files as it puts into a container before a start', async () => {
  const context = join(resources, 'workspace-image')
  const dockerfile = await readFile(join(context, dockerfileOf(DEFAULT_DISTRO)), 'utf8')
  const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].flatMap(([, sources = '', target = '']) =>
    sources
      .split(' ')
      .map((source) => ({ source: join(context, source), path: target.endsWith('/') ? target + basename(source) : target })),
  )
  const files = await createRuntimeFiles(resources)(['/usr/local/lib/berth/entrypoint'])
  expect(files.length).toBeGreaterThan(0)
  for (const { path, content, mode } of files) {
    const copied = copies.find((copy) => copy.path === path)
    const source = copied?.source ?? `nothing is copied to ${path}`
    expect({ path, content: await readFile(source, 'utf8'), mode: (await stat(source)).mode & 0o777 }).toEqual({ path, content, mode })
  }
})
