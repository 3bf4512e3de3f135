/**
 * Ends a process and what it started, from inside the container. It needs nothing there but a POSIX shell and /proc.
 *
 * Every exec begins a session of its own in the kernel's sense. Ended is what belongs to that session, and what descends from
 * it (a command under `sudo` has a session of its own). What has cut itself loose, a tmux server or a daemon, lives on, as it
 * does when any terminal is closed. The wait between asking and killing is inside the container: nothing could tell us sooner.
 * `$1` is the process that leads the session, `$2` the signal that asks.
 */
const END_SCRIPT = `
members() {
  found=" "
  grew=1
  while [ "$grew" = 1 ]; do
    grew=
    for file in /proc/[0-9]*/stat; do
      { read -r line <"$file"; } 2>/dev/null || continue
      pid=\${line%% *}
      set -- "$leader" \${line##*) }
      [ "$2" != Z ] || continue
      case "$found" in *" $pid "*) continue ;; esac
      if [ "$5" = "$leader" ]; then found="$found$pid "; grew=1; continue; fi
      case "$found" in *" $3 "*) found="$found$pid "; grew=1 ;; esac
    done
  done
}
leader=$1
signal=$2
members
asked=$found
[ -n "\${asked# }" ] || exit 0
kill -s "$signal" $asked 2>/dev/null
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

export function processTreeCommand(leader: string, signal: 'HUP' | 'TERM'): string[] {
  return ['sh', '-c', END_SCRIPT, 'sh', leader, signal]
}
