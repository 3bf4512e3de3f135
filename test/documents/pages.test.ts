import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isAsShown } from './expected-output'
import { blocksOf } from './page-blocks'

const ROOT = join(import.meta.dirname, '../..')

describe('isAsShown', () => {
  it('takes the same words, whatever the spaces', () => {
    expect(isAsShown(['NAME  STATUS', 'web   running'], 'NAME    STATUS\nweb     running\n')).toBe(true)
    expect(isAsShown(['web is running'], 'web is stopped')).toBe(false)
  })

  it('takes any number for a number, and any size for a size', () => {
    expect(isAsShown(['ssh on port 2200, 1.2 MiB'], 'ssh on port 2305, 980 KiB')).toBe(true)
    expect(isAsShown(['port 2200'], 'port none')).toBe(false)
  })

  it('takes any text for …, and any lines where it is alone', () => {
    expect(isAsShown(['Id  …', '…', 'last'], 'Id  4gaqn9r0\none\ntwo\nlast')).toBe(true)
    expect(isAsShown(['first', '…', 'last'], 'first\nlast')).toBe(true)
    expect(isAsShown(['first', '…', 'last'], 'first\nother')).toBe(false)
  })

  it('misses no line and takes no further one', () => {
    expect(isAsShown(['one', 'two'], 'one')).toBe(false)
    expect(isAsShown(['one'], 'one\ntwo')).toBe(false)
    expect(isAsShown([], 'something')).toBe(false)
  })

  it('takes what is special in patterns as it is', () => {
    expect(isAsShown(['[web] (2 running)'], '[web] (3 running)')).toBe(true)
    expect(isAsShown(['a.b'], 'axb')).toBe(false)
  })
})

describe('blocksOf', () => {
  it('reads commands, and what is below them', () => {
    const [sh, console] = blocksOf('```sh\necho 1\necho 2\n```\n\n```console\n$ echo 3 \\\n> 4\n3 4\n$ true\n```\n')
    expect(sh).toEqual({ line: 1, directives: {}, commands: [{ script: 'echo 1\necho 2', output: null }] })
    expect(console?.commands).toEqual([
      { script: 'echo 3 \\\n4', output: ['3 4'] },
      { script: 'true', output: [] },
    ])
  })

  it('takes the comments directly above a block', () => {
    const blocks = blocksOf(
      '<!-- exit code: 1 -->\n<!-- input: exit -->\n```sh\nfalse\n```\n<!-- not run: text -->\nBetween.\n```sh\ntrue\n```',
    )
    expect(blocks.map(({ directives }) => directives)).toEqual([{ 'exit code': '1', input: 'exit' }, {}])
  })

  it('takes hidden commands, and leaves other blocks', () => {
    expect(blocksOf('<!-- run first:\nmkdir a\n-->\n```json\n{}\n```\n')).toMatchObject([{ line: 1, commands: [{ script: 'mkdir a' }] }])
  })

  it('refuses a block that is not closed, is empty or begins with output', () => {
    expect(() => blocksOf('```sh\ntrue\n')).toThrow('not closed')
    expect(() => blocksOf('```sh\n\n```\n')).toThrow('no commands')
    expect(() => blocksOf('```bash\ntrue\n```\n')).toThrow('not “bash”')
    expect(() => blocksOf('```console\nhello\n```\n')).toThrow('begins with a command')
  })
})

describe('the documents', () => {
  const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((path) => path !== '' && path !== 'CHANGELOG.md' && !path.startsWith('resources/'))
  const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8')

  it.each(pages)('%s has links that lead somewhere', (page) => {
    const text = textOf(page).replaceAll(/^```.*?^```/gms, '')
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(([, link, image]) => link ?? image ?? '')
    const broken = targets.filter((target) => {
      if (target.startsWith('https://')) return false
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(ROOT, file))) return true
      return anchor !== undefined && !anchorsOf(textOf(file)).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it('has every page of the guide in its contents', () => {
    const contents = textOf('docs/guide/README.md')
    const missing = pages.filter(
      (page) => page.startsWith('docs/guide/') && !page.endsWith('/README.md') && !contents.includes(`(${basename(page)})`),
    )
    expect(missing).toEqual([])
  })

  it('has a README that fits on two screens', () => expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(120))
})

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
