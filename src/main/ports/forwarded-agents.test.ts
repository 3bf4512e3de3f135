import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AgentLink, unavailable } from './agent-link'
import { createForwardedAgents, type ForwardedAgents, GRACE_MS, MOST_FAILURES, SETTLE_MS } from './forwarded-agents'

/** A link that was asked for. */
interface Asked {
  workspaceId: string
  succeed(): void
  fail(): void
  /** As when the connection breaks. */
  lose(): void
  isEnded(): boolean
}

let asked: Asked[]
let agentSocket: string | null
let isRunning: boolean
let isAllowed: boolean
let agents: ForwardedAgents

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  agentSocket = '/run/agent'
  isRunning = true
  isAllowed = true
  agents = createForwardedAgents({
    agentSocket: () => agentSocket,
    isAllowed: () => isAllowed,
    reachable: () => (isRunning ? 'demo' : null),
    open(workspaceId, _socket, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<AgentLink>()
      const closed = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => closed.resolve())
      asked.push({
        workspaceId,
        succeed: () => resolve({ closed: closed.promise }),
        fail: () => reject(unavailable('demo', 'no reason')),
        lose: () => closed.resolve(),
        isEnded: () => signal.aborted,
      })
      return promise
    },
  })
})

afterEach(() => {
  agents.close()
  vi.useRealTimers()
})

const use = (workspaceId = 'w1') => {
  const made = agents.use(workspaceId, 'workspace', {})
  if (!made) throw new Error('there is no agent')
  void made.linked()
  return made
}
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds)
const last = () => asked.at(-1) as Asked

describe('the forwarded agent', () => {
  it('is linked when it is first needed, once for all that use it', async () => {
    const first = use()
    const linked = first.linked()
    expect(first.environment.SSH_AUTH_SOCK).toMatch('/run/berth/agent/')
    last().succeed()
    expect(await linked).toBeNull()
    expect(await use().linked()).toBeNull()
    expect(asked).toHaveLength(1)
    use('w2')
    expect(asked.map(({ workspaceId }) => workspaceId)).toEqual(['w1', 'w2'])
  })

  it('goes a while after its last use, and not if it is used again meanwhile', async () => {
    const [first, second] = [use(), use()]
    last().succeed()
    first.release()
    first.release()
    await pass(2 * GRACE_MS)
    expect(last().isEnded()).toBe(false)
    second.release()
    await pass(GRACE_MS - 1)
    const third = use()
    await pass(2 * GRACE_MS)
    expect(last().isEnded()).toBe(false)
    third.release()
    await pass(GRACE_MS)
    expect(last().isEnded()).toBe(true)
    use()
    expect(asked).toHaveLength(2)
  })

  it('is linked again when the connection is lost while something uses it, and only then', async () => {
    const used = use()
    last().succeed()
    await pass()
    last().lose()
    await pass(1000)
    expect(asked).toHaveLength(2)
    last().succeed()
    await pass()
    expect(await used.linked()).toBeNull()
    used.release()
    last().lose()
    await pass(GRACE_MS)
    expect(asked).toHaveLength(2)
  })

  it('is retried a few times with growing delays, and nothing waits for it', async () => {
    const used = use()
    last().fail()
    expect(await used.linked()).toMatchObject({ code: 'AGENT_UNAVAILABLE', data: { reason: 'no reason' } })
    await pass()
    expect(await use().linked()).toMatchObject({ code: 'AGENT_UNAVAILABLE' })
    expect(asked).toHaveLength(1)
    for (let tries = 0; tries < 20; tries++) {
      await pass(GRACE_MS)
      last().fail()
    }
    expect(asked).toHaveLength(MOST_FAILURES)
    use()
    expect(asked).toHaveLength(MOST_FAILURES + 1)
  })

  it('is refused to a workspace that should not have it, and removed from one that no longer should', async () => {
    isAllowed = false
    expect(agents.use('w1', 'workspace', {})).toBeNull()
    isAllowed = true
    use()
    last().succeed()
    await pass()
    isAllowed = false
    agents.onWorkspace('w1')
    expect(last().isEnded()).toBe(true)
    await pass(2 * GRACE_MS)
    expect(asked).toHaveLength(1)
  })

  it('keeps no caller waiting for long', async () => {
    const linked = use().linked()
    await pass(SETTLE_MS)
    expect(await linked).toMatchObject({ code: 'AGENT_UNAVAILABLE', data: { reason: 'it takes too long' } })
  })

  it('goes when the setting is switched off, and comes back for what still uses it', async () => {
    use()
    last().succeed()
    await pass()
    agentSocket = null
    agents.onSettings()
    expect(last().isEnded()).toBe(true)
    expect(agents.use('w1', 'workspace', {})).toBeNull()
    await pass(2 * GRACE_MS)
    expect(asked).toHaveLength(1)
    agentSocket = '/run/agent'
    agents.onSettings()
    expect(asked).toHaveLength(2)
  })

  it('goes when the workspace stops, also while it is being linked', async () => {
    use()
    isRunning = false
    agents.onWorkspace('w1')
    expect(last().isEnded()).toBe(true)
    last().fail()
    await pass(2 * GRACE_MS)
    expect(asked).toHaveLength(1)
    expect(agents.use('w1', 'workspace', {})).toBeNull()
  })

  it('goes with Berth', () => {
    use()
    agents.close()
    expect(last().isEnded()).toBe(true)
    expect(agents.use('w1', 'workspace', {})).toBeNull()
  })

  it('is for the users who can open it, and for environments without an agent of their own', () => {
    expect(agents.use('w1', 'postgres', {})).toBeNull()
    expect(agents.use('w1', 'workspace', { SSH_AUTH_SOCK: '/mine' })).toBeNull()
    expect(agents.use('w1', 'root', { SSH_AUTH_SOCK: null })).not.toBeNull()
  })
})
