import type { Command, Option } from 'commander'
import { EXIT } from '../exit-codes'
import { examplesOf } from '../options/command-tree'

/** The whole tree of commands as one manual page, in the man macros that groff and mandoc read. */
export function manPage(program: Command, version: string): string {
  const lines = [
    '.\\" Made by “berth man”.'.replace(/[“”]/g, '"'),
    `.TH BERTH 1 "" "berth ${roff(version)}" "User Commands"`,
    '.SH NAME',
    `berth \\- ${roff(sentence(program.description()))}`,
    '.SH SYNOPSIS',
    '.B berth',
    `[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]`,
    '.SH DESCRIPTION',
    ...paragraph(program.description()),
    ...paragraph('A Berth is started in the background when a command needs one. These options go with every command.'),
    ...program.options.flatMap(optionLines),
    '.SH COMMANDS',
    ...leavesOf(program).flatMap(commandLines),
    '.SH EXIT STATUS',
    ...EXIT_STATUS.flatMap(([code, text]) => item(String(code), text)),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, text]) => item(name, text)),
    ...exampleLines('.SH EXAMPLES', examplesOf(program).lines),
  ]
  return `${lines.join('\n')}\n`
}

const EXIT_STATUS: readonly [number, string][] = [
  [EXIT.ok, 'All went well.'],
  [EXIT.failure, 'Something failed, or one of several did.'],
  [EXIT.usage, 'Wrong options or arguments, or a question that nobody was there to answer.'],
  [EXIT.timedOut, '--timeout was over.'],
  [EXIT.noCommandCode, 'exec, shell and ssh: Berth failed. Otherwise they end with the code of what ran.'],
  [EXIT.interrupted, 'Interrupted by Ctrl-C.'],
]

const ENVIRONMENT: readonly [string, string][] = [
  ['BERTH_HOME', 'The folder in which Berth keeps settings, records and keys.'],
  ['BERTH_AUTOSTART', '0 has commands fail where no Berth runs, as --no-autostart.'],
  ['NO_COLOR', 'Print without colours, as --no-color.'],
  ['FORCE_COLOR', 'Print with colours, also into a pipe.'],
]

/** Commands that do something; groups of them are only part of their names. */
function leavesOf(command: Command): Command[] {
  return command.commands
    .filter((child) => !child.name().startsWith('__'))
    .flatMap((child) => (child.commands.length === 0 ? [child] : leavesOf(child)))
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

/** Its own, and those of the groups that it is in. */
function optionsOf(command: Command): Option[] {
  const { parent } = command
  const ofGroup = parent === null || parent.parent === null ? [] : optionsOf(parent)
  return [...command.options.filter(({ hidden }) => !hidden), ...ofGroup]
}

function commandLines(command: Command): string[] {
  const { lines, notes } = examplesOf(command)
  const places = command.registeredArguments.map((place) => {
    const name = `${place.name()}${place.variadic ? '...' : ''}`
    return place.required ? `<${name}>` : `[${name}]`
  })
  const aliases = command.aliases()
  return [
    `.SS ${quoted([pathOf(command), ...(command.options.length === 0 ? [] : ['[options]']), ...places].join(' '))}`,
    ...paragraph(sentence(command.description())),
    ...(aliases.length === 0 ? [] : paragraph(`Also: ${aliases.join(', ')}.`)),
    ...command.registeredArguments
      .filter(({ description }) => description !== '')
      .flatMap((place) => item(place.name(), place.description, 'I')),
    ...optionsOf(command).flatMap(optionLines),
    ...noteLines(notes),
    ...exampleLines('.PP', lines),
  ]
}

function optionLines({ flags, description, argChoices, defaultValue }: Option): string[] {
  const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`
  const initial = typeof defaultValue === 'string' ? ` (default: ${defaultValue})` : ''
  return item(flags, `${description}${choices}${initial}`)
}

function item(term: string, text: string, font: 'B' | 'I' = 'B'): string[] {
  return ['.TP', `.${font} ${quoted(term)}`, line(text)]
}

function paragraph(text: string): string[] {
  return ['.PP', line(text)]
}

/** A line that begins with a space, or ends without a full stop, goes on in the next. */
function noteLines(notes: readonly string[]): string[] {
  return notes.flatMap((note, index) => {
    if (note === '') return []
    if (note.startsWith('  ')) return ['.br', line(note)]
    const before = notes[index - 1]
    return before === undefined || /[.:”]$/.test(before) || before === '' ? paragraph(note) : [line(note)]
  })
}

function exampleLines(before: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [before, '.nf', ...lines.map((example) => line(`$ ${example}`)), '.fi']
}

/** With a capital letter and a full stop. */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`
}

/** A line of text that is not taken for a macro. */
function line(text: string): string {
  const safe = roff(text.replaceAll('\n', ' ').trim())
  return /^[.']/.test(safe) ? `\\&${safe}` : safe
}

/** One argument of a macro. */
function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`
}

const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '“': '\\(lq',
  '”': '\\(rq',
  '’': '\\(cq',
  '…': '...',
  "'": '\\(aq',
  '`': '\\(ga',
}

/** Text in which nothing means anything to roff, in ASCII. */
function roff(text: string): string {
  return text.replace(/[\\\-“”’…'`]|[^\u0020-\u007e]/gu, (character) => {
    return NAMED[character] ?? `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
  })
}
