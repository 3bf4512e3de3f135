import { StringDecoder } from 'node:string_decoder'
import { nanoid } from 'nanoid'
import { BerthError } from '../../shared/errors'
import { createEnding, isCutOff } from '../engine/command-ending'
import type { Exec } from '../engine/exec'
import { startTracked, type TrackedExec } from '../engine/tracked-exec'
import { log } from '../log'

/** A script of the user's, to be run in a workspace. */
export interface Script {
  /** A file name, which messages of the script then carry. */
  name: string
  content: Buffer
}

interface RunScriptOptions {
  containerId: string
  user: string
  preferredCwd: string
  environment: Record<string, string | null>
  /** In the environment of all its processes: `endMarked` finds what is left of a run by it. */
  marker: string
  /** Left out: none. */
  timeoutMs?: number | undefined
  signal: AbortSignal
  /** Lines of its output as they come, stdout and stderr together. The script waits until this has resolved. */
  onLines(lines: string[]): Promise<void>
}

export interface ScriptResult {
  /** null when its time was over. */
  exitCode: number | null
  /** Of a bash script that failed, the line at which it did; null where that is not known. */
  line: number | null
}

/** A line without an end is cut here. */
const LONGEST_LINE = 16 * 1024

/**
 * The script comes by stdin and is put into a folder that goes with it. Its last words are on a line of their own: `$1`, which nobody can
 * guess, its exit code, and the line at which it failed. What a script leaves running keeps its output open, so that the end of that says nothing.
 * `$2` is its name, `$3` is `bash` for one without an interpreter line, `$4` is for BASH_ENV, or empty.
 */
const RUNNER = `
exec 2>&1
folder=$(mktemp -d /tmp/berth.XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' HUP INT TERM
file=$folder/$2
cat >"$file" && chmod 700 "$file" || exit 1
exec </dev/null
if [ -n "$4" ]; then
  printf '%s' "$4" >"$folder/.berth-lines"
  BASH_ENV=$folder/.berth-lines
  export BASH_ENV
fi
if [ "$3" = bash ]; then bash -e "$file"; else "$file"; fi
code=$?
line=
[ ! -s "$folder/.berth-line" ] || read -r line <"$folder/.berth-line"
printf '%s %s %s\\n' "$1" "$code" "$line"
`

/**
 * Read by bash before a script of its own: notes the line of the command that failed, or of the “exit”. Within a file that the script sources, that is
 * the line of the script that sourced it. A failure after which the script went on is forgotten when it ends. There is no note of what bash itself
 * gives up at (a syntax error, an unset variable): its own words name the line. A DEBUG trap would know, but it takes \$_ away and makes loops slow.
 */
const NOTE_LINES = `
__berth_file=\${BASH_ENV%/*}/.berth-line
unset BASH_ENV
__berth_command=
__berth_note() {
  local frame line=$1
  __berth_command=$2
  for ((frame = 1; frame < \${#BASH_SOURCE[@]}; frame++)); do
    if [[ \${BASH_SOURCE[frame]} == "$0" ]]; then break; fi
    line=\${BASH_LINENO[frame]}
  done
  printf '%s\\n' "$line" >"$__berth_file"
}
exit() {
  local code=\${1-$?}
  __berth_note 0 'builtin exit "$code"'
  builtin exit "$code"
}
set -o errtrace
trap '__berth_note "$LINENO" "$BASH_COMMAND"' ERR
trap '[[ $BASH_COMMAND == "$__berth_command" ]] || : >"$__berth_file"' EXIT
`

/** Whether bash is what runs it: it has no interpreter line, or one that names bash. */
function interpreterOf(content: Buffer): 'none' | 'bash' | 'other' {
  if (content.toString('latin1', 0, 2) !== '#!') return 'none'
  const end = content.indexOf('\n')
  const [program = '', argument = ''] = content
    .toString('utf8', 2, end === -1 ? content.length : end)
    .trim()
    .split(/\s+/)
  const name = program.endsWith('/env') ? argument : program
  return name === 'bash' || name.endsWith('/bash') ? 'bash' : 'other'
}

/**
 * Runs a script in a container to its end; background processes keep running. Without an interpreter line it is run by `bash -e`. On
 * timeout or abort, it and everything it started are ended. Throws CANCELLED when aborted, EXEC_FAILED if the workspace does not have the
 * required programs or the container ends, and errors of the engine.
 */
export async function runScript(exec: Exec, script: Script, options: RunScriptOptions): Promise<ScriptResult> {
  const { containerId, user, preferredCwd, environment, marker, timeoutMs, signal, onLines } = options
  signal.throwIfAborted()
  const end = `berth-end-${nanoid()}`
  const interpreter = interpreterOf(script.content)
  const running = await startTracked(exec, {
    ...{ containerId, user, preferredCwd, marker, tty: false, stdin: true, detached: 'included' },
    env: environment,
    command: [
      ...['sh', '-c', RUNNER, 'sh', end, script.name],
      interpreter === 'none' ? 'bash' : '',
      interpreter === 'other' ? '' : NOTE_LINES,
    ],
  })
  running.stderr.resume()
  const ending = createEnding(running, { timeoutMs, signal })
  try {
    running.stdin?.on('error', (error) => log.debug({ err: error }, 'a script could not be sent'))
    running.stdin?.end(script.content)
    const said = await Promise.race([readToEnd(running, end, onLines), ending.failed])
    const why = await ending.settled()
    if (why !== null && signal.aborted) throw cancelled(script.name)
    if (why !== null) return { exitCode: null, line: null }
    // Killed from outside, or with its container.
    return said ?? { exitCode: (await running.exitCode()) || 1, line: null }
  } finally {
    ending.forget()
    running.destroy()
  }
}

/** Hands on what the script says; null when its output ended without the last words. */
async function readToEnd({ stdout }: TrackedExec, end: string, onLines: RunScriptOptions['onLines']): Promise<ScriptResult | null> {
  const decoder = new StringDecoder('utf8')
  let unfinished = ''
  try {
    for await (const chunk of stdout as AsyncIterable<Buffer>) {
      const lines = (unfinished + decoder.write(chunk)).split('\n')
      unfinished = lines.pop() ?? ''
      const last = lines.findIndex((line) => line.includes(end))
      const said = last === -1 ? lines : lines.slice(0, last)
      const [rest = '', words = ''] = (lines[last] ?? '').split(`${end} `)
      if (rest !== '') said.push(rest)
      while (unfinished.length > LONGEST_LINE) {
        said.push(unfinished.slice(0, LONGEST_LINE))
        unfinished = unfinished.slice(LONGEST_LINE)
      }
      if (said.length > 0) await onLines(said.map(asShown))
      if (last !== -1) return resultOf(words)
    }
  } catch (error) {
    // Cut off because it was ended.
    if (!isCutOff(error)) throw error
  }
  if (unfinished !== '') await onLines([asShown(unfinished)])
  return null
}

/** Of a line that overwrote itself, as progress bars do, what a terminal would show in the end. */
function asShown(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line
  return whole.slice(whole.lastIndexOf('\r') + 1)
}

function resultOf(words: string): ScriptResult {
  const [code, line] = words.trim().split(' ').map(Number)
  const failed = code === undefined || !Number.isInteger(code) ? 1 : code
  return { exitCode: failed, line: failed !== 0 && line !== undefined && Number.isInteger(line) && line > 0 ? line : null }
}

function cancelled(name: string): BerthError {
  return new BerthError('CANCELLED', `${name} was cancelled.`, { what: name, next: 'Run it again.' })
}
