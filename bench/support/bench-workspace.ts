import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import tar from 'tar-stream'
import { type Berth, docker, startBerth, uniqueName } from '../../e2e/berth-process'
import type { BerthClient } from '../../src/shared/contract/contract'
import { OUTPUT_KINDS, outputBlock } from './terminal-output'

/** Where a workspace has what the benchmark runs in it. */
export const INSIDE = '/opt/bench'

const FLOOD = `#!/bin/bash
# flood KIND MEGABYTES: a bell, so much output, a bell.
stty -opost
printf '\\a'
for ((count = 0; count < $2; count++)); do cat ${INSIDE}/$1; done
printf '\\a\\r\\n'
stty opost
`

const ECHO = `#!/bin/bash
# Answers each key with itself and a bell.
stty raw -echo
printf 'ready\\r\\n'
while IFS= read -rN1 key && [ "$key" != q ]; do printf '%s\\a' "$key"; done
stty sane
`

const INTERRUPTED = `#!/bin/bash
# A bell when Ctrl-C has ended yes.
trap : INT
yes
printf '\\a'
`

export interface BenchWorkspace {
  berth: Berth
  id: string
  name: string
  containerId: string
  sshPort: number
}

/** A Berth of its own with one workspace that has the programs. */
export async function openBenchWorkspace(): Promise<BenchWorkspace> {
  const berth = await startBerth()
  try {
    return { berth, ...(await makeBenchWorkspace(berth.client)) }
  } catch (error) {
    await berth.dispose()
    throw error
  }
}

/** A workspace that has the programs, running. */
export async function makeBenchWorkspace(client: BerthClient): Promise<Omit<BenchWorkspace, 'berth'>> {
  const { workspace } = await client.workspaces.start({ name: uniqueName('bench'), wait: true })
  const containerId = `workspace-${workspace.name}`
  const archive = tar.pack()
  for (const kind of OUTPUT_KINDS) archive.entry({ name: kind }, outputBlock(kind))
  for (const [name, text] of Object.entries({ flood: FLOOD, echo: ECHO, interrupted: INTERRUPTED })) {
    archive.entry({ name, mode: 0o755 }, text)
  }
  archive.finalize()
  await client.workspaces.exec({ workspace: workspace.id, command: ['mkdir', INSIDE], user: 'root' })
  await docker.getContainer(containerId).putArchive(await buffer(archive), { path: INSIDE })
  const { ports } = await client.workspaces.get({ workspace: workspace.id })
  if (ports.ssh === null) throw new Error('The workspace has no ssh port.')
  return { id: workspace.id, name: workspace.name, containerId, sshPort: ports.ssh }
}

const TICKS_PER_SECOND = 100

/** Seconds of processor time that a process has used. */
export async function processorSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // Behind the name, which may have spaces: state is the first, user and system time the twelfth and thirteenth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Bytes of memory that a process has now, and has had at most. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN)
  return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 }
}
