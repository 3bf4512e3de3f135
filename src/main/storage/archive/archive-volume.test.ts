import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { excludePattern } from './archive-volume'

test('a path is left out as it is, whatever is in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'berth-tar-'))
  try {
    const odd = ['a*b', 'a?b', '[a]b', 'a\\b', 'line\nend']
    for (const name of [...odd, 'axb', 'ab']) await writeFile(join(folder, name), '')
    const options = ['--anchored', '--no-wildcards-match-slash', '--exclude-from=-', `--directory=${folder}`, '--file=-', '.']
    const tar = execFileSync('tar', ['--create', ...options], { input: odd.map((path) => `${excludePattern(path)}\n`).join('') })
    const kept = execFileSync('tar', ['--list', '--file=-'], { input: tar, encoding: 'utf8' })
    expect(kept.split('\n').filter(Boolean).sort()).toEqual(['./', './ab', './axb'])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
