import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Exec } from '../exec'

/** Runs commands on this machine like an engine in a container: each in its own session, as the user of the test. */
export const localExec: Exec = {
  async start({ command, cwd, environment }) {
    const [program = '', ...rest] = command
    const child = spawn(program, rest, { cwd, detached: true, env: { ...process.env, ...withoutNull(environment) } })
    const exited = once(child, 'exit')
    return {
      id: String(child.pid),
      stdout: child.stdout,
      stderr: child.stderr,
      stdin: child.stdin,
      resize: async () => undefined,
      exitCode: async () => {
        const [code] = await exited
        return Number(code ?? 137)
      },
      destroy() {
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      },
    }
  },
}

const withoutNull = (environment: Record<string, string | null> = {}): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? undefined]))
