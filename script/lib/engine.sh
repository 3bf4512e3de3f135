# A Docker engine that answers; started or installed where that is possible and allowed.

cache_directory=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/berth
engine_log=$cache_directory/dockerd.log
# The process id of an engine that this run has started by hand.
started_engine=

engine_request() { PATH=$machine_path node script/lib/engine-request.mjs "$@"; }
engine_answers() { engine_request ping; }

# Asks what has to be asked, before anything runs side by side.
agree_on_engine() {
  if engine_answers || command -v dockerd >/dev/null; then return; fi
  if [ "$(uname -s)" != Linux ]; then
    say 'No Docker engine answers. Start Docker Desktop, OrbStack, Colima or Podman, then run this again.'
    return 1
  fi
  if ! can_install_system_packages; then
    say 'No Docker engine answers. Install and start one (https://docs.docker.com/engine/install), or set DOCKER_HOST, then run this again.'
    return 1
  fi
  if ! ask 'No Docker engine answers. Install docker.io with apt-get?'; then
    say 'No Docker engine answers. Install one with: apt-get install docker.io (or run this again with --yes).'
    return 1
  fi
}

ensure_engine() {
  if engine_answers; then return; fi
  if ! command -v dockerd >/dev/null; then install_system_packages docker.io || return 1; fi
  # Its package may have started it.
  if engine_answers; then return; fi
  if [ "$(id -u)" != 0 ]; then
    say 'No Docker engine answers, and only root can start one. Try: sudo systemctl start docker'
    return 1
  fi
  if [ -d /run/systemd/system ]; then
    say 'Starting the Docker engine…'
    quietly 'Starting the Docker engine' systemctl start docker || return 1
  else
    start_engine_by_hand
  fi
  wait_for_engine
}

# In a session of its own, so that it outlives this script and no Ctrl-C reaches it.
start_engine_by_hand() {
  say "Starting the Docker engine (its log is $engine_log)…"
  mkdir -p "$cache_directory"
  setsid dockerd >"$engine_log" 2>&1 </dev/null &
  started_engine=$!
}

wait_for_engine() {
  local tries=0
  until engine_answers; do
    tries=$((tries + 1))
    if [ -n "$started_engine" ] && ! kill -0 "$started_engine" 2>/dev/null; then
      tail -n 15 "$engine_log" >&2
      say 'The Docker engine ended while starting; its last words are above.'
      return 1
    fi
    if [ "$tries" -ge 150 ]; then
      say 'The Docker engine does not answer after 30 seconds.'
      return 1
    fi
    sleep 0.2
  done
}
