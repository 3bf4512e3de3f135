import type { Exec } from './exec'

/** Set in the environment of what Berth runs in a container, so that all it starts can be found again by what it inherits. */
export const MARKER_VARIABLE = 'BERTH_EXEC_ID'

/**
 * Ends all processes that have the marker in their environment and all descendants of these (sudo clears the environment,
 * descent remains): TERM, a moment, KILL. In POSIX shell and by /proc alone, for images that have nothing else.
 */
const END_TREE = `
marked() {
  for process in /proc/[0-9]*; do
    if tr '\\0' '\\n' <"$process/environ" 2>/dev/null | grep -qxF "$1"; then echo "\${process#/proc/}"; fi
  done
}
tree() {
  found=$(marked "$1")
  while :; do
    before=$found
    for status in /proc/[0-9]*/status; do
      pid= parent=
      while read -r key value rest; do
        case $key in Pid:) pid=$value ;; PPid:) parent=$value; break ;; esac
      done <"$status" 2>/dev/null
      case " $(echo $found) " in *" $pid "*) continue ;; esac
      case " $(echo $found) " in *" $parent "*) found="$found $pid" ;; esac
    done
    [ "$found" = "$before" ] && break
  done
  echo $found
}
victims=$(tree "$1")
[ -n "$victims" ] || exit 0
kill -TERM $victims 2>/dev/null
sleep 0.2
for pid in $victims $(tree "$1"); do kill -KILL "$pid" 2>/dev/null; done
exit 0
`

/** Ends the command that was run with that marker and everything it started. Resolves when they are gone. */
export async function endProcessTree(exec: Exec, containerId: string, marker: string): Promise<void> {
  const stream = await exec.start({
    containerId,
    command: ['/bin/sh', '-c', END_TREE, 'sh', `${MARKER_VARIABLE}=${marker}`],
    user: 'root',
    tty: false,
    stdin: false,
  })
  stream.stdout.resume()
  stream.stderr.resume()
  await stream.exitCode()
}
