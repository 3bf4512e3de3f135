/** What a line of the script begins with that tells where the engine is. Logins may print other things before it. */
const MARK = 'berth-engine'

/** The engine's socket over there, as far as the user there can tell. */
export interface RemoteSocket {
  /** `denied`: it exists, but this user has no permission. */
  state: 'usable' | 'denied' | 'missing'
  /** Empty when none is known. */
  path: string
}

/**
 * For `sh -s` over there: tells where the engine's socket is, and stays until its input ends, which is when Berth ends or dies. The path is data
 * in a here-document, and has no line end (`parseSshUrl`).
 */
export function findSocketScript(socketPath: string | null): string {
  return `IFS= read -r wanted <<'BERTH_DATA'
${socketPath ?? ''}
BERTH_DATA
runtime=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
set --
case \${DOCKER_HOST-} in unix://*) set -- "\${DOCKER_HOST#unix://}" ;; esac
set -- "$@" /var/run/docker.sock "$runtime/docker.sock" "$HOME/.docker/run/docker.sock" "$HOME/.docker/desktop/docker.sock"
set -- "$@" "$HOME/.orbstack/run/docker.sock" "$HOME/.colima/default/docker.sock" "$HOME/.rd/docker.sock"
set -- "$@" "$runtime/podman/podman.sock" /run/podman/podman.sock
if [ -n "$wanted" ]; then set -- "$wanted"; fi
state=missing
path=$wanted
for candidate do
  if [ ! -S "$candidate" ]; then continue; fi
  if [ -r "$candidate" ] && [ -w "$candidate" ]; then state=usable path=$candidate; break; fi
  if [ $state = missing ]; then state=denied path=$candidate; fi
done
printf '%s %s %s\\n' ${MARK} "$state" "$path"
exec cat >/dev/null
`
}

/** null for a line that is something else. */
export function readSocketLine(line: string): RemoteSocket | null {
  const [mark, state, ...path] = line.split(' ')
  if (mark !== MARK || (state !== 'usable' && state !== 'denied' && state !== 'missing')) return null
  return { state, path: path.join(' ') }
}
