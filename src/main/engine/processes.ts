import { z } from 'zod'
import { COMMAND_LENGTH, type WorkspaceProcess } from '../../shared/workspace-process'
import { type EngineConnection, request } from './connection'
import { createExec } from './exec'
import { linesOf } from './lines-of'

/** What the engine asks the `ps` of its machine for. All of these are POSIX's but the one for memory, which each `ps` of Linux has. */
const COLUMNS = ['pid', 'ppid', 'etime', 'time', 'rss', 'args'] as const

const topSchema = z.object({ Processes: z.array(z.array(z.string())).nullable() })

/** Of a duration as Go writes it, in seconds. */
const DURATION_PART = /([0-9.]+)(h|ms|m|µs|ns|s)/g
const DURATION_UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9 }

const KIB = 1024
/** BusyBox’s `ps` shortens large numbers. */
const UNITS: Record<string, number> = { k: KIB, m: KIB ** 2, g: KIB ** 3, t: KIB ** 4 }

/** The processes in a container that runs, by their numbers. Throws ENGINE_UNREACHABLE, ENGINE_REFUSED. */
export function listProcesses(connection: EngineConnection, id: string): Promise<WorkspaceProcess[]> {
  return request(connection, 'list the processes of the container', async (docker) => {
    const columns = COLUMNS.join(',')
    // Podman reads the processes itself when it is asked for columns alone; else it runs the container's `ps`, which there need not be.
    const ps = connection.capabilities().product === 'podman' ? columns : `-eo ${columns}`
    const container = docker.getContainer(id)
    if (!connection.capabilities().groups) return ownProcesses(connection, id)
    const answer: unknown = await container.top({ ps_args: ps })
    // Podman also answers for a container that is not running, with its own error.
    if (!topSchema.safeParse(answer).success && !(await container.inspect()).State.Running) throw notRunning()
    return toProcesses(answer)
  })
}

/** More than any list of processes has; what comes from inside is not trusted. */
const LONGEST_LIST = 8 * 1024 * 1024

/**
 * Without control groups the engine does not know which processes belong to the container: its own `ps` lists them, with the numbers they
 * have inside.
 */
async function ownProcesses(connection: EngineConnection, id: string): Promise<WorkspaceProcess[]> {
  const command = ['ps', '-eo', COLUMNS.map((column) => `${column}=`).join(',')]
  const stream = await createExec(connection).start({ containerId: id, command, user: 'root', tty: false, stdin: false })
  stream.stderr.resume()
  const rows: string[][] = []
  let size = 0
  for await (const line of linesOf(stream.stdout)) {
    size += line.length
    if (size > LONGEST_LIST) break
    const columns = line.trim().split(/\s+/)
    if (columns.length >= COLUMNS.length && !line.endsWith(command.join(' '))) rows.push(columns)
  }
  stream.destroy()
  return toProcesses({ Processes: rows })
}

const notRunning = () => Object.assign(new Error('the container is not running'), { statusCode: 409, reason: 'conflict' })

/** From the engine's answer: a row of columns for each. */
export function toProcesses(answer: unknown): WorkspaceProcess[] {
  const { Processes: rows } = topSchema.parse(answer)
  return (rows ?? [])
    .map(([pid = '', parentPid = '', age = '', cpuTime = '', memory = '', ...command]) => ({
      ...{ pid: Number(pid), parentPid: Number(parentPid) },
      ...{ age: seconds(age), cpuTime: seconds(cpuTime), memoryBytes: bytes(memory) },
      command: command.join(' ').slice(0, COMMAND_LENGTH),
    }))
    .sort((a, b) => a.pid - b.pid)
}

/** “05:12”, “1:05:12”, “2-01:05:12”; of Podman “2h1m5.12s”. */
function seconds(text: string): number {
  if (text.endsWith('s'))
    return Math.floor([...text.matchAll(DURATION_PART)].reduce((sum, [, count, unit]) => sum + partOf(count, unit), 0))
  const [clock = '', days = '0'] = text.split('-').reverse()
  return clock.split(':').reduce((total, part) => total * 60 + Number(part), 0) + Number(days) * 86_400
}

const partOf = (count = '', unit = '') => Number(count) * (DURATION_UNITS[unit] ?? 0)

/** In KiB, or with the letter of its unit. */
function bytes(text: string): number {
  const unit = UNITS[text.slice(-1).toLowerCase()]
  return Math.round(unit === undefined ? Number(text) * KIB : Number(text.slice(0, -1)) * unit)
}
