import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BerthClient } from '../../shared/contract/contract'
import type { DoorRequest } from '../../shared/door-port'
import { BerthError } from '../../shared/errors'
import { decodeFrame, encodeFrame, type StreamChannel, type StreamFrame } from '../../shared/stream-frames'
import { createProbe, createTestRouter } from '../api/testing/test-door'
import type { DoorPort } from './door-port'
import { connectPort, type MenuPort } from './port-broker'

/** Node's MessagePort with the interface of Electron's. */
function asElectronPort(port: MessagePort): DoorPort {
  return {
    on(event: 'message' | 'close', listener: ((event: { data: unknown; ports: DoorPort[] }) => void) | (() => void)) {
      port.addEventListener(event, (raised) => {
        if (raised instanceof MessageEvent) listener({ data: raised.data, ports: raised.ports.map(asElectronPort) })
        else (listener as () => void)()
      })
    },
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  }
}

let page: MessagePort
let probe: ReturnType<typeof createProbe>
let channels: StreamChannel[]
let menuPorts: MenuPort[]
const opened: MessagePort[] = []

beforeEach(() => {
  const { port1, port2 } = new MessageChannel()
  page = port1
  opened.push(port1)
  probe = createProbe()
  channels = []
  menuPorts = []
  connectPort(asElectronPort(port2), {
    router: createTestRouter(probe),
    attachStream(sessionId, channel) {
      if (sessionId !== 's1') throw new BerthError('SESSION_NOT_FOUND', 'No such session.', { sessionId, next: 'Open one.' })
      channels.push(channel)
    },
    onMenuPort: (port) => menuPorts.push(port),
  })
})
afterEach(() => {
  for (const port of opened.splice(0)) port.close()
})

/** As the page does: a request, with one end of a channel of its own. */
function ask(request: DoorRequest): MessagePort {
  const { port1, port2 } = new MessageChannel()
  opened.push(port1)
  page.postMessage(request, [port2])
  return port1
}

function closed(port: MessagePort): Promise<void> {
  return new Promise((resolve) => {
    port.addEventListener('close', () => resolve())
    port.start()
  })
}

describe('oRPC over a port', () => {
  it('calls procedures, carries typed errors and event iterators', async () => {
    const port = ask({ kind: 'rpc' })
    const client: BerthClient = createORPCClient(new RPCLink({ port }))
    port.start()
    expect(await client.workspaces.list()).toMatchObject([{ name: 'secret-project' }])
    await expect(client.workspaces.get({ workspace: 'none' })).rejects.toMatchObject({ code: 'WORKSPACE_NOT_FOUND', defined: true })
    const batches = []
    for await (const batch of await client.workspaces.logs({ workspace: 'w1' })) batches.push(batch)
    expect(batches).toHaveLength(2)
  })
})

describe('a session over a port', () => {
  it('carries frames both ways as array buffers', async () => {
    const port = ask({ kind: 'stream', sessionId: 's1' })
    const fromCore: unknown[] = []
    port.addEventListener('message', ({ data }) => fromCore.push(data))
    port.start()
    await expect.poll(() => channels.length).toBe(1)
    const received: StreamFrame[] = []
    channels[0]?.onFrame((frame) => received.push(frame))

    channels[0]?.send({ type: 'screen', bytes: new TextEncoder().encode('hällo') })
    await expect.poll(() => fromCore.length).toBe(1)
    expect(fromCore[0]).toBeInstanceOf(ArrayBuffer)
    expect(decodeFrame(new Uint8Array(fromCore[0] as ArrayBuffer))).toEqual({ type: 'screen', bytes: new TextEncoder().encode('hällo') })

    port.postMessage(encodeFrame({ type: 'resize', cols: 100, rows: 30 }).buffer)
    port.postMessage(encodeFrame({ type: 'stdin', bytes: new TextEncoder().encode('ls') }).buffer)
    await expect.poll(() => received.length).toBe(2)
    expect(received).toEqual([
      { type: 'resize', cols: 100, rows: 30 },
      { type: 'stdin', bytes: new TextEncoder().encode('ls') },
    ])
  })

  it('closes for a session that is not there', async () => {
    await closed(ask({ kind: 'stream', sessionId: 'none' }))
    expect(channels).toEqual([])
  })

  it.each([['text'], [{ type: 'stdin' }], [Uint8Array.of(99).buffer], [encodeFrame({ type: 'exit', exitCode: 0 }).buffer], [null]])(
    'closes on what is no frame from a page: %s',
    async (message) => {
      const port = ask({ kind: 'stream', sessionId: 's1' })
      const end = closed(port)
      port.postMessage(message)
      await end
    },
  )

  it('tells the core when the page is gone, and sends nothing more', async () => {
    const port = ask({ kind: 'stream', sessionId: 's1' })
    await expect.poll(() => channels.length).toBe(1)
    const onClose = vi.fn()
    channels[0]?.onClose(onClose)
    port.close()
    await expect.poll(() => onClose.mock.calls.length).toBe(1)
    expect(() => channels[0]?.send({ type: 'stdout', bytes: Uint8Array.of(1) })).not.toThrow()
  })

  it('closes when the core ends it', async () => {
    const end = closed(ask({ kind: 'stream', sessionId: 's1' }))
    await expect.poll(() => channels.length).toBe(1)
    channels[0]?.close()
    await end
  })
})

describe('menu commands over a port', () => {
  it('reach the page', async () => {
    const port = ask({ kind: 'menu' })
    const commands: unknown[] = []
    port.addEventListener('message', ({ data }) => commands.push(data))
    port.start()
    await expect.poll(() => menuPorts.length).toBe(1)
    menuPorts[0]?.send({ command: 'palette' })
    await expect.poll(() => commands).toEqual([{ command: 'palette' }])
  })
})

describe('a request that is not understood', () => {
  it.each([[{ kind: 'other' }], [{ kind: 'stream' }], ['rpc'], [null], [{ kind: 'stream', sessionId: 'x'.repeat(65) }]])(
    'has its port closed: %j',
    async (request) => {
      const { port1, port2 } = new MessageChannel()
      const end = closed(port1)
      page.postMessage(request, [port2])
      await end
      expect(channels).toEqual([])
    },
  )

  it('does not keep the next from being answered', async () => {
    page.postMessage({ kind: 'rpc' })
    const port = ask({ kind: 'menu' })
    await expect.poll(() => menuPorts.length).toBe(1)
    port.close()
  })
})
