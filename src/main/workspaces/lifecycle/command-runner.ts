import { nanoid } from 'nanoid'
import { DEFAULT_OUTPUT_BYTES, type ExecEvent, type ExecResult } from '../../../shared/contract/workspaces'
import { carriedVariables, DEVCONTAINER_ENVIRONMENT, type DevcontainerTarget } from '../../../shared/devcontainer'
import { assertAvailable } from '../../../shared/place-capabilities'
import type { Engine } from '../../engine/engine'
import { clientEnvironment, nestedCommand } from '../../engine/nested-exec'
import { collectCommand, type RunOptions, streamCommand } from '../../engine/run-command'
import type { AgentUse, ForwardedAgents } from '../../ports/forwarded-agents'
import type { Placed } from '../base/places'
import type { ReachedWorkspace } from '../base/reached-workspace'

/** Of Berth's images. */
const WORKSPACE_USER = 'workspace'

export interface ExecOptions {
  command: string[]
  /** Name or number; of a group too, behind a colon. */
  user: string
  cwd?: string | undefined
  env?: Record<string, string> | undefined
  stdin?: string | undefined
  /** Of `stdin` and, where it is collected, of the output; utf8 if left out. */
  encoding?: 'utf8' | 'base64' | undefined
  timeoutSeconds?: number | undefined
  /** Start the workspace first if it is stopped. */
  start?: boolean | undefined
  /** Run in the workspace itself, even if its dev container is running. */
  outside?: boolean | undefined
}

export interface CommandRunner {
  /** Throws WORKSPACE_NOT_RUNNING, PLACE_CANNOT for another user of this machine, EXEC_FAILED, CANCELLED. */
  exec(reference: string, options: ExecOptions & { maxOutputBytes?: number | undefined }, signal?: AbortSignal): Promise<ExecResult>
  /** As `exec`, as it comes. */
  execStream(reference: string, options: ExecOptions, signal?: AbortSignal): AsyncGenerator<ExecEvent>
}

type Run = RunOptions & Pick<Engine, 'exec'> & { agent: AgentUse | null }

/** Runs commands in workspaces to their end. What `reach` throws, and what `streamCommand` throws, is thrown here. */
export function createCommandRunner(
  machineOf: (placed: Placed) => Pick<Engine, 'exec'>,
  agents: Pick<ForwardedAgents, 'use'>,
  reach: (reference: string, start: boolean) => Promise<ReachedWorkspace>,
  assertDevcontainer: (workspaceId: string) => Promise<void>,
): CommandRunner {
  async function runOptions(reference: string, options: ExecOptions, signal: AbortSignal | undefined): Promise<Run> {
    const reached = await reach(reference, options.start ?? false)
    const { id, place, containerId, repoPath, environment, devcontainer } = reached
    if (options.user !== 'workspace') assertAvailable(reached, 'root')
    if (devcontainer && !options.outside) {
      await assertDevcontainer(id)
      return { agent: null, exec: machineOf({ place }).exec, containerId, ...inDevcontainer(devcontainer, environment, options), signal }
    }
    const given = { ...environment, ...options.env }
    const agent = agents.use(id, options.user, given)
    // The command may use it at once.
    await agent?.linked()
    return {
      agent,
      exec: machineOf({ place }).exec,
      containerId,
      command: options.command,
      user: options.user,
      cwd: options.cwd,
      preferredCwd: repoPath,
      environment: { ...given, ...agent?.environment },
      ...inputAndTime(options),
      signal,
    }
  }

  return {
    async exec(reference, options, signal) {
      const { exec, agent, ...run } = await runOptions(reference, options, signal)
      try {
        const maxBytes = options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES
        const { stdout, stderr, ...rest } = await collectCommand(exec, { ...run, maxBytes })
        return { ...rest, stdout: stdout.toString(options.encoding), stderr: stderr.toString(options.encoding) }
      } finally {
        agent?.release()
      }
    },
    async *execStream(reference, options, signal) {
      const left = new AbortController()
      const { exec, agent, ...run } = await runOptions(reference, options, signal ? AbortSignal.any([signal, left.signal]) : left.signal)
      try {
        yield* eventsOf(left, (hand) =>
          streamCommand(
            exec,
            run,
            (stream, chunk) => hand({ type: stream, data: chunk.toString('base64') }),
            () => hand({ type: 'started' }),
          ),
        )
      } finally {
        agent?.release()
      }
    },
  }
}

const inputAndTime = ({ stdin, encoding, timeoutSeconds }: ExecOptions) => ({
  stdin: stdin === undefined ? undefined : Buffer.from(stdin, encoding),
  timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
})

/** The user of workspaces is there the one whom the dev container has instead. */
function inDevcontainer(
  { id, user, folder }: DevcontainerTarget,
  environment: Record<string, string | null>,
  options: ExecOptions,
): Omit<RunOptions, 'containerId'> {
  const env = { ...carriedVariables(environment), ...options.env }
  const marker = nanoid()
  const target = {
    ...{ id, cwd: options.cwd ?? folder, environmentFile: DEVCONTAINER_ENVIRONMENT },
    user: options.user === WORKSPACE_USER ? user : options.user,
  }
  return {
    command: nestedCommand(target, { tty: false, env, marker }, options.command),
    ...{ user: WORKSPACE_USER, cwd: '/', environment: clientEnvironment(env), marker },
    ...inputAndTime(options),
  }
}

/** Hands out one event at a time; while nobody takes it, the command waits. Leaving ends the command. */
async function* eventsOf(
  left: AbortController,
  work: (hand: (event: ExecEvent) => Promise<void>) => Promise<{ exitCode: number | null; timedOut: boolean }>,
): AsyncGenerator<ExecEvent> {
  const waiting: { event: ExecEvent; taken: () => void }[] = []
  let bell = Promise.withResolvers<void>()
  let ended = false
  const running = work(
    (event) =>
      new Promise((taken) => {
        // Nobody takes it any more, and what ends the command reads its output to the end.
        if (left.signal.aborted) return taken()
        waiting.push({ event, taken })
        bell.resolve()
      }),
  ).finally(() => {
    ended = true
    bell.resolve()
  })
  // Its failure is thrown where the end is awaited; callers that leave earlier do not see it.
  running.catch(() => undefined)
  try {
    while (!ended || waiting.length > 0) {
      const [next] = waiting
      if (next) {
        yield next.event
        waiting.shift()
        next.taken()
      } else {
        await bell.promise
        bell = Promise.withResolvers<void>()
      }
    }
    yield { type: 'exit', ...(await running) }
  } finally {
    left.abort()
    for (const { taken } of waiting) taken()
    await Promise.allSettled([running])
  }
}
