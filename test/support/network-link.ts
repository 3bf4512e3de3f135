import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface NetworkLink {
  /** Of the namespace, as this machine sees it. */
  address: string
  dispose(): Promise<void>
}

let count = 0

/** Joins a network namespace, in which that process is, to this machine by a cable of its own. */
export async function linkNetwork(pid: number): Promise<NetworkLink> {
  count += 1
  // Of the range for benchmarks, beside what the conformance tests use of it; one for each process of the tests.
  const subnet = `198.19.${process.pid % 256}`
  const [here, there] = [count * 4 + 1, count * 4 + 2].map((last) => `${subnet}.${last}`)
  const name = `bt${process.pid}x${count}`
  await run('ip', ['link', 'add', 'name', name, 'type', 'veth', 'peer', 'name', `${name}p`, 'netns', String(pid)])
  await run('ip', ['address', 'add', `${here}/30`, 'dev', name])
  await run('ip', ['link', 'set', name, 'up'])
  const inside = (args: string[]) => run('nsenter', [`--target=${pid}`, '--net', 'ip', ...args])
  await inside(['address', 'add', `${there}/30`, 'dev', `${name}p`])
  await inside(['link', 'set', `${name}p`, 'up'])
  return {
    address: there ?? '',
    async dispose() {
      await run('ip', ['link', 'delete', name])
    },
  }
}
