import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readPlan } from '../../credentials/plan'
import { readLibrary } from '../../library/library-index'
import { libraryCopies } from './library-copies'

const SKILL = '---\nname: dev\ndescription: Helps\n---\n'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'berth-library-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

async function planned(record: { skills: string[]; tools: string[] }) {
  const { sources, links, problems } = await libraryCopies({ read: () => readLibrary(join(folder, 'library'), new Map()) }, record)
  const plan = await readPlan(sources, links)
  const files = plan.entries.filter(({ kind }) => kind !== 'folder')
  return {
    paths: files.map((entry) => entry.path.slice('/home/workspace/'.length) + (entry.kind === 'link' ? ` -> ${entry.target}` : '')),
    problems: [...plan.problems, ...problems],
  }
}

it('goes to each place where an agent looks', async () => {
  write('library/skill/dev/SKILL.md', SKILL)
  write('library/skill/dev/scripts/run.sh', '')
  write('library/tool/lint.ts', '')
  write('library/tool/deploy/index.ts', '')
  write('library/tool/deploy/steps.ts', '')
  expect(await planned({ skills: ['dev'], tools: ['lint', 'deploy'] })).toEqual({
    paths: [
      '.agents/skills/dev/SKILL.md',
      '.agents/skills/dev/scripts/run.sh',
      '.claude/skills/dev/SKILL.md',
      '.claude/skills/dev/scripts/run.sh',
      '.config/opencode/tools/deploy.ts -> deploy/index.ts',
      '.config/opencode/tools/deploy/index.ts',
      '.config/opencode/tools/deploy/steps.ts',
      '.config/opencode/tools/lint.ts',
      '.opencode/skill/dev/SKILL.md',
      '.opencode/skill/dev/scripts/run.sh',
      '.opencode/tool/deploy.ts -> deploy/index.ts',
      '.opencode/tool/deploy/index.ts',
      '.opencode/tool/deploy/steps.ts',
      '.opencode/tool/lint.ts',
      '.qwen/skills/dev/SKILL.md',
      '.qwen/skills/dev/scripts/run.sh',
    ],
    problems: [],
  })
})

it('names what is not there, and never copies what a link outside leads to', async () => {
  write('secret', 'secret')
  write('library/shared.md', 'shared')
  write('library/skill/dev/SKILL.md', SKILL)
  symlinkSync('../../shared.md', join(folder, 'library/skill/dev/shared.md'))
  symlinkSync(join(folder, 'secret'), join(folder, 'library/skill/dev/secret'))
  const { paths, problems } = await planned({ skills: ['dev', 'gone'], tools: ['gone'] })
  expect(paths).toHaveLength(8)
  expect(paths.filter((path) => path.includes('secret'))).toEqual([])
  expect(problems).toEqual([
    ...Array.from({ length: 4 }, () => expect.stringContaining('leads out of')),
    expect.stringContaining('The skill gone is missing from the library'),
    expect.stringContaining('The tool gone is missing from the library'),
  ])
})
