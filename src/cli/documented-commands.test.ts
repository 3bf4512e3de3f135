import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { buildProgram } from './program'

const ROOT = join(import.meta.dirname, '../..')
const GUIDE = 'docs/guide'
/** The references are made from the tree of commands itself. */
const PAGES = readdirSync(join(ROOT, GUIDE)).filter((name) => name.endsWith('.md') && !name.endsWith('-reference.md'))
const DOCUMENTS = ['README.md', 'docs/coming-from.md', 'docs/contributing.md', ...PAGES.map((name) => `${GUIDE}/${name}`)]

/** Each `berth …` of a document: in a code span, or on a line of a block; in one with output, on a line that begins with `$`. */
function commandsOf(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  const blocks = [...text.matchAll(/^```(?:sh|console)\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n'))
  const spans = [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`(berth [^`]+)`/g)].map(([, span = '']) => span)
  return [...blocks, ...spans].flatMap((line) => /(?:^|^\$ |\| |&& |do )(berth .*)/.exec(line)?.[1] ?? [])
}

/** As a shell takes the line apart, up to its comment, pipe or next command. */
function wordsOf(line: string): string[] {
  const [command = ''] = line.replaceAll(/\$\([^)]*\)/g, 'x').split(/ #| \| | && | >| <|; /)
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '')
}

/** Parses, and runs nothing. */
async function parse(words: string[]): Promise<void> {
  const program = buildProgram('0.0.0', () => Promise.resolve())
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    command.commands.forEach(quiet)
  }
  quiet(program)
  await program.parseAsync(words.slice(1), { from: 'user' })
}

const documented = DOCUMENTS.map((document) => ({ document, commands: [...new Set(commandsOf(document))] }))

it('the documents have commands', () => expect(documented.flatMap(({ commands }) => commands).length).toBeGreaterThan(150))

describe.each(documented.filter(({ commands }) => commands.length > 0))('$document', ({ commands }) => {
  it.each(commands)('%s', async (line) => {
    const words = wordsOf(line)
    try {
      await parse(words)
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error
      // Help is printed, and a text may speak of a command without its arguments.
      if (error.exitCode === 0 || error.code === 'commander.missingArgument') return
      throw error
    }
  })
})
