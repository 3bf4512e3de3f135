#!/bin/sh
# Before the package is removed or upgraded: $1 is remove or upgrade (deb), or how many versions remain (rpm). Names in braces are filled in.
set -e

# Ids of the processes that this installation has started.
running() {
  for process in /proc/[0-9]*; do
    for program in ${programs}; do
      # The same file, whatever it is called from there.
      if [ "$process/exe" -ef "$program" ]; then echo "$process" | cut -d / -f 3; fi
    done
  done
}

case ${1:-} in
  remove | deconfigure | 0)
    processes=$(running)
    if [ -n "$processes" ]; then
      echo 'Ending the Berth that is running. Its workspaces keep running.'
      # shellcheck disable=SC2086 # Several ids.
      kill -TERM $processes 2>/dev/null || true
      for _ in 1 2 3 4 5 6 7 8 9 10; do
        if [ -z "$(running)" ]; then break; fi
        sleep 1
      done
    fi
    ;;
  upgrade | 1)
    if [ -n "$(running)" ]; then
      echo 'Berth is running, and stays the old version until it is restarted: run “berth quit”, or “systemctl --user restart berth” if it is a service. Workspaces keep running.'
    fi
    ;;
esac
