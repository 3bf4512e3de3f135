import { isBerthError } from '../../shared/errors'
import { log } from '../log'
import type { Exec } from './exec'

/** Set in the environment of what Berth runs in a container, so that all it starts can be found again by what it inherits. */
export const MARKER_VARIABLE = 'BERTH_EXEC_ID'

/** A command in a container, told apart from any other that has or had its process id. */
export interface ProcessTree {
  pid: string
  /** When it began, as the kernel counts: process ids are given again, also after a restart of the container. */
  startedAt: string
  /** Value of MARKER_VARIABLE. */
  marker: string
  /**
   * What cuts itself loose (a daemon, a tmux server) lives on when a terminal is closed; it ends with a command that was run to
   * its end, and with a shell in a nested container, whose processes descend from the nested engine.
   */
  detached: 'spared' | 'included'
}

/**
 * Finds a process and what it started, from inside the container, and signals it. It needs nothing there but a POSIX shell, /proc and grep.
 *
 * Every exec begins a session of its own in the kernel's sense. Found is what belongs to that session, and what descends from
 * it (a command under `sudo` has a session of its own); if asked for, also all that has the marker. When the leader is gone or its number is
 * another's now, the session's number alone says nothing, and only what has the marker is taken.
 * `$1` to `$3` are pid, start and marker, `$4` whether detached ones are included, `$5` the signal, `$6` whether to kill what is left after a
 * second. The wait between asking and killing is inside the container: nothing could tell us sooner.
 */
const SIGNAL_SCRIPT = `
members() {
  marked=" $(grep -lsF -e "$marker" /proc/[0-9]*/environ 2>/dev/null | tr -dc '0-9\\n' | tr '\\n' ' ')"
  whole=
  { read -r line </proc/$leader/stat; } 2>/dev/null && set -- \${line##*) } && [ "\${20}" = "$start" ] && whole=1
  found=" "
  [ "$detached" = spared ] || found=$marked
  grew=1
  while [ "$grew" = 1 ]; do
    grew=
    for file in /proc/[0-9]*/stat; do
      { read -r line <"$file"; } 2>/dev/null || continue
      pid=\${line%% *}
      set -- \${line##*) }
      [ "$1" != Z ] || continue
      case "$found" in *" $pid "*) continue ;; esac
      if [ "$4" = "$leader" ]; then
        case "$whole$marked" in 1* | *" $pid "*) found="$found$pid "; grew=1; continue ;; esac
      fi
      case "$found" in *" $2 "*) found="$found$pid "; grew=1 ;; esac
    done
  done
}
leader=$1
start=$2
marker=$3
detached=$4
signal=$5
kill_rest=$6
members
asked=$found
[ -n "\${asked# }" ] || exit 0
kill -s "$signal" $asked 2>/dev/null
[ -n "$kill_rest" ] || exit 0
kill -s CONT $asked 2>/dev/null
tries=0
while [ $tries -lt 20 ]; do
  alive=
  for pid in $asked; do
    { read -r line </proc/$pid/stat; } 2>/dev/null || continue
    case "\${line##*) }" in Z*) ;; *) alive="$alive $pid" ;; esac
  done
  [ -n "$alive" ] || break
  sleep 0.05
  tries=$((tries + 1))
done
members
[ -z "$alive\${found# }" ] || kill -s KILL $alive $found 2>/dev/null
exit 0
`

/** No process has this number. */
const NO_LEADER = { pid: '0', startedAt: '-' }

/** HTTP status of the engine's answer when a container does not run, and when it is not there. */
const NOT_RUNNING_STATUSES = [404, 409]

/**
 * Asks the processes to end, and kills what is left a second later. Answers when they are gone; a container that does not run
 * any more is fine, any other failure of the engine is thrown.
 */
export async function endProcessTree(exec: Exec, containerId: string, tree: ProcessTree, ask: 'HUP' | 'TERM'): Promise<void> {
  await signalTree(exec, containerId, tree, ask, true)
}

/** The same for all processes with that in their environment, as `NAME=value`. */
export async function endWithVariable(exec: Exec, containerId: string, variable: string): Promise<void> {
  await signalAll(exec, containerId, { ...NO_LEADER, detached: 'included' }, variable, 'TERM', true)
}

/** The same for all processes whose marker starts with this, whoever started them: leftovers of an earlier Berth. */
export async function endMarked(exec: Exec, containerId: string, marker: string): Promise<void> {
  await endProcessTree(exec, containerId, { ...NO_LEADER, marker, detached: 'included' }, 'TERM')
}

/** Sends the processes a signal, by its name without SIG. A container that does not run any more is fine. */
export async function signalProcessTree(exec: Exec, containerId: string, tree: ProcessTree, signal: string): Promise<void> {
  await signalTree(exec, containerId, tree, signal, false)
}

function signalTree(exec: Exec, containerId: string, tree: ProcessTree, signal: string, killRest: boolean): Promise<void> {
  return signalAll(exec, containerId, tree, `${MARKER_VARIABLE}=${tree.marker}`, signal, killRest)
}

async function signalAll(
  exec: Exec,
  containerId: string,
  { pid, startedAt, detached }: Omit<ProcessTree, 'marker'>,
  variable: string,
  signal: string,
  killRest: boolean,
): Promise<void> {
  try {
    const sender = await exec.start({
      containerId,
      command: ['sh', '-c', SIGNAL_SCRIPT, 'sh', pid, startedAt, variable, detached, signal, killRest ? 'kill' : ''],
      user: 'root',
      tty: false,
      stdin: false,
    })
    sender.stdout.on('error', () => undefined).resume()
    sender.stderr.on('error', () => undefined).resume()
    const exitCode = await sender.exitCode()
    if (exitCode !== 0) log.warn({ containerId, pid, exitCode }, 'some processes could not be signalled')
  } catch (error) {
    if (!isBerthError(error, 'ENGINE_REFUSED') || !NOT_RUNNING_STATUSES.includes(error.data.engineStatus)) throw error
    log.debug({ containerId, pid }, 'the container is not running, so nothing runs in it')
  }
}
