/** A block of shell commands in a page of the documents. */
export interface Block {
  /** Line of the page at which it begins, counted from 1. */
  line: number
  /** What the comments above it say. */
  directives: Directives
  commands: Command[]
}

export interface Directives {
  /** Why it is not run. */
  'not run'?: string
  /** What is typed at the terminal that it then has, with `\n` between lines. */
  input?: string
  /** Seconds after which somebody presses Ctrl-C; it must still run then. */
  'ctrl-c after'?: string
  /** The exit code that its last command has to have; 0 unless it is given. */
  'exit code'?: string
}

export interface Command {
  script: string
  /** Lines that the page shows below it; null where it shows none, and any output will do. */
  output: string[] | null
}

const DIRECTIVE = /^<!-- (not run|input|ctrl-c after|exit code): (.+) -->$/
const PREPARATION = '<!-- run first:'
const COMMENT_END = '-->'

/**
 * The shell blocks of a page, in order. `sh` blocks have commands only; in `console` blocks commands begin with `$ ` (and go on with
 * `> `), and what is below them is their output. HTML comments directly above a block say how it is run, or why not. A comment that begins
 * with `<!-- run first:` has commands that readers do not see. Throws for a block that is not closed or has no commands.
 */
export function blocksOf(page: string): Block[] {
  const lines = page.split('\n')
  const blocks: Block[] = []
  let directives: Directives = {}
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const [, key, value] = DIRECTIVE.exec(line) ?? []
    if (key !== undefined) {
      directives = { ...directives, [key]: value }
      continue
    }
    const begin = line === PREPARATION ? { kind: 'sh', end: COMMENT_END } : fenceOf(line)
    if (begin === null) {
      // What stands between a comment and its block would leave whoever reads the source in doubt.
      if (line !== '') directives = {}
      continue
    }
    const end = lines.indexOf(begin.end, index + 1)
    if (end === -1) throw new Error(`Line ${index + 1}: this block is not closed.`)
    const commands = commandsOf(begin.kind, lines.slice(index + 1, end))
    if (commands?.length === 0) throw new Error(`Line ${index + 1}: this block has no commands.`)
    if (commands !== null) blocks.push({ line: index + 1, directives, commands })
    directives = {}
    index = end
  }
  return blocks
}

function fenceOf(line: string): { kind: string; end: string } | null {
  return line.startsWith('```') ? { kind: line.slice(3).trim(), end: '```' } : null
}

/** Blocks of these hold no commands. */
const OTHER_KINDS = ['json', 'text']

/** null for a block that holds something else than commands. */
function commandsOf(kind: string, lines: string[]): Command[] | null {
  if (OTHER_KINDS.includes(kind)) return null
  if (kind === 'sh') return lines.some((line) => line.trim() !== '') ? [{ script: lines.join('\n'), output: null }] : []
  if (kind !== 'console') throw new Error(`A block has commands (sh, console) or none (${OTHER_KINDS.join(', ')}), not “${kind}”.`)
  const commands: Command[] = []
  for (const line of lines) {
    const last = commands.at(-1)
    if (line.startsWith('$ ')) commands.push({ script: line.slice(2), output: [] })
    else if (last?.output === undefined) throw new Error(`A console block begins with a command, not with: ${line}`)
    else if (line.startsWith('> ') && last.output?.length === 0) last.script += `\n${line.slice(2)}`
    else last.output?.push(line)
  }
  return commands
}
