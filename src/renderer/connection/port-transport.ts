import { RPCLink } from '@orpc/client/message-port'
import type { DoorRequest } from '../../shared/door-port'
import { PORT_OFFER, PORT_REQUEST } from '../../shared/window-port'
import { createStateCell, type Transport } from './connection'
import { replaceableLink } from './replaceable-link'

/** The way to Berth in the desktop window: one MessagePort from the preload, over which further ports are handed to the main process. */
export function createPortTransport(): Transport {
  const state = createStateCell({ status: 'connecting' })
  const waiting: { request: DoorRequest; port: MessagePort }[] = []
  let door: MessagePort | null = null
  let link: RPCLink<Record<never, never>> | null = null

  /** Requests made before the door is there wait for it: a port keeps what is posted on it. */
  const requestPort = (request: DoorRequest): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    if (door === null) waiting.push({ request, port: port2 })
    else door.postMessage(request, [port2])
    return port1
  }

  window.addEventListener('message', (event) => {
    const port = event.ports[0]
    if (event.source !== window || event.data !== PORT_OFFER || port === undefined) return
    door = port
    for (const { request, port } of waiting.splice(0)) door.postMessage(request, [port])
    const rpc = requestPort({ kind: 'rpc' })
    rpc.addEventListener('close', () => {
      link = null
      door = null
      state.set({ status: 'reconnecting', attempt: 1, retryAt: null })
      askForDoor()
    })
    link = new RPCLink({ port: rpc })
    rpc.start()
    state.set({ status: 'open' })
  })

  const askForDoor = () => window.postMessage(PORT_REQUEST, location.origin)
  askForDoor()

  return {
    connection: { kind: 'port', requestPort },
    link: replaceableLink(() => link),
    state: state.get,
    onState: state.onState,
    retryNow: askForDoor,
  }
}
