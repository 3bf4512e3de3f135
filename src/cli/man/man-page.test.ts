import { spawnSync } from 'node:child_process'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { allCommands, completionSpec } from '../completion/spec'
import { buildProgram } from '../program'
import { manPage } from './man-page'

const program: Command = buildProgram('1.2.3', async () => {})
const page = manPage(program, '1.2.3')
const has = (command: string) => spawnSync(command, ['--version']).error === undefined

test('each command is a section with its options, and each line is text or a macro that man knows', () => {
  const leaves = allCommands(completionSpec(program)).filter(({ subcommands }) => subcommands.length === 0)
  expect(leaves.length).toBeGreaterThan(60)
  for (const { path, options } of leaves) {
    const head = `.SS "berth ${path.replaceAll('-', '\\-')}`
    const start = page.split('\n').findIndex((line) => line === `${head}"` || line.startsWith(`${head} `))
    expect(start, path).toBeGreaterThan(0)
    const section =
      page
        .split('\n')
        .slice(start + 1)
        .join('\n')
        .split('\n.S')[0] ?? ''
    for (const { flags } of options) {
      const long = flags.at(-1)?.replaceAll('-', '\\-') ?? ''
      expect(`${section}\n${page.split('.SH COMMANDS')[0]}`.includes(long) || long === '\\-\\-help', `${path} ${long}`).toBe(true)
    }
  }
  for (const line of page.split('\n').filter((one) => /^[.']/.test(one))) expect(line).toMatch(/^\.(TH|SH|SS|PP|TP|B|I|br|nf|fi|\\")( |$)/)
  expect(page).not.toMatch(/[^\n\x20-\x7e]/)
})

test('what would mean something to roff is text', () => {
  const tricky = buildProgram('1', async () => {})
  tricky.command('odd').description('.start with a dot, a \\ and “quotes”').option('--x <a>', "'quoted' – 日本")
  const odd = manPage(tricky, '1').split('.SS "berth odd [options]"')[1]
  expect(odd).toContain('\\&.start with a dot, a \\e and \\(lqquotes\\(rq.')
  expect(odd).toContain('\\(aqquoted\\(aq \\[u2013] \\[u65E5]\\[u672C]')
})

test.runIf(has('mandoc'))('mandoc finds nothing to complain about', () => {
  const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning'], { input: page, encoding: 'utf8' })
  expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([])
})

test.runIf(has('groff'))('groff finds nothing to complain about', () => {
  const { stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-Tutf8'], { input: page, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toContain('berth start')
})
