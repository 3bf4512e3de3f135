import type { BerthError } from '../../shared/errors'
import { log } from '../log'
import { AGENT_SOCKET, type AgentLink, toUnavailable, unavailable } from './agent-link'

/** The forwarded agent stays this long after its last use: commands often follow each other. */
export const GRACE_MS = 10_000
export const SETTLE_MS = 5000
const FIRST_RETRY_MS = 1000
/** Failures and losses, one after the other, before only a new use tries again. */
export const MOST_FAILURES = 6
/** A link that lasted so long was a good one. */
const STEADY_MS = 60_000
/** Others could not open the socket. */
const USERS = ['workspace', 'root']

/** One thing in a workspace that may use the agent. */
export interface AgentUse {
  /** For its environment. */
  environment: { SSH_AUTH_SOCK: string }
  /** Makes the link if need be. Within five seconds it is null when the agent can be used, else why not (AGENT_UNAVAILABLE, which is logged already). */
  linked(): Promise<BerthError | null>
  /** To be called when it is over; calling it again is fine. */
  release(): void
}

/** The ssh agent of this machine in the workspaces that run: one link each, there while something uses it. */
export interface ForwardedAgents {
  /**
   * Keeps the link until it is released. null if there is no agent to forward, or not to this workspace or user, and if the environment has
   * its own agent.
   */
  use(workspaceId: string, user: string, environment: Record<string, string | null>): AgentUse | null
  /** The setting has changed. */
  onSettings(): void
  /** To be told of every change of a workspace. */
  onWorkspace(workspaceId: string): void
  onWorkspaceRemoved(workspaceId: string): void
  close(): void
}

interface ForwardedAgentsOptions {
  /** Of the agent that is to be forwarded as things are now; null for none. */
  agentSocket(): string | null
  /** Whether that workspace is to have the agent. */
  isAllowed(workspaceId: string): boolean
  /** The name of a workspace that runs and has an ssh server; null for others. */
  reachable(workspaceId: string): string | null
  /** Makes a link, which the signal ends. Throws AGENT_UNAVAILABLE. */
  open(workspaceId: string, agentSocket: string, signal: AbortSignal): Promise<AgentLink>
}

export function createForwardedAgents(options: ForwardedAgentsOptions): ForwardedAgents {
  const { agentSocket, isAllowed, reachable } = options
  const agents = new Map<string, ForwardedAgent>()
  let isClosed = false

  function agentOf(workspaceId: string): ForwardedAgent {
    const known = agents.get(workspaceId)
    if (known) return known
    const made = createForwardedAgent({
      name: () => reachable(workspaceId),
      open: (signal) => {
        const socket = agentSocket()
        return socket === null || isClosed || !isAllowed(workspaceId) ? null : options.open(workspaceId, socket, signal)
      },
      onIdle: () => agents.delete(workspaceId),
    })
    agents.set(workspaceId, made)
    return made
  }

  return {
    use(workspaceId, user, environment) {
      if (isClosed || !USERS.includes(user) || typeof environment.SSH_AUTH_SOCK === 'string') return null
      if (agentSocket() === null || !isAllowed(workspaceId) || reachable(workspaceId) === null) return null
      return agentOf(workspaceId).use()
    },
    onSettings() {
      const isOn = agentSocket() !== null
      for (const agent of agents.values()) {
        if (isOn) agent.begin()
        else agent.end()
      }
    },
    onWorkspace(workspaceId) {
      if (reachable(workspaceId) === null || !isAllowed(workspaceId)) agents.get(workspaceId)?.end()
    },
    onWorkspaceRemoved(workspaceId) {
      agents.get(workspaceId)?.end()
      agents.delete(workspaceId)
    },
    close() {
      isClosed = true
      for (const agent of agents.values()) agent.end()
    },
  }
}

interface ForwardedAgent {
  use(): AgentUse
  /** Makes the link if something uses it. */
  begin(): void
  /** Takes the link away, whatever uses it. */
  end(): void
}

interface ForwardedAgentOptions {
  /** Of the workspace; null while no link can be made. */
  name(): string | null
  /** null when there is nothing to be linked any more. */
  open(signal: AbortSignal): Promise<AgentLink> | null
  /** Nothing uses it and the grace is over. */
  onIdle(): void
}

interface Attempt {
  abort: AbortController
  /** null when the link is there, else why not. */
  outcome: Promise<BerthError | null>
}

/** The agent in one workspace. */
function createForwardedAgent({ name, open, onIdle }: ForwardedAgentOptions): ForwardedAgent {
  let uses = 0
  /** The link, or the way to it. */
  let attempt: Attempt | null = null
  let failures = 0
  let problem: BerthError | null = null
  let grace: NodeJS.Timeout | undefined
  let retry: NodeJS.Timeout | undefined

  function begin(): void {
    const workspace = name()
    if (attempt || retry || uses === 0 || workspace === null) return
    const abort = new AbortController()
    const opening = open(abort.signal)
    if (opening === null) return
    const mine: Attempt = {
      abort,
      outcome: opening.then(
        () => null,
        (error: unknown) => toUnavailable(workspace, error),
      ),
    }
    attempt = mine
    void follow(mine, opening, workspace)
  }

  async function follow(mine: Attempt, opening: Promise<AgentLink>, workspace: string): Promise<void> {
    const outcome = await mine.outcome
    if (outcome === null) {
      problem = null
      const since = performance.now()
      await (await opening).closed
      if (performance.now() - since >= STEADY_MS) failures = 0
    }
    if (attempt !== mine) return
    attempt = null
    // It has stopped.
    if (name() === null) return
    problem = outcome ?? unavailable(workspace, 'the connection was lost')
    log[outcome === null ? 'info' : 'warn']({ err: problem, workspace }, 'the ssh agent is not forwarded')
    failures++
    if (failures >= MOST_FAILURES) return
    retry = setTimeout(
      () => {
        retry = undefined
        begin()
      },
      FIRST_RETRY_MS * 2 ** (failures - 1),
    ).unref()
  }

  function end(): void {
    clearTimeout(retry)
    retry = undefined
    attempt?.abort.abort()
    attempt = null
    failures = 0
    problem = null
  }

  function release(): void {
    uses--
    if (uses > 0) return
    grace = setTimeout(() => {
      end()
      onIdle()
    }, GRACE_MS).unref()
  }

  return {
    use() {
      clearTimeout(grace)
      uses++
      let isReleased = false
      return {
        environment: { SSH_AUTH_SOCK: AGENT_SOCKET },
        async linked() {
          begin()
          return attempt ? soon(attempt.outcome, unavailable(name() ?? '', 'it takes too long')) : problem
        },
        release() {
          if (isReleased) return
          isReleased = true
          release()
        },
      }
    },
    begin,
    end,
  }
}

/** What it resolves with, or `late` when that takes too long. */
async function soon<T>(promise: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), SETTLE_MS)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
