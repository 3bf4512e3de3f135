import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'

/** One end of a channel, whoever holds it: a `MessagePortMain`, a page, or nobody while it is on its way. What arrives meanwhile waits. */
export interface Endpoint {
  send(message: PortMessage): void
  /** Takes what waits and what comes. null: whoever held it has given it away. */
  hold(holder: EndpointHolder | null): void
  /** The other end hears of it after all that was sent. */
  close(): void
}

export interface EndpointHolder {
  message(message: PortMessage): void
  closed(): void
}

export interface PortMessage {
  data: unknown
  ports: Endpoint[]
}

interface End extends Endpoint {
  queue: (PortMessage | 'close')[]
  deliver(): void
}

export function createChannel(): [Endpoint, Endpoint] {
  const ends: [End, End] = [end(() => ends[1]), end(() => ends[0])]
  return ends
}

function end(other: () => End): End {
  const queue: (PortMessage | 'close')[] = []
  let holder: EndpointHolder | null = null
  let isOpen = true
  const put = (target: End, message: PortMessage | 'close') => {
    target.queue.push(message)
    // Never within the call that sent it.
    setImmediate(target.deliver)
  }
  return {
    queue,
    deliver() {
      while (holder !== null) {
        const next = queue.shift()
        if (next === undefined) return
        if (next !== 'close') {
          holder.message(next)
          continue
        }
        isOpen = false
        holder.closed()
      }
    },
    send(message) {
      if (isOpen) put(other(), message)
    },
    hold(next) {
      holder = next
      if (next !== null) setImmediate(this.deliver)
    },
    close() {
      if (!isOpen) return
      isOpen = false
      holder = null
      put(other(), 'close')
    },
  }
}

const endpointOf = new WeakMap<MessagePortMain, Endpoint>()

/** The rules are those of Electron's `shell/browser/api/message_port.cc`. */
export class MessagePortMain extends EventEmitter implements Pick<Electron.MessagePortMain, 'postMessage' | 'start' | 'close'> {
  #isStarted = false
  #isClosed = false
  readonly #holder: EndpointHolder = {
    message: ({ data, ports }) => void this.emit('message', { data, ports: ports.map(portAt) }),
    closed: () => this.#end(),
  }

  /** One that was given away or closed takes no notice, as in Electron. Throws for what cannot be cloned and for ports that cannot be given away. */
  postMessage(message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    const endpoint = endpointOf.get(this)
    if (endpoint === undefined || this.#isClosed) return
    const data = cloned(message)
    const own = transfer.findIndex((port) => (port as unknown) === this)
    if (own !== -1) throw new Error(`Port at index ${own} contains the source port.`)
    endpoint.send({ data, ports: releasePorts(transfer) })
  }

  start(): void {
    const endpoint = endpointOf.get(this)
    if (endpoint === undefined || this.#isClosed || this.#isStarted) return
    this.#isStarted = true
    endpoint.hold(this.#holder)
  }

  close(): void {
    if (this.#isClosed) return
    endpointOf.get(this)?.close()
    this.#end()
  }

  #end(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.emit('close')
  }
}

export class MessageChannelMain {
  port1: MessagePortMain
  port2: MessagePortMain

  constructor() {
    const [one, other] = createChannel()
    this.port1 = portAt(one)
    this.port2 = portAt(other)
  }
}

export function portAt(endpoint: Endpoint): MessagePortMain {
  const port = new MessagePortMain()
  endpointOf.set(port, endpoint)
  return port
}

/** Takes the ports from whoever has them. Throws, and takes none, if one is no port, gone already or named twice. */
export function releasePorts(ports: readonly Electron.MessagePortMain[]): Endpoint[] {
  if (!Array.isArray(ports)) throw new TypeError('Error processing argument: the ports to transfer are no list')
  const endpoints = ports.map((given, index) => {
    const port = given as unknown as MessagePortMain
    if (!(port instanceof MessagePortMain)) throw new TypeError(`Port at index ${index} is not a valid port`)
    if (ports.indexOf(given) !== index) throw new Error(`Port at index ${index} is a duplicate of an earlier port.`)
    const endpoint = endpointOf.get(port)
    if (endpoint === undefined) throw new Error(`Port at index ${index} is already neutered.`)
    return endpoint
  })
  for (const port of ports) endpointOf.delete(port as unknown as MessagePortMain)
  for (const endpoint of endpoints) endpoint.hold(null)
  return endpoints
}

/** A copy by the rules of structured clone. Throws as Electron does for what has none. */
export function cloned(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch (error) {
    throw new Error('An object could not be cloned.', { cause: error })
  }
}
