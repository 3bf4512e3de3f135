import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Docker from 'dockerode'

export interface SecondEngine {
  docker: Docker
  endpoint: string
  start(): Promise<void>
  stop(): Promise<void>
  dispose(): Promise<void>
}

/** A Docker engine of the test's own, beside the machine's, which it can stop and start. Without networks. */
export async function startSecondEngine(): Promise<SecondEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-engine-'))
  const socket = join(folder, 'docker.sock')
  let process: ChildProcess | null = null

  const engine: SecondEngine = {
    docker: new Docker({ socketPath: socket }),
    endpoint: `unix://${socket}`,
    async start() {
      const appeared = fileAppears(folder, 'docker.sock')
      process = spawn(
        // In a network namespace of its own: it must not touch the bridge of the machine's engine.
        'unshare',
        [
          ...['--net', 'dockerd'],
          ...['--host', `unix://${socket}`, '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
          ...['--pidfile', join(folder, 'pid'), '--bridge', 'none', '--iptables=false', '--log-level', 'error'],
        ],
        { stdio: 'ignore' },
      )
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
    async dispose() {
      await engine.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await engine.start()
  return engine
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
