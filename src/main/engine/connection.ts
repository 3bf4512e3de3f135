import type Docker from 'dockerode'
import type { EngineCapabilities, EngineState } from '../../shared/contract/engines'
import type { Problem } from '../../shared/error-definitions'
import { BerthError, isBerthError, toProblem } from '../../shared/errors'
import { log } from '../log'
import { capabilitiesOf, infoSchema, isPodman, libpodInfoSchema, versionSchema } from './capabilities'
import { type CallKind, CONNECT_TIMEOUT_MS, deadlineOf, INFO_TIMEOUT_MS } from './deadlines'
import { endpointCandidates } from './endpoint'
import type { Endpoint, EngineAddress, EngineSurroundings } from './engine-address'
import { connectionReason, engineError } from './engine-errors'
import { type ContainerEvent, openEvents, type RemovalEvent } from './engine-events'
import type { Link } from './link'
import { createLiveness, type Liveness } from './liveness'
import { openLink } from './open-link'
import { askLibpod } from './podman'
import { createTransport, type Transport } from './transport'

const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 5000
/** Servers shut out who knocks too often in vain. */
const LONGEST_SSH_RETRY_MS = 30_000

export interface ConnectionListener {
  /** Each change of state. After `connected`, everything known of the engine is to be read again. */
  onState(state: EngineState): void
  /** While it is connected: it has been quiet for longer than an answer takes, or is not any more. */
  onQuiet?(state: EngineState): void
  onContainerEvent(event: ContainerEvent): void
  /** Of a container only if it has not the label. */
  onRemoval?(event: RemovalEvent): void
  /** A node of the Swarm that it manages has come, gone or changed. */
  onNode?(): void
}

export interface ConnectionOptions {
  /** Read again before each try; null to look for an engine on this machine. */
  address: () => EngineAddress | null
  surroundings: EngineSurroundings
  /** What happens to containers without this label is of no interest, but for their removal. */
  label: string
  /** What the user calls it, for messages; null for the only one there is. */
  engineName?: (() => string | null) | undefined
  /** Why the engine that answers is not to be used, in words; null to use it. */
  accept?: ((capabilities: EngineCapabilities) => string | null) | undefined
}

/** Keeps one connection to one engine, with one event stream over it; connects again by itself whenever that ends. */
export interface EngineConnection {
  state(): EngineState
  /** Throws ENGINE_UNREACHABLE while there is none. */
  assertConnected(): void
  /** What the engine that is connected can do. Throws ENGINE_UNREACHABLE while there is none. */
  capabilities(): EngineCapabilities
  /**
   * Runs a call of the engine's. It ends with its deadline (TIMED_OUT), and with the connection (ENGINE_UNREACHABLE): also one that
   * the engine has taken and never answers. Streams that it returns are the caller's, and outlive both.
   */
  call<Value>(what: string, run: (docker: Docker) => Promise<Value>, deadlineMs: number | null): Promise<Value>
  /** Something was sent that need not be answered: an engine that is silent from now on is asked whether it is there. */
  sent(): void
  /** While a door shows the state of engines, a silent engine is noticed within five seconds, even when nothing waits for it. */
  setWatched(isWatched: boolean): void
  endpoint(): string
  /** False where its ports need tunnels; true while there is no connection. */
  carriesPorts(): boolean
  /** As of `Engine`. */
  bringPort(port: number): Promise<void>
  dropPort(port: number): Promise<void>
  /** Tries at once, with the current endpoint. Resolves with the result. */
  reconnect(): Promise<EngineState>
  start(listener: ConnectionListener): void
  close(): void
}

/** One connection that was made, until it is lost. */
interface Current {
  endpoint: string
  link: Link
  capabilities: EngineCapabilities
  transport: Transport
  liveness: Liveness
  /** One for each call under way. */
  calls: Set<AbortController>
  stopEvents: () => void
}

export function createConnection({ address, surroundings, label, accept, engineName }: ConnectionOptions): EngineConnection {
  let state: EngineState = { status: 'connecting', endpoint: null }
  let listener: ConnectionListener | null = null
  let current: Current | null = null
  let retry: NodeJS.Timeout | null = null
  let retryDelay = FIRST_RETRY_MS
  let attempt: { abort: AbortController; ended: Promise<EngineState> } | null = null
  let knownProblems = ''
  /** Of the link that was lost last: what it holds on this machine is free then. */
  let ending: Promise<unknown> = Promise.resolve()
  const ports = new Set<number>()
  let isWatched = false
  let closed = false

  function setState(next: EngineState): EngineState {
    state = next
    listener?.onState(next)
    return next
  }

  function setQuiet(quiet: Current, isQuiet: boolean): void {
    if (quiet !== current || state.status !== 'connected') return
    const { quietSince: _, ...rest } = state
    state = isQuiet ? { ...rest, quietSince: new Date().toISOString() } : rest
    listener?.onQuiet?.(state)
  }

  function connect(): Promise<EngineState> {
    if (retry) clearTimeout(retry)
    retry = null
    if (attempt) return attempt.ended
    const abort = new AbortController()
    const ended = tryCandidates(abort.signal).finally(() => {
      if (attempt?.abort === abort) attempt = null
    })
    attempt = { abort, ended }
    return ended
  }

  async function tryCandidates(signal: AbortSignal): Promise<EngineState> {
    const { candidates, problems } = endpointCandidates(address(), surroundings)
    reportProblems(problems)
    const tried = [...problems]
    let problem: Problem | undefined
    for (const candidate of candidates) {
      try {
        return await tryCandidate(candidate, signal)
      } catch (error) {
        tried.push({ endpoint: candidate.url, reason: connectionReason(error) })
        if (isBerthError(error)) problem ??= toProblem(error)
      }
      // Another try has begun, which says what is so.
      if (signal.aborted) return state
    }
    const isSsh = candidates.some(({ url }) => url.startsWith('ssh:'))
    const retryAt = closed ? null : scheduleRetry(isSsh ? LONGEST_SSH_RETRY_MS : LONGEST_RETRY_MS).toISOString()
    return setState({ status: 'unreachable', tried, ...(problem && { problem }), retryAt })
  }

  /** Once, not at each try. */
  function reportProblems(problems: { endpoint: string; reason: string }[]): void {
    const text = JSON.stringify(problems)
    if (text !== knownProblems && problems.length > 0) log.warn({ problems }, 'some of Docker’s own settings could not be used')
    knownProblems = text
  }

  async function tryCandidate(candidate: Endpoint, signal: AbortSignal): Promise<EngineState> {
    await ending
    const link = await openLink(candidate, surroundings, signal)
    try {
      return await tryLink(candidate, link, signal)
    } catch (error) {
      end(link)
      throw error
    }
  }

  async function tryLink(candidate: Endpoint, link: Link, signal: AbortSignal): Promise<EngineState> {
    const transport = createTransport(link)
    const broken = new AbortController()
    const limit = AbortSignal.any([signal, broken.signal])
    const within = async <Value>(milliseconds: number, ask: (docker: Docker) => Promise<Value>) =>
      withDeadline(milliseconds, limit, (limited) => ask(transport.client(limited)))
    link.onEnd((cause) => broken.abort(cause))
    const version = versionSchema.parse(await within(CONNECT_TIMEOUT_MS, (docker) => docker.version()))
    const info = infoSchema.parse(await within(INFO_TIMEOUT_MS, (docker) => docker.info()))
    const libpod = isPodman(version)
      ? libpodInfoSchema.parse(await within(INFO_TIMEOUT_MS, (docker) => askLibpod(docker, 'GET', '/info')))
      : null
    const capabilities = capabilitiesOf(version, info, libpod)
    const refusal = accept?.(capabilities) ?? null
    if (refusal !== null) throw new Error(refusal)
    const made: Current = {
      endpoint: candidate.url,
      link,
      capabilities,
      transport,
      liveness: createLiveness(transport.bytesRead, (asking) => transport.client(asking).ping(), link.pingMs, {
        onQuiet: (isQuiet) => setQuiet(made, isQuiet),
        onSilent: () => onSilent(made),
      }),
      calls: new Set(),
      stopEvents: () => undefined,
    }
    link.onEnd((cause) => onLost(made, cause))
    made.stopEvents = await within(CONNECT_TIMEOUT_MS, (docker) =>
      openEvents(
        docker,
        { label, isManager: capabilities.swarm === 'manager' },
        {
          onContainer: (event) => listener?.onContainerEvent(event),
          onRemoval: (event) => listener?.onRemoval?.(event),
          onNode: () => listener?.onNode?.(),
        },
        (cause) => onLost(made, cause instanceof Error ? cause : new Error('the engine closed the connection')),
      ),
    )
    if (limit.aborted || closed) {
      made.stopEvents()
      limit.throwIfAborted()
      throw new Error('Berth is quitting')
    }
    current = made
    made.liveness.setWatched(isWatched)
    retryDelay = FIRST_RETRY_MS
    for (const port of ports) void bringAgain(link, port)
    return setState({
      status: 'connected',
      endpoint: candidate.url,
      ...(link.isInsecure && { insecure: true }),
      product: capabilities.product,
      version: version.Version,
      apiVersion: version.ApiVersion,
      operatingSystem: info.OperatingSystem,
      architecture: info.Architecture,
      cpus: info.NCPU,
      memoryBytes: info.MemTotal,
      capabilities,
    })
  }

  /** The caller has gone. */
  async function bringAgain(link: Link, port: number): Promise<void> {
    try {
      await link.bringPort(port)
    } catch (error) {
      log.warn({ err: error, port }, 'a port of the engine’s machine could not be forwarded again')
    }
  }

  function end(link: Link): void {
    ending = link.close().catch((error: unknown) => log.error({ err: error }, 'the link to the engine could not be closed'))
  }

  function onLost(lost: Current, cause: Error): void {
    if (lost !== current) return
    log.info({ err: cause, endpoint: lost.endpoint }, 'the connection to the engine was lost')
    drop(cause)
    if (closed) return
    setState({ status: 'connecting', endpoint: lost.endpoint })
    // Not at once: an engine that is being stopped still takes connections for a moment.
    scheduleRetry(LONGEST_RETRY_MS)
  }

  /** It hangs: Berth keeps checking whether it is back, but callers do not wait for it. */
  function onSilent(silent: Current): void {
    if (silent !== current) return
    const reason = 'the engine no longer answers'
    log.info({ endpoint: silent.endpoint }, 'the connection was closed because the engine no longer answers')
    drop(new Error(reason))
    if (closed) return
    const retryAt = scheduleRetry(LONGEST_RETRY_MS).toISOString()
    setState({ status: 'unreachable', tried: [{ endpoint: silent.endpoint, reason }], retryAt })
  }

  /** Ends all that waits for an answer. Terminals and logs are left alone: over an engine that was only held up they go on. */
  function drop(cause: Error): void {
    const dropped = current
    current = null
    if (!dropped) return
    dropped.stopEvents()
    dropped.liveness.stop()
    for (const call of dropped.calls) call.abort(new ConnectionLost(cause))
    dropped.transport.close()
    end(dropped.link)
  }

  function scheduleRetry(longestMs: number): Date {
    const delay = Math.min(retryDelay, longestMs)
    retryDelay = delay * 2
    if (retry) clearTimeout(retry)
    retry = setTimeout(() => void connect(), delay)
    return new Date(Date.now() + delay)
  }

  function connected(): Current {
    if (current !== null) return current
    const tried = state.status === 'unreachable' ? state.tried : []
    const endpoint = tried.map((entry) => entry.endpoint).join(', ') || (state.status === 'connecting' ? (state.endpoint ?? '') : '')
    const name = engineName?.() ?? null
    throw new BerthError('ENGINE_UNREACHABLE', name === null ? 'No Docker engine answers.' : `The engine ${name} does not answer.`, {
      endpoint,
      tried,
      next:
        name === null
          ? 'Start Docker or Podman. Berth reconnects automatically.'
          : 'Start it, or check the connection with “berth engine test”. Berth reconnects automatically.',
    })
  }

  return {
    state: () => state,
    endpoint: () => current?.endpoint ?? '',
    assertConnected: () => void connected(),
    capabilities: () => connected().capabilities,
    sent: () => current?.liveness.sent(),
    setWatched(next) {
      isWatched = next
      current?.liveness.setWatched(next)
    },
    carriesPorts: () => current?.link.carriesPorts ?? true,
    async bringPort(port) {
      const isNew = !ports.has(port)
      const link = current?.link
      ports.add(port)
      try {
        await link?.bringPort(port)
      } catch (error) {
        // Lost meanwhile: the next connection brings it.
        if (link !== current?.link) return
        if (isNew) ports.delete(port)
        throw error
      }
    },
    async dropPort(port) {
      ports.delete(port)
      try {
        await current?.link.dropPort(port)
      } catch (error) {
        log.warn({ err: error, port }, 'a port of the engine’s machine could not be released')
      }
    },
    async call(what, run, deadlineMs) {
      const { calls, liveness, transport, endpoint } = connected()
      const call = new AbortController()
      const timer =
        deadlineMs === null
          ? undefined
          : setTimeout(() => call.abort(new BerthError('TIMED_OUT', ...timedOut(what, deadlineMs))), deadlineMs)
      calls.add(call)
      const end = liveness.begin()
      try {
        return await orAborted(run(transport.client(call.signal)), call.signal)
      } catch (error) {
        throw engineError(call.signal.aborted ? call.signal.reason : error, what, endpoint)
      } finally {
        end()
        calls.delete(call)
        clearTimeout(timer)
      }
    },
    reconnect() {
      retryDelay = FIRST_RETRY_MS
      attempt?.abort.abort(new Error('another attempt started'))
      attempt = null
      if (current) {
        const { endpoint } = current
        drop(new Error('Berth is reconnecting'))
        setState({ status: 'connecting', endpoint })
      }
      return connect()
    },
    start(newListener) {
      listener = newListener
      void connect()
    },
    close() {
      closed = true
      if (retry) clearTimeout(retry)
      attempt?.abort.abort(new Error('Berth is quitting'))
      drop(new Error('Berth is quitting'))
    },
  }
}

/** What ends the calls of a connection that is lost; `code` is one of those that mean that no answer came. */
class ConnectionLost extends Error {
  readonly code = 'ECONNRESET'
  constructor(cause: Error) {
    super(cause.message, { cause })
  }
}

/** Not every wait in a call is for a request of its own. */
function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function withDeadline<Value>(
  milliseconds: number,
  signal: AbortSignal,
  run: (limited: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const limit = new AbortController()
  const abort = () => limit.abort(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds)
  try {
    signal.throwIfAborted()
    return await orAborted(run(limit.signal), limit.signal)
  } finally {
    // What it returned (a stream) goes on.
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function timedOut(what: string, milliseconds: number) {
  const seconds = Math.round(milliseconds / 1000)
  return [
    `Could not ${what}: the engine did not finish within ${seconds} s.`,
    { what, seconds, next: 'Check the load of the engine’s machine and the engine’s log, then try again.' },
  ] as const
}

/** Runs an engine request; errors become typed ones that name what was tried. */
export function request<Value>(
  connection: EngineConnection,
  what: string,
  run: (docker: Docker) => Promise<Value>,
  kind: CallKind | { stopTimeoutSeconds: number } = 'quick',
): Promise<Value> {
  return connection.call(what, run, deadlineOf(kind))
}
