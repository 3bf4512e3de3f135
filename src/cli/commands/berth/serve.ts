import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CORE_NODE_FLAGS } from '../../../shared/node-flags'
import type { CliContext } from '../../context'

/** Serves in the foreground until it is ended; its exit code. A Ctrl-C reaches the server too, and this waits for it. */
export async function serve(context: CliContext, options: { port?: number }): Promise<number> {
  const flags = [...(options.port === undefined ? [] : ['--port', String(options.port)]), ...(context.options.json ? ['--json'] : [])]
  const child = spawn(process.execPath, [...CORE_NODE_FLAGS, context.headlessPath, ...flags], {
    env: context.env,
    stdio: 'inherit',
  })
  const restore = [
    // A terminal sends it to both.
    context.onSignal('SIGINT', () => {
      if (context.stdin().isTTY !== true) child.kill('SIGINT')
    }),
    context.onSignal('SIGTERM', () => child.kill('SIGTERM')),
  ]
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
    })
  } finally {
    for (const undo of restore) undo()
  }
}
