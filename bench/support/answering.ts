import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import type Docker from 'dockerode'

const run = promisify(execFile)

/** Every 4 ms the time of a clock that all containers share, in milliseconds; until its input ends. */
const TICK = `use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
$| = 1; for (;;) {
  printf "%.2f\\n", 1000 * clock_gettime(CLOCK_MONOTONIC);
  vec(my $input = "", 0, 1) = 1; last if select($input, undef, undef, 0.004);
}`

/** Tells by a process inside for how long containers did not answer. */
export interface Watch {
  /** Begins a process in the container; again after the container was started again. Resolves with its first sign of life. */
  enter(containerId: string): Promise<void>
  /** Milliseconds of the longest time without a sign of life so far. */
  longestGap(): number
  /** Ends the process. */
  leave(): Promise<void>
}

export function watchContainers(docker: Docker): Watch {
  let last: number | null = null
  let longest = 0
  let leave = () => Promise.resolve()
  return {
    async enter(containerId) {
      const exec = await docker.getContainer(containerId).exec({ Cmd: ['perl', '-e', TICK], AttachStdin: true, AttachStdout: true })
      const stream = await exec.start({ hijack: true, stdin: true })
      const output = new PassThrough()
      docker.modem.demuxStream(stream, output, new PassThrough())
      const ended = once(stream, 'close')
      stream.on('end', () => output.end())
      leave = async () => {
        stream.end()
        await ended
      }
      const ticks = createInterface({ input: output })
      ticks.on('line', (line) => {
        const now = Number(line)
        if (last !== null) longest = Math.max(longest, now - last)
        last = now
      })
      await once(ticks, 'line')
    },
    longestGap: () => longest,
    leave: () => leave(),
  }
}

/** Resolves when the ssh server of the container greets. `enginePid`: in whose network namespace its address is one. */
export async function sshGreets(docker: Docker, containerId: string, enginePid: number): Promise<void> {
  const { NetworkSettings: network } = await docker.getContainer(containerId).inspect()
  for (let tries = 0; ; tries++) {
    try {
      const read = 'exec 3<>"/dev/tcp/$0/22" && IFS= read -r -t 5 line <&3 && [[ $line == SSH-* ]]'
      await run('nsenter', ['--target', String(enginePid), '--net', 'bash', '-c', read, addressOf(network.Networks)])
      return
    } catch (error) {
      if (tries === 200) throw error
      await setTimeout(20)
    }
  }
}

/** On the workspaces' own network, or, for a peer's, on the engine's. */
function addressOf(networks: Docker.ContainerInspectInfo['NetworkSettings']['Networks']): string {
  return Object.values(networks).find(({ IPAddress }) => IPAddress)?.IPAddress ?? ''
}
