import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { withCheckout } from '../support/built-version'

const run = promisify(execFile)
const NOTES = '### Added\n\n- A thing.'
const CHANGELOG = `# Changelog\n\n## [Unreleased]\n\n## [7.1.0] - 2026-12-01\n\n${NOTES}\n\n## [7.0.0] - 2026-11-01\n\n- Older.\n`

it('a release is refused for what is not ready, and is made without publishing', async () => {
  await withCheckout(async (checkout) => {
    const git = (...args: string[]) => run('git', ['-C', checkout, '-c', 'user.name=T', '-c', 'user.email=t@t', ...args])
    const commit = async () => {
      await git('add', '--all')
      await git('commit', '--quiet', '--message', 'All')
    }
    const release = (...args: string[]) => run('node', ['script/lib/release.mjs', ...args], { cwd: checkout, maxBuffer: 64 * 1024 * 1024 })
    await git('init', '--quiet')
    await appendFile(join(checkout, '.gitignore'), 'node_modules\n')
    await commit()

    await expect(release('7.1')).rejects.toThrow('“7.1” is no version')
    await expect(release('0.0.9')).rejects.toThrow('0.0.9 is older than')
    await expect(release('7.1.0')).rejects.toThrow(
      'CHANGELOG.md has no section for 7.1.0. Name what is under “## [Unreleased]” “## [7.1.0] - ',
    )
    await writeFile(join(checkout, 'CHANGELOG.md'), CHANGELOG)
    await expect(release('7.1.0')).rejects.toThrow('There are changes that are not committed:\nM CHANGELOG.md')
    await commit()
    await git('tag', 'v7.0.0')
    await expect(release('7.0.0')).rejects.toThrow('There is a tag v7.0.0 already.')
    expect((await release('7.1.0', '--check')).stdout).toBe('7.1.0 can be released.\n')
    expect((await git('status', '--porcelain')).stdout).toBe('')

    const { stdout } = await release('7.1.0', '--fast')
    expect(stdout).toContain('Nothing is committed or published.')
    expect(stdout).toContain('git tag -a v7.1.0 -m "Berth 7.1.0"')
    expect((await git('status', '--porcelain')).stdout).toBe(' M package-lock.json\n M package.json\n')
    for (const name of ['package.json', 'package-lock.json'])
      expect(JSON.parse(await readFile(join(checkout, name), 'utf8'))).toMatchObject({ name: 'berth', version: '7.1.0' })
    expect((await git('diff', '--stat')).stdout).toContain('2 files changed, 3 insertions(+), 3 deletions(-)')
    expect((await git('log', '--format=%s')).stdout).toBe('All\nAll\n')

    const folder = join(checkout, 'dist/7.1.0')
    const made = await readdir(folder)
    expect(made).toEqual(expect.arrayContaining(['SHA256SUMS', 'berth-7.1.0.tgz', 'berth-7.1.0-notes.md', 'berth-7.1.0.cdx.json']))
    if (existsSync('/usr/bin/dpkg-deb')) expect(made.filter((name) => name.startsWith('berth-server_7.1.0_'))).toHaveLength(1)
    await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder })
    expect(await readFile(join(folder, 'berth-7.1.0-notes.md'), 'utf8')).toBe(`${NOTES}\n`)
    const components = JSON.parse(await readFile(join(folder, 'berth-7.1.0.cdx.json'), 'utf8'))
    expect(components).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'berth', version: '7.1.0' } } })
    const names = (components.components as { name: string }[]).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['dockerode', 'ssh2', 'react', 'node', 'electron']))
    expect(names).not.toContain('vitest')
    const { stdout: files } = await run('tar', [
      '--extract',
      '--to-stdout',
      '--file',
      join(folder, 'berth-7.1.0.tgz'),
      'package/package.json',
    ])
    expect(JSON.parse(files)).toMatchObject({ version: '7.1.0' })

    await expectGathered(checkout, folder)
  })
})

/** As the workflow does with what several systems have made. */
async function expectGathered(checkout: string, folder: string): Promise<void> {
  const from = join(checkout, 'dist/from')
  const list = (arch: string) =>
    `version: 7.1.0\nfiles:\n  - url: Berth-7.1.0-mac-${arch}.zip\n    sha512: ${arch}\npath: Berth-7.1.0-mac-${arch}.zip\n`
  for (const arch of ['arm64', 'x64']) {
    await mkdir(join(from, arch), { recursive: true })
    await writeFile(join(from, arch, 'latest-mac.yml'), list(arch))
    await writeFile(join(from, arch, `Berth-7.1.0-mac-${arch}.zip`), arch)
  }
  await cp(join(folder, 'berth-7.1.0.tgz'), join(from, 'x64/berth-7.1.0.tgz'))
  const to = join(checkout, 'dist/to')
  await run('node', ['script/lib/release-files.mjs', '7.1.0', from, to], { cwd: checkout })
  expect((await readdir(to)).sort()).toEqual([
    ...['Berth-7.1.0-mac-arm64.zip', 'Berth-7.1.0-mac-x64.zip', 'SHA256SUMS', 'berth-7.1.0-notes.md', 'berth-7.1.0.cdx.json'],
    ...['berth-7.1.0.tgz', 'latest-mac.yml'],
  ])
  const merged = parse(await readFile(join(to, 'latest-mac.yml'), 'utf8')) as { files: { url: string }[] }
  expect(merged.files.map(({ url }) => url)).toEqual(['Berth-7.1.0-mac-arm64.zip', 'Berth-7.1.0-mac-x64.zip'])
  await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: to })
  await writeFile(join(from, 'arm64/berth-7.1.0.tgz'), 'another')
  await expect(run('node', ['script/lib/release-files.mjs', '7.1.0', from, `${to}-2`], { cwd: checkout })).rejects.toThrow('was made twice')
}
