import { once } from 'node:events'
import { Duplex, type Readable } from 'node:stream'
import type { Engine } from '../engine/engine'
import type { ExecStream } from '../engine/exec'

const TIMEOUT_MS = 10_000
/** Written first by the program inside, when it is connected. */
const CONNECTED = '+'

/** Carries a connection between its own streams and a port of “localhost”, and ends with either. `$1` is the port. */
const CARRY = `
const socket = require('net').connect({ port: Number(process.argv[1]), host: 'localhost', allowHalfOpen: true }, () => {
  process.stdout.write('${CONNECTED}')
  process.stdin.pipe(socket)
  socket.pipe(process.stdout)
})
socket.on('error', () => process.exit(1))
// An exec has one stream for its outputs, which ends with it: a server that has said all ends the connection.
socket.on('end', () => process.stdout.write('', () => process.exit(0)))
socket.on('close', () => process.exit(0))
process.stdin.on('end', () => setTimeout(() => process.exit(0), 60000).unref())
`

/** Enters the network of the nested container `$1`, with the programs of the workspace. */
const ENTER = `
command -v node >/dev/null || exit 3
pid=$(docker inspect --type container --format '{{.State.Pid}}' "$1") && [ "$pid" -gt 0 ] || exit 2
exec nsenter --net="/proc/$pid/ns/net" node -e "$3" "$2"
`

const EXIT_REASONS: ReadonlyMap<number, string> = new Map([
  [2, 'the container is not running'],
  [3, 'the workspace has no Node.js, which is needed to forward connections to the container'],
])

/**
 * A connection to a port on the loopback of a nested container, which no address of the workspace reaches: development servers mostly
 * listen only there. Throws an error with the reason if nothing is listening or the workspace does not have the required programs.
 */
export async function connectToLoopback(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  { container, port }: { container: string; port: number },
): Promise<Duplex> {
  const exec = await engine.exec.start({
    ...{ containerId, user: 'root', cwd: '/', tty: false, stdin: true },
    command: ['sh', '-c', ENTER, 'sh', container, String(port), CARRY],
  })
  exec.stderr.resume()
  const timer = setTimeout(exec.destroy, TIMEOUT_MS)
  try {
    if (!(await isConnected(exec.stdout))) {
      const reason = EXIT_REASONS.get(await exec.exitCode())
      throw new Error(reason ?? `nothing is listening on it in the container ${container}`)
    }
  } catch (error) {
    exec.destroy()
    throw error
  } finally {
    clearTimeout(timer)
  }
  return streamOf(exec)
}

/** Takes the first byte off the output; false when it ends without one. */
async function isConnected(stdout: Readable): Promise<boolean> {
  for (;;) {
    const first: Buffer | null = stdout.read(1)
    if (first !== null) return first.toString() === CONNECTED
    if (stdout.readableEnded || stdout.destroyed) return false
    await Promise.race([once(stdout, 'readable'), once(stdout, 'end'), once(stdout, 'close')])
  }
}

function streamOf(exec: ExecStream): Duplex {
  const { stdout, stdin } = exec
  const stream = Duplex.from({ readable: stdout, writable: stdin ?? undefined })
  stream.once('close', exec.destroy)
  return stream
}
