import { COMMAND_LENGTH, type WorkspaceProcess } from '../../shared/workspace-process'
import { environmentOf, ofProcessesWith, processNumbers, readIfThere } from './proc-files'

/** What the kernel counts processor time in, whatever its own clock does (see proc(5)). */
const TICKS_A_SECOND = 100
const KIB = 1024
/** Of /proc/PID/stat, counted from the state of the process, which is behind its name. */
const FIELD = { parent: 1, userTime: 11, systemTime: 12, startTime: 19 } as const

/**
 * Numbers of the processes of this machine that have this variable in their environment, as `NAME=value`: what was started in a host
 * workspace. Processes that end in the meantime or belong to other users are left out.
 */
export async function hostProcesses(variable: string): Promise<WorkspaceProcess[]> {
  const [upSeconds = ''] = (await readIfThere('/proc/uptime'))?.split(' ') ?? []
  const found = await ofProcessesWith(variable, (pid) => describe(pid, Number(upSeconds)))
  return found.filter((one) => one !== null).sort((a, b) => a.pid - b.pid)
}

async function describe(pid: string, upSeconds: number): Promise<WorkspaceProcess | null> {
  const [stat, status, command] = await Promise.all(['stat', 'status', 'cmdline'].map((file) => readIfThere(`/proc/${pid}/${file}`)))
  if (stat == null || status == null || command == null) return null
  // The name is in brackets and can contain any character.
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const number = (field: keyof typeof FIELD) => Number(fields[FIELD[field]])
  return {
    pid: Number(pid),
    parentPid: number('parent'),
    age: Math.max(0, upSeconds - number('startTime') / TICKS_A_SECOND),
    cpuTime: (number('userTime') + number('systemTime')) / TICKS_A_SECOND,
    memoryBytes: residentKib(status) * KIB,
    command: command.split('\0').join(' ').trim().slice(0, COMMAND_LENGTH) || `[${name}]`,
  }
}

/** 0 for one that is ending. */
function residentKib(status: string): number {
  const [, value = '0'] =
    status
      .split('\n')
      .find((line) => line.startsWith('VmRSS:'))
      ?.split(/\s+/) ?? []
  return Number(value)
}

/** Which of these workspaces have processes that have not ended. Linux only. */
export async function workspacesWithProcesses(workspaceIds: readonly string[], variableOf: (id: string) => string): Promise<Set<string>> {
  const left = new Map(workspaceIds.map((id) => [variableOf(id), id]))
  const found = new Set<string>()
  await Promise.all(
    (await processNumbers()).map(async (pid) => {
      for (const entry of await environmentOf(pid)) {
        const id = left.get(entry)
        if (id !== undefined) found.add(id)
      }
    }),
  )
  return found
}
