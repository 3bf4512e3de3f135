import type { ProgramProcess, Programs } from '../simulation/engine/programs'

const LONG_SECONDS = 100

/** The programs of the cases' image, for an engine in which nothing really runs: `sleep`, `cat`, and as much of `sh` as the cases use. */
export const shellPrograms =
  (files: Map<string, Buffer>): Programs =>
  (command, process) => {
    const [program, ...rest] = command
    switch (program) {
      case undefined:
        return sleep(process, LONG_SECONDS)
      case 'sleep':
        return sleep(process, Number(rest[0]))
      case 'cat':
        return {
          onInput: (bytes) => process.write('stdout', bytes),
          onInputEnd: () => process.exit(0),
        }
      case 'sh':
        return script(process, files, rest[1] ?? '')
      default:
        return null
    }
  }

/** Time would run to the end of a long sleep at once; nobody waits for that. */
function sleep(process: ProgramProcess, seconds: number) {
  if (seconds < LONG_SECONDS) process.after(seconds * 1000, () => process.exit(0))
  return {}
}

/** Statements one after the other: echo, printf, sleep, cat, trap of TERM, exit, and a kill of itself. A loop never ends. */
function script(process: ProgramProcess, files: Map<string, Buffer>, text: string) {
  const statements = text.split(';').map((statement) => statement.trim())
  let ignoresTerm = false
  const input: Buffer[] = []
  let isInputOver = false
  let isReading = false

  /** What a `cat` has been waiting for, or what came before it. */
  function read(): void {
    if (!isReading) return
    for (const bytes of input.splice(0)) process.write('stdout', bytes)
    if (!isInputOver) return
    isReading = false
    next()
  }

  function next(): void {
    const [word = 'exit', ...words] = (statements.shift() ?? 'exit 0').split(/\s+/)
    const stream = words.at(-1) === '>&2' ? 'stderr' : 'stdout'
    const said = words.filter((one) => one !== '>&2').join(' ')
    switch (word) {
      case 'echo':
      case 'printf':
        process.write(stream, word === 'echo' ? `${said}\n` : said)
        return next()
      case 'sleep':
        return Number(said) < LONG_SECONDS ? process.after(Number(said) * 1000, next) : undefined
      case 'cat':
        if (said !== '') {
          process.write('stdout', files.get(said) ?? '')
          return next()
        }
        isReading = true
        return read()
      case 'trap':
        ignoresTerm = true
        return next()
      case 'while':
        return undefined
      case 'kill':
        return process.exit(137)
      case 'exit':
        return process.exit(Number(said))
      default:
        throw new Error(`the simulated shell has no ${word}`)
    }
  }
  process.after(1, next)
  return {
    onTerm: () => ignoresTerm || process.exit(143),
    onInput(bytes: Buffer) {
      input.push(bytes)
      read()
    },
    onInputEnd() {
      isInputOver = true
      read()
    },
  }
}
