import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statfsSync, statSync, watch } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import Docker from 'dockerode'

const run = promisify(execFile)

const FILE_SYSTEM_BYTES = 1024 ** 2

export interface SecondEngine {
  docker: Docker
  endpoint: string
  /** Where the engine keeps what it has. */
  dataRoot: string
  /** Of its process, in whose network namespace its containers are reached. */
  pid(): number
  start(): Promise<void>
  stop(): Promise<void>
  /** At once, with KILL. */
  kill(): Promise<void>
  /** With a disk of its own: leaves so many bytes of it free. At once, so that it can be called in the middle of something. */
  leaveFree(bytes: number): void
  /** Free bytes of its disk, as if `leaveFree` held back nothing. */
  freeBytes(): number
  /** Takes in an image of the machine's engine. */
  takeImage(reference: string): Promise<void>
  dispose(): Promise<void>
}

interface SecondEngineOptions {
  /** Its data is on a file system of that size. */
  diskBytes?: number
  /** Its data is in that folder, which stays. */
  dataRoot?: string
  /** What runs the engine with its socket and its data below the folder; the machine's own `dockerd` unless this is given. */
  command?: (folder: string, data: string) => string[]
}

/**
 * A Docker engine of the test's own, beside the machine's, which it can stop and start. Its containers have a network, from which
 * nothing is in reach.
 */
export async function startSecondEngine({ diskBytes, dataRoot, command = ownCommand }: SecondEngineOptions = {}): Promise<SecondEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-engine-'))
  const socket = join(folder, 'docker.sock')
  const data = dataRoot ?? join(folder, 'data')
  const filler = join(data, 'filler')
  await mkdir(data, { recursive: true })
  if (diskBytes !== undefined) {
    const disk = join(folder, 'disk')
    await run('truncate', ['--size', String(diskBytes), disk])
    await run('mkfs.ext4', ['-q', '-m', '0', disk])
    await run('mount', ['-o', 'loop', disk, data])
  }
  let process: ChildProcess | null = null

  const engine: SecondEngine = {
    docker: new Docker({ socketPath: socket }),
    endpoint: `unix://${socket}`,
    dataRoot: data,
    pid() {
      if (process?.pid === undefined) throw new Error('the second engine does not run')
      return process.pid
    },
    async start() {
      const appeared = fileAppears(folder, 'docker.sock')
      const [program = '', ...rest] = command(folder, data)
      process = spawn(program, rest, { stdio: 'ignore' })
      await appeared
      await answers(engine.docker)
    },
    async stop() {
      if (!process) return
      const exit = once(process, 'exit')
      process.kill('SIGTERM')
      await exit
      process = null
    },
    async kill() {
      if (!process) return
      const exit = once(process, 'exit')
      process.kill('SIGKILL')
      await exit
      process = null
      // Its containerd dies with it; where nobody has waited for that yet, the next engine would take it to be alive.
      await rm(join(folder, 'exec/containerd/containerd.pid'), { force: true })
      await rm(socket, { force: true })
    },
    leaveFree(bytes) {
      rmSync(filler, { force: true })
      const { bavail, bsize } = statfsSync(data)
      // The file system takes some for itself; where nothing is to be left that is filled too.
      execFileSync('fallocate', ['--length', String(bavail * bsize - bytes - FILE_SYSTEM_BYTES), filler])
      if (bytes === 0) spawnSync('sh', ['-c', 'cat /dev/zero >>"$0"', filler], { stdio: 'ignore' })
    },
    freeBytes() {
      const { bavail, bsize } = statfsSync(data)
      return bavail * bsize + (existsSync(filler) ? statSync(filler).size : 0)
    },
    async takeImage(reference) {
      const source = spawn('docker', ['save', reference], { stdio: ['ignore', 'pipe', 'inherit'] })
      const target = spawn('docker', ['--host', engine.endpoint, 'load'], { stdio: ['pipe', 'ignore', 'inherit'] })
      source.stdout.pipe(target.stdin)
      const [code] = await once(target, 'exit')
      if (code !== 0) throw new Error(`the second engine did not take ${reference}`)
    },
    async dispose() {
      await engine.stop()
      if (diskBytes !== undefined) await run('umount', [data])
      // A killed engine leaves what it had mounted.
      for (const path of mountsBelow(folder)) await run('umount', ['--lazy', path])
      await rm(folder, { recursive: true, force: true })
    },
  }
  await engine.start()
  return engine
}

/** The innermost first. */
function mountsBelow(folder: string): string[] {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
  return points.filter((path) => path.startsWith(`${folder}/`)).reverse()
}

/** In a network namespace of its own: it must not touch the bridge of the machine's engine. */
function ownCommand(folder: string, data: string): string[] {
  return ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec dockerd "$@"', 'dockerd', ...engineArguments(folder, data)]
}

/** Of a `dockerd` that sees the folder, with its socket in it, and its data at these paths. */
export function engineArguments(folder: string, data: string): string[] {
  return [
    ...['--host', `unix://${folder}/docker.sock`, '--data-root', data, '--exec-root', `${folder}/exec`],
    ...['--pidfile', `${folder}/pid`, '--iptables=false', '--log-level', 'error'],
  ]
}

/** The socket is there a moment before it takes connections. */
async function answers(docker: Docker): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await docker.version()
      return
    } catch (error) {
      if (tries === 100) throw error
      await setTimeout(100)
    }
  }
}

function fileAppears(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, changed) => {
      if (changed !== name) return
      watcher.close()
      resolve()
    })
  })
}
