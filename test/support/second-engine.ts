import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statfsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import Docker from 'dockerode'
import { openEngineNamespaces, runs, until } from './engine-namespaces'
import { putImage } from './second-engine-images'

const run = promisify(execFile)

const FILE_SYSTEM_BYTES = 1024 ** 2

/** One that was killed ends what it had running before it answers. */
const START_MS = 60_000
/** It gives its containers fifteen seconds to stop. */
const STOP_MS = 30_000

export interface SecondEngine {
  docker: Docker
  endpoint: string
  /** Where the engine keeps what it has. */
  dataRoot: string
  /** Of its process, in whose network namespace its containers are reached. */
  pid(): number
  /** Throws with what it said when it ends, or does not answer. */
  start(): Promise<void>
  /** With TERM, and with KILL when that does not end it. */
  stop(): Promise<void>
  /** At once, with KILL. Its containers run on, until it is started again or disposed of. */
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
  /** An image of the machine's engine, which it has from the beginning. */
  image?: string
  /** Further arguments: where else it listens, say. */
  args?: string[]
  /** A system of its own that it runs in; the machine's unless this is given. */
  system?: EngineSystem
  /** The machine's unless it is given. */
  hostname?: string
  /** The program that is the engine, with its socket `docker.sock` in the folder; `dockerd` unless this is given. Its folders are as it sees
   * them, and the last is the first of them as the test does. */
  program?: (folder: string, dataRoot: string, ownFolder: string) => Promise<string[]>
}

/** Mounts of the engine's own, with another system at their root. */
export interface EngineSystem {
  /** Sets them up, given the folder of the engine's. */
  mounts(folder: string): { script: string; args: string[] }
  /** Where that folder is in it; null where it is as on the machine. */
  folder: string | null
}

/**
 * A Docker engine of the test's own, beside the machine's, which it can stop and start. Its containers have a network, from which
 * nothing is in reach.
 */
export async function startSecondEngine({
  diskBytes,
  dataRoot,
  image,
  system,
  hostname,
  program,
  args = [],
}: SecondEngineOptions = {}): Promise<SecondEngine> {
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
  if (image !== undefined) await putImage(image, data, () => dataWith(image))
  const namespaces = await openEngineNamespaces(system ? system.mounts(folder) : null, hostname)
  const output = await open(join(folder, 'output'), 'a+')
  const seenData = system?.folder ? `${system.folder}/data` : data
  const command = (await (program ?? dockerd)(system?.folder ?? folder, seenData, folder)).concat(args)
  let process: ChildProcess | null = null

  /** Throws if it is still there after that time. */
  async function end(signal: 'SIGTERM' | 'SIGKILL', milliseconds: number): Promise<void> {
    if (!process) return
    const exit = once(process, 'exit')
    process.kill(signal)
    await within(milliseconds, `the second engine ends after ${signal}`, exit)
    process = null
  }

  const engine: SecondEngine = {
    docker: new Docker({ socketPath: socket }),
    endpoint: `unix://${socket}`,
    dataRoot: data,
    pid() {
      if (process?.pid === undefined) throw new Error('the second engine does not run')
      return process.pid
    },
    async start() {
      const started = namespaces.spawn(command, output.fd)
      process = started
      started.once('exit', () => {
        if (process === started) process = null
      })
      try {
        await within(
          START_MS,
          'the second engine answers',
          answers(engine.docker, () => process === started),
        )
      } catch (error) {
        await end('SIGKILL', STOP_MS)
        throw new Error(`The second engine did not start: ${await readFile(join(folder, 'output'), 'utf8')}`, { cause: error })
      }
    },
    async stop() {
      try {
        await end('SIGTERM', STOP_MS)
      } catch (error) {
        console.warn(error)
        await engine.kill()
      }
    },
    async kill() {
      const containerd = join(folder, 'exec/containerd/containerd.pid')
      const pid = existsSync(containerd) ? Number(readFileSync(containerd, 'utf8')) : null
      await end('SIGKILL', STOP_MS)
      // It dies with its engine; the next one would take it to be alive until then.
      if (pid !== null) await until('containerd ends with its engine', () => !runs(pid))
      await rm(containerd, { force: true })
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
      await namespaces.dispose()
      await output.close()
      const loops = await poolLoops(data)
      // A killed engine leaves what it had mounted, and what it was mounted from.
      for (const path of mountsBelow(folder)) await run('umount', ['--lazy', path])
      for (const loop of loops) await run('losetup', ['--detach', loop])
      removeLinksTo(loops)
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await engine.start()
  } catch (error) {
    await engine.dispose()
    throw error
  }
  return engine
}

/** The data of an engine that has taken in the image, and has ended. */
async function dataWith(image: string) {
  const engine = await startSecondEngine()
  await engine.takeImage(image)
  await engine.stop()
  return { path: engine.dataRoot, dispose: engine.dispose }
}

/** The innermost first. */
function mountsBelow(folder: string): string[] {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
  return points.filter((path) => path.startsWith(`${folder}/`)).reverse()
}

/** Loop devices of Berth's pools on that engine, which stay until somebody detaches them. */
async function poolLoops(data: string): Promise<string[]> {
  const volumes = join(data, 'volumes')
  const pools = existsSync(volumes) ? readdirSync(volumes).filter((name) => name.startsWith('berth-pool-')) : []
  const files = pools.map((name) => join(volumes, name, '_data/btrfs')).filter((file) => existsSync(file))
  const found = await Promise.all(files.map((file) => run('losetup', ['--noheadings', '--output', 'NAME', '--associated', file])))
  return found.flatMap(({ stdout }) => stdout.split('\n').filter((name) => name !== ''))
}

/** The names of pools among the devices. */
function removeLinksTo(loops: string[]): void {
  for (const name of readdirSync('/dev').filter((entry) => entry.startsWith('berth-'))) {
    if (loops.includes(readlinkSync(`/dev/${name}`))) rmSync(`/dev/${name}`)
  }
}

/** A `dockerd` that sees the folder, with its socket in it, and its data at these paths. */
async function dockerd(folder: string, data: string): Promise<string[]> {
  return [
    ...['env', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'dockerd'],
    ...['--host', `unix://${folder}/docker.sock`, '--data-root', data, '--exec-root', `${folder}/exec`],
    ...['--pidfile', `${folder}/pid`, '--iptables=false', '--log-level', 'error'],
  ]
}

/** Resolves once it does. Throws when it has ended. */
async function answers(docker: Docker, isThere: () => boolean): Promise<void> {
  while (isThere()) {
    try {
      await within(5000, 'an answer of the second engine', docker.version())
      return
    } catch {
      // Not yet.
      await sleep(100)
    }
  }
  throw new Error('the second engine has ended')
}

async function within<Value>(milliseconds: number, what: string, work: Promise<Value>): Promise<Value> {
  const isOver = new AbortController()
  const late = sleep(milliseconds, undefined, { signal: isOver.signal }).then(() => {
    throw new Error(`waited in vain for ${milliseconds} ms: ${what}`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    isOver.abort()
  }
}
