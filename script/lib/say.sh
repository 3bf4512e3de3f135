# What the scripts say, and what they ask.

say() { printf '%s\n' "$*" >&2; }

# ask QUESTION: yes at once when --yes was given; otherwise asks whoever is at the terminal, and nobody there means no.
ask() {
  if [ "${yes:-}" = 1 ]; then return 0; fi
  if [ ! -t 0 ] || [ ! -t 2 ]; then return 1; fi
  printf '%s [Y/n] ' "$1" >&2
  read -r answer || return 1
  case $answer in '' | y | Y | yes | Yes) return 0 ;; *) return 1 ;; esac
}

# quietly WHAT COMMAND…: runs it without a word; when it fails, prints all it said.
quietly() {
  local what=$1 log status=0
  shift
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ $status -ne 0 ]; then
    cat "$log" >&2
    say "$what failed (exit code $status)."
  fi
  rm -f "$log"
  return $status
}
