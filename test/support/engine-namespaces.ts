import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What was told to end has ended by then, also on a busy machine. */
const END_MS = 20_000

/** Namespaces of a second engine's own, which outlive it: as on a machine, it is started again in those that it was killed in. */
export interface EngineNamespaces {
  /** Of the process that holds them. */
  pid: number
  /** Runs in them. It is told to end (TERM) when the test's process dies. */
  spawn(program: string[], output: number): ChildProcess
  /** Kills what is left in them: a killed engine leaves containers behind, which run on. Then they are gone, and so is what is mounted there. */
  dispose(): Promise<void>
}

/**
 * A network always: an engine must not touch the bridge of the machine's. Mounts are the machine's unless there is a shell script to set up
 * its own, which has `args` as `$1` and so on; so is its hostname unless one is given.
 */
export async function openEngineNamespaces(
  mounts: { script: string; args: string[] } | null,
  hostname?: string,
): Promise<EngineNamespaces> {
  const own = ['--net', ...(mounts ? ['--mount'] : []), ...(hostname ? ['--uts'] : [])]
  // `cat` holds them, and ends with its input when the test's process dies.
  const script = `set -e\nip link set lo up\n${hostname ? `hostname ${hostname}\n` : ''}${mounts?.script ?? ''}\necho ready\nexec cat`
  const holder = spawn('unshare', [...own, 'sh', '-c', script, 'sh', ...(mounts?.args ?? [])], { stdio: ['pipe', 'pipe', 'inherit'] })
  await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit'), once(holder, 'error')])
  if (holder.pid === undefined || holder.exitCode !== null) throw new Error('the namespaces of a second engine could not be made')
  const { pid } = holder
  const network = readlinkSync(`/proc/${pid}/ns/net`)

  return {
    pid,
    spawn: (program, output) =>
      spawn('nsenter', [`--target=${pid}`, ...own, 'setpriv', '--pdeathsig=TERM', ...program], { stdio: ['ignore', output, output] }),
    async dispose() {
      const left = () => withDescendants((process) => process.network === network && process.pid !== pid)
      await until('what a second engine has left ends', () => {
        const pids = left()
        for (const one of pids) kill(one)
        return pids.length === 0
      })
      const exit = once(holder, 'exit')
      holder.kill('SIGKILL')
      await exit
    },
  }
}

/** Looks again and again until it is so. Throws when that takes too long. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + END_MS
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await sleep(20)
  }
}

/** One that is dead and that nobody has asked for its exit code does not run any more. */
export function runs(pid: number): boolean {
  return processes().some((process) => process.pid === pid)
}

/** Ends it and all that it has started, at once. */
export function killWithDescendants(pid: number): void {
  for (const one of withDescendants((process) => process.pid === pid)) kill(one)
}

/** Command lines of all that run on the machine. */
export function commandLines(): string[] {
  return processes().flatMap(({ pid }) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
  })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

interface Process {
  pid: number
  parent: number
  /** null for what does not show it, such as the first process of a machine. */
  network: string | null
}

/** Containers have networks of their own: what they run is found by what has started them. */
function withDescendants(isFirst: (process: Process) => boolean): number[] {
  const all = processes()
  const found = new Set(all.filter(isFirst).map(({ pid }) => pid))
  for (let known = -1; known !== found.size; ) {
    known = found.size
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}

/** All that run on the machine. */
function processes(): Process[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry)
    if (!Number.isInteger(pid)) return []
    try {
      // The name before it may have spaces and brackets.
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return state === 'Z' ? [] : [{ pid, parent: Number(parent), network: networkOf(pid) }]
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
  })
}

function networkOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch (error) {
    if (isNodeError(error, 'EACCES')) return null
    throw error
  }
}

function isGone(error: unknown): boolean {
  return isNodeError(error, 'ENOENT') || isNodeError(error, 'ESRCH')
}

function isNodeError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
