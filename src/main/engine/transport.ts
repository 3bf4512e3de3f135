import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { Duplex, type Readable } from 'node:stream'
import Docker, { type DockerOptions } from 'dockerode'
import { z } from 'zod'
import { parseJson } from '../../shared/parse-json'
import type { Link } from './link'

/** No answer of the engine's that is read whole is as long. */
const LONGEST_ANSWER_BYTES = 64 * 1024 * 1024
/** A peer that has gone without a word is asked after so long, and given up ten seconds later. */
const KEEP_ALIVE_MS = 30_000

/** A connection that no request has used for so long is closed: a burst of calls must not leave its connections behind. */
const UNUSED_MS = 5000

const refusalSchema = z.object({ message: z.string() })

/** What dockerode's modem says of a request beside its HTTP options. */
interface RequestContext {
  hijack?: boolean
  isStream?: boolean
  openStdin?: boolean
  statusCodes: Record<number, string | boolean>
}
type Body = string | Buffer | Readable | undefined
type Callback = (error: Error | null, result: unknown) => void

/** The part of dockerode's modem that is replaced. */
interface Modem {
  protocol: string
  buildRequest(options: RequestOptions, context: RequestContext, body: Body, callback: Callback): void
}

export interface Transport {
  /** A dockerode whose requests end with the signal, answers that are being read included. */
  client(signal: AbortSignal): Docker
  /** All that came from the engine so far. */
  bytesRead(): number
  /** Lets go of connections that no request uses. */
  close(): void
}

/**
 * Sends dockerode's requests instead of its own modem, which follows redirects anywhere, waits forever for an answer that was cut off, and
 * leaves errors of upgraded sockets to any listener. Here every failure is thrown at the call. Throws if certificates or keys are invalid.
 */
export function createTransport({ options, agent: given }: Pick<Link, 'options' | 'agent'>): Transport {
  const { rejectUnauthorized = true, ...known } = options
  const base = new Docker(known).modem as unknown as Modem
  const pooling = { keepAlive: true, timeout: UNUSED_MS, scheduling: 'lifo' } as const
  const agent = given ?? (base.protocol === 'https' ? new HttpsAgent({ ...pooling, rejectUnauthorized }) : new Agent(pooling))
  const sockets = new Set<Socket>()
  let closedBytes = 0
  const onSocket = (socket: Socket) => {
    if (sockets.has(socket)) return
    sockets.add(socket)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.once('close', () => {
      sockets.delete(socket)
      closedBytes += socket.bytesRead
    })
  }
  return {
    client(signal) {
      const modem: Modem = Object.assign(Object.create(base) as Modem, {
        buildRequest(options: RequestOptions, context: RequestContext, body: Body, callback: Callback) {
          if (leadsElsewhere(options.path ?? '')) return callback(badPath(), null)
          const both = options.signal ? AbortSignal.any([options.signal, signal]) : signal
          const { signal: _, ...rest } = options
          const request = base.protocol === 'https' ? httpsRequest : httpRequest
          send(() => request({ ...rest, agent }), both, context, body, callback, onSocket)
        },
      })
      return new Docker({ modem } as unknown as DockerOptions)
    },
    bytesRead: () => [...sockets].reduce((sum, socket) => sum + socket.bytesRead, closedBytes),
    close() {
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy()
    },
  }
}

function send(
  open: () => ClientRequest,
  signal: AbortSignal,
  context: RequestContext,
  body: Body,
  done: Callback,
  onSocket: (socket: Socket) => void,
): void {
  let request: ClientRequest
  try {
    signal.throwIfAborted()
    request = open()
  } catch (error) {
    // A path with characters that no path may have, or a signal that is over.
    done(asError(error), null)
    return
  }
  let answer: Readable | null = null
  const abort = () => {
    answer?.destroy(asError(signal.reason))
    request.destroy(asError(signal.reason))
  }
  const release = () => signal.removeEventListener('abort', abort)
  signal.addEventListener('abort', abort, { once: true })
  request.on('close', () => answer ?? release())
  // After the answer has begun it is the answer that fails.
  request.on('error', (error) => done(error, null))
  request.on('socket', onSocket)
  request.on('upgrade', (_, socket: Socket, head) => {
    answer = socket
    // The owner handles errors; without a listener they would end the process.
    socket.on('error', () => undefined)
    socket.on('close', release)
    if (head.length > 0) socket.unshift(head)
    done(null, socket)
  })
  request.on('response', (response) => {
    answer = response
    response.on('error', () => undefined)
    response.on('close', release)
    const isFine = context.statusCodes[response.statusCode ?? 0] === true
    if (isFine && context.isStream === true) {
      // An engine that does not upgrade goes on with the plain answer.
      done(null, context.hijack === true ? Duplex.from({ readable: response, writable: request }) : response)
      return
    }
    readWhole(response).then(
      (bytes) => (isFine ? done(null, parse(bytes, response)) : done(refusal(response, context, bytes), null)),
      (error: unknown) => done(asError(error), null),
    )
    if (context.openStdin === true) request.end()
  })
  if (typeof body === 'string' || Buffer.isBuffer(body)) request.write(body)
  else if (body) {
    body.on('error', (error) => request.destroy(error))
    body.pipe(request)
    return
  }
  if (context.openStdin !== true) request.end()
  // Nothing else sends the head of a request that is to be upgraded and has no body.
  else if (body === undefined) request.flushHeaders()
}

/** A name of something with dots or slashes would be another path on the engine. No path that is asked for on purpose is of that kind. */
function leadsElsewhere(path: string): boolean {
  const [segments = ''] = (path.startsWith('/') ? path.slice(1) : path).split('?', 1)
  return /[\0- #\\]/.test(path) || segments.split('/').some((segment) => ['', '.', '..'].includes(decodedDots(segment)))
}

const decodedDots = (segment: string) => segment.replaceAll(/%2e/gi, '.')

function badPath(): Error {
  return Object.assign(new Error('an engine cannot have such a name'), { statusCode: 400, reason: 'bad parameter' })
}

/** Throws ECONNRESET when the answer is cut off. */
async function readWhole(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LONGEST_ANSWER_BYTES) throw new Error(`the engine’s answer is longer than ${LONGEST_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** As dockerode expects it: what the JSON holds, or the bytes of an answer that is none. Throws what is said to be JSON and is not. */
function parse(bytes: Buffer, response: IncomingMessage): unknown {
  const isJson = response.headers['content-type']?.startsWith('application/json') ?? false
  if (bytes.length === 0) return bytes
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    if (isJson) throw new Error(`the engine’s answer is not valid JSON: ${asError(error).message}`)
    return bytes
  }
}

/** The error that `engine-errors.ts` knows. A redirect is one too: nothing is asked of any other place. */
function refusal(response: IncomingMessage, { statusCodes }: RequestContext, bytes: Buffer): Error {
  const status = response.statusCode ?? 0
  const text = bytes.toString('utf8').trim()
  const known = statusCodes[status]
  const reason = typeof known === 'string' ? known : status >= 300 && status < 400 ? 'redirect' : 'unexpected'
  // Proxies and old engines send plain words.
  const message = refusalSchema.safeParse(parseJson(text)).data?.message
  return Object.assign(new Error(message ?? (text || `status ${status}, ${reason}`)), { statusCode: status, reason })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
