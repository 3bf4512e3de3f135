import type { WireCodec, WireValue } from './wire-values'

/** From the world of a preload to the main process. Ports are named; an unknown name is a new port. */
export type FromPreload =
  | { kind: 'send'; channel: string; args: WireValue; ports: string[] }
  | { kind: 'invoke'; id: number; channel: string; args: WireValue }
  | { kind: 'port-message'; port: string; data: WireValue; ports: string[] }
  | { kind: 'port-closed'; port: string }
  | { kind: 'key'; key: string; control: boolean; meta: boolean; alt: boolean; shift: boolean }
  | { kind: 'failed'; message: string }

/** And back. */
export type ToPreload =
  | { kind: 'ipc'; channel: string; args: WireValue; ports: string[] }
  | { kind: 'answer'; id: number; value: WireValue; error: string | null }
  | { kind: 'port-message'; port: string; data: WireValue; ports: string[] }
  | { kind: 'port-closed'; port: string }

export interface PreloadWorldOptions {
  /** Name of the function that brings text to the main process. */
  binding: string
  /** Name of the function that the main process calls with its messages. */
  receiver: string
  isSandboxed: boolean
  isIsolated: boolean
}

type Preload = (require: (name: string) => unknown, process: object, exports: object, module: object) => void

/**
 * Runs in the page before its own scripts, in a world of its own unless `contextIsolation` is off: makes `ipcRenderer` and runs the preload with it. Injected as text:
 * it can use nothing outside itself.
 */
export function preloadWorld(options: PreloadWorldOptions, codec: WireCodec, preload: Preload | null): void {
  // Without `nodeIntegrationInSubFrames` frames have no preload.
  if (window !== window.top) return
  const world = globalThis as unknown as Record<string, unknown>
  const post = world[options.binding] as (text: string) => void
  delete world[options.binding]
  const send = (message: FromPreload) => post(JSON.stringify(message))

  const ports = new Map<string, MessagePort>()
  let lastPort = 0

  function bridge(port: MessagePort, name: string): string {
    ports.set(name, port)
    port.addEventListener('message', (event) => {
      const given = event.ports.map((other) => bridge(other, newName()))
      send({ kind: 'port-message', port: name, data: codec.encode(event.data), ports: given })
    })
    port.addEventListener('close', () => {
      if (ports.delete(name)) send({ kind: 'port-closed', port: name })
    })
    port.start()
    return name
  }

  function newName(): string {
    lastPort += 1
    return `page-${lastPort}`
  }

  function open(name: string): MessagePort {
    const { port1, port2 } = new MessageChannel()
    bridge(port1, name)
    return port2
  }

  type Listener = (event: unknown, ...args: unknown[]) => void
  const listeners = new Map<string, { listener: Listener; once: boolean }[]>()
  const answers = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let lastInvocation = 0

  const add = (channel: string, listener: Listener, once: boolean) => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, once }])
    return ipcRenderer
  }
  const remove = (channel: string, listener: Listener) => {
    const left = (listeners.get(channel) ?? []).filter((entry) => entry.listener !== listener)
    listeners.set(channel, left)
    return ipcRenderer
  }
  const ipcRenderer = {
    on: (channel: string, listener: Listener) => add(channel, listener, false),
    addListener: (channel: string, listener: Listener) => add(channel, listener, false),
    once: (channel: string, listener: Listener) => add(channel, listener, true),
    off: remove,
    removeListener: remove,
    removeAllListeners(channel: string) {
      listeners.delete(channel)
      return ipcRenderer
    },
    send: (channel: string, ...args: unknown[]) => send({ kind: 'send', channel, args: codec.encode(args), ports: [] }),
    postMessage(channel: string, message: unknown, transfer: MessagePort[] = []) {
      // A real transfer, so that the page's port is its own no longer.
      const carried = new MessageChannel()
      const encoded = codec.encode([message])
      carried.port1.postMessage(null, transfer)
      carried.port2.onmessage = (event) => {
        const given = event.ports.map((port) => bridge(port, newName()))
        send({ kind: 'send', channel, args: encoded, ports: given })
      }
    },
    invoke(channel: string, ...args: unknown[]) {
      lastInvocation += 1
      const id = lastInvocation
      send({ kind: 'invoke', id, channel, args: codec.encode(args) })
      return new Promise((resolve, reject) => answers.set(id, { resolve, reject }))
    },
  }

  // A page of Chromium has no paths of files: those that a test drops have none, as in Electron those that a page made up.
  const webUtils = { getPathForFile: () => '' }

  function take(message: ToPreload): void {
    switch (message.kind) {
      case 'ipc': {
        const event = { sender: ipcRenderer, ports: message.ports.map(open), preventDefault() {}, defaultPrevented: false }
        const args = codec.decode(message.args) as unknown[]
        for (const { listener, once } of listeners.get(message.channel) ?? []) {
          if (once) remove(message.channel, listener)
          listener(event, ...args)
        }
        return
      }
      case 'answer': {
        const answer = answers.get(message.id)
        answers.delete(message.id)
        if (message.error === null) answer?.resolve(codec.decode(message.value))
        else answer?.reject(new Error(message.error))
        return
      }
      case 'port-message':
        ports.get(message.port)?.postMessage(codec.decode(message.data), message.ports.map(open))
        return
      case 'port-closed':
        ports.get(message.port)?.close()
        ports.delete(message.port)
        return
      default:
        message satisfies never
    }
  }

  Object.defineProperty(world, options.receiver, { value: take })
  // What no handler of the page has taken belongs to the application menu.
  window.addEventListener('keydown', (event) => {
    setTimeout(() => {
      if (event.defaultPrevented) return
      send({ kind: 'key', key: event.key, control: event.ctrlKey, meta: event.metaKey, alt: event.altKey, shift: event.shiftKey })
    })
  })

  if (preload === null) return
  const process = {
    type: 'renderer',
    sandboxed: options.isSandboxed,
    contextIsolated: options.isIsolated,
    platform: 'linux',
    versions: { electron: '45.4.1' },
    env: {},
  }
  const forSandboxed = ['electron', 'events', 'timers', 'url', 'node:events', 'node:timers', 'node:url']
  const require = (name: string) => {
    if (name === 'electron' || name === 'electron/renderer') return { ipcRenderer, webUtils }
    if (options.isSandboxed && !forSandboxed.includes(name)) throw new Error(`module not found: ${name}`)
    // Node itself is not here: that it was asked for, and given, is what can be seen.
    return new Proxy({}, { get: (_, property) => () => `${name}.${String(property)} of the stand-in` })
  }
  // As in Electron: only where there is no sandbox are they globals of the preload's world.
  if (!options.isSandboxed) Object.assign(globalThis, { process, require })
  try {
    const module = { exports: {} }
    preload(require, process, module.exports, module)
  } catch (error) {
    send({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}
