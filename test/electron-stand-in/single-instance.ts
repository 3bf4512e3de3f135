import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** As long as Chromium waits for an answer of the first. */
const NOTIFY_MS = 20_000

/**
 * One process for each folder, as Chromium does it: a link that names the process and where it listens. False when another has it; that one has been told then
 * where and how this one was started.
 */
export function claimFolder(folder: string, onSecond: (argv: string[], workingDirectory: string) => void): { release(): void } | false {
  mkdirSync(folder, { recursive: true })
  const lock = join(folder, 'SingletonLock')
  const place = mkdtempSync(join(tmpdir(), 'stand-in-'))
  const socket = join(place, 'socket')
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      symlinkSync(`${process.pid}:${socket}`, lock)
      return listen(socket, place, lock, onSecond)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid = '', ...rest] = readlinkSync(lock).split(':')
    if (isAlive(Number(pid)) && notify(rest.join(':'))) {
      rmSync(place, { recursive: true })
      return false
    }
    // Whoever had it has ended without a word.
    unlinkSync(lock)
  }
  throw new Error(`Nobody gets ${lock}`)
}

function listen(
  socket: string,
  place: string,
  lock: string,
  onSecond: (argv: string[], workingDirectory: string) => void,
): { release(): void } {
  const server = createServer((connection) => {
    let text = ''
    connection.on('error', () => undefined)
    connection.on('data', (chunk) => {
      text += chunk
      if (!text.endsWith('\n')) return
      const { argv, workingDirectory } = JSON.parse(text) as { argv: string[]; workingDirectory: string }
      connection.end('heard\n')
      onSecond(argv, workingDirectory)
    })
  })
  server.listen(socket)
  server.unref()
  const release = () => {
    server.close()
    rmSync(lock, { force: true })
    rmSync(place, { recursive: true, force: true })
  }
  process.once('exit', release)
  return { release }
}

/** The claim is made in one call, so somebody else has to wait for the answer. */
function notify(socket: string): boolean {
  const program = `
    const connection = require('node:net').connect(process.argv[1])
    connection.on('error', () => process.exit(1))
    connection.on('data', () => process.exit(0))
    connection.write(process.argv[2] + '\\n')`
  const message = JSON.stringify({ argv: process.argv, workingDirectory: process.cwd() })
  return spawnSync(process.execPath, ['-e', program, socket, message], { timeout: NOTIFY_MS }).status === 0
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
