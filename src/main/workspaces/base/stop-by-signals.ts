import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { BerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import { linesOf } from '../../engine/lines-of'

/** Until all stand still: a write to a slow disk is finished first. */
const STOP_TIMEOUT_MS = 15_000
/** Until they have been told to go on. */
const GO_ON_TIMEOUT_MS = 15_000
const STANDING = 'standing'
const LONGEST_LINE = 1024

/**
 * The oldest first, each when the one before has stopped: a shell that sees its child stop would take it for suspended. Then everything
 * that they have started in the meantime, also in nested containers, at one moment, so that none escapes by a fork. Processes that were
 * stopped before stay stopped. They continue when the input ends, so also when Berth ends: the youngest first, for the sake of shells. Some
 * programs notice it anyway and stop themselves, as `script` does: they are searched for.
 */
const STAND_STILL = `
before=" "
state() {
  local stat
  read -r stat 2>/dev/null <"/proc/$1/stat" || return
  stat=\${stat##*) }
  printf -v "$2" %s "\${stat%% *}"
}
each() {
  local directory
  pids=()
  for directory in /proc/[0-9]*; do
    pid=\${directory#/proc/}
    if [ "$pid" != 1 ] && [ "$pid" != $$ ]; then pids+=("$pid"); fi
  done
}
stands() {
  local pid is
  each
  for pid in "\${pids[@]}"; do
    is=
    state "$pid" is
    case $is in '' | T | t | Z | X | I) ;; *) [ -s "/proc/$pid/cmdline" ] && return 1 ;; esac
  done
}
go_on() {
  local round is
  for round in 1 2 3 4 5; do
    each
    mapfile -t pids < <(printf '%s\\n' "\${pids[@]}" | sort -rn)
    for pid in "\${pids[@]}"; do
      is=
      state "$pid" is
      if [ "$is" = T ] && [[ $before != *" $pid "* ]]; then kill -CONT "$pid" 2>/dev/null; fi
    done
    sleep 0.1
  done
}
trap '' TERM HUP INT
each
mapfile -t pids < <(printf '%s\\n' "\${pids[@]}" | sort -n)
trap go_on EXIT
for pid in "\${pids[@]}"; do
  is=
  state "$pid" is
  if [ "$is" = T ]; then before+="$pid "; fi
  kill -STOP "$pid" 2>/dev/null || continue
  for try in {1..20}; do
    is=
    state "$pid" is
    case $is in R | S | D) read -rt 0.001 ;; *) break ;; esac
  done
done
kill -STOP -1
until stands; do
  read -rt 0.02
  [ $? -gt 128 ] || exit
done
echo ${STANDING}
while read -r _; do :; done
`

/**
 * Holds all processes of a container still while `during` runs, where the engine cannot: without control groups it has nothing to pause. Unlike
 * a pause it ends with Berth. Throws ENGINE_REFUSED when they do not come to stand in time.
 */
export async function stopBySignals(engine: Pick<Engine, 'exec'>, containerId: string, during: () => Promise<void>): Promise<void> {
  const stream = await engine.exec.start({
    ...{ containerId, command: ['bash', '-c', STAND_STILL], cwd: '/', user: 'root', tty: false, stdin: true },
  })
  stream.stderr.resume()
  try {
    await standing(stream.stdout)
    await during()
  } finally {
    stream.stdin?.end()
    await Promise.race([stream.exitCode(), setTimeout(GO_ON_TIMEOUT_MS, undefined, { ref: false })])
    stream.destroy()
  }
}

async function standing(output: Readable): Promise<void> {
  const first = await Promise.race([linesOf(output, LONGEST_LINE).next(), setTimeout(STOP_TIMEOUT_MS, null, { ref: false })])
  if (first !== null && first.value === STANDING) return
  const reason = first === null ? `they did not pause within ${STOP_TIMEOUT_MS / 1000} s` : 'they could not be signalled'
  throw new BerthError('ENGINE_REFUSED', `The processes of the container could not be paused: ${reason}.`, {
    engineStatus: 0,
    reason,
    next: 'Try again, or stop the workspace first.',
  })
}
