import { describe, expect, it, vi } from 'vitest'
import { MessageChannelMain, type MessagePortMain } from './message-ports'
import { createWireCodec } from './wire-values'

/** `MessagePortMain` as Electron's types have it. */
const given = (port: MessagePortMain) => port as unknown as Electron.MessagePortMain

function received(port: MessagePortMain): unknown[] {
  const messages: unknown[] = []
  port.on('message', ({ data }: { data: unknown }) => messages.push(data))
  return messages
}

describe('a port of the main process', () => {
  it('keeps what comes until it is started', async () => {
    const { port1, port2 } = new MessageChannelMain()
    const messages = received(port2)
    port1.postMessage('first')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(messages).toEqual([])
    port2.start()
    port1.postMessage('second')
    await vi.waitFor(() => expect(messages).toEqual(['first', 'second']))
  })

  it('copies what is sent, and refuses what has no copy', async () => {
    const { port1, port2 } = new MessageChannelMain()
    const messages = received(port2)
    port2.start()
    const sent = { list: [1] }
    port1.postMessage(sent)
    sent.list.push(2)
    await vi.waitFor(() => expect(messages).toEqual([{ list: [1] }]))
    expect(() => port1.postMessage(() => {})).toThrow('An object could not be cloned.')
  })

  it('goes to another holder with what waits for it, once, and takes no notice afterwards', async () => {
    const carrier = new MessageChannelMain()
    const { port1, port2 } = new MessageChannelMain()
    port1.postMessage('waits')
    carrier.port1.postMessage(null, [given(port2)])
    expect(() => carrier.port1.postMessage(null, [given(port2)])).toThrow('already neutered')
    expect(() => carrier.port1.postMessage(null, [given(port1), given(port1)])).toThrow('duplicate')
    expect(() => carrier.port1.postMessage(null, [given(carrier.port1)])).toThrow('source port')
    const answers = received(port1)
    port1.start()
    port2.postMessage('nobody hears this')
    const moved = await new Promise<MessagePortMain>((resolve) => {
      carrier.port2.on('message', ({ ports }: { ports: MessagePortMain[] }) => ports[0] && resolve(ports[0]))
      carrier.port2.start()
    })
    const messages = received(moved)
    moved.start()
    await vi.waitFor(() => expect(messages).toEqual(['waits']))
    moved.postMessage('answer')
    await vi.waitFor(() => expect(answers).toEqual(['answer']))
  })

  it('hears of the end of the other one after all that it said', async () => {
    const { port1, port2 } = new MessageChannelMain()
    const order: unknown[] = []
    port2.on('message', ({ data }: { data: unknown }) => order.push(data))
    port2.on('close', () => order.push('close'))
    port1.postMessage('last words')
    port1.close()
    port1.postMessage('nothing')
    port2.start()
    await vi.waitFor(() => expect(order).toEqual(['last words', 'close']))
  })
})

describe('values on the wire', () => {
  const { encode, decode } = createWireCodec()
  const carried = (value: unknown) => decode(JSON.parse(JSON.stringify(encode(value))))

  it.each([
    [undefined],
    [null],
    [Number.NaN],
    [-0],
    [12n],
    [['a', undefined, 3]],
    [{ nested: { list: [new Date(5), /a+/gi] }, __proto__own: 1 }],
    [new Map<unknown, unknown>([['key', new Set([1, 'two'])]])],
    [new Uint8Array([1, 2, 255]).subarray(1)],
    [new Float64Array([1.5])],
    [new Uint8Array(70_000).fill(7).buffer],
  ])('come as they were: %o', (value) => {
    expect(carried(value)).toEqual(value)
  })

  it('keep what is shared and what leads back', () => {
    const shared = { name: 'one' }
    const loop: { self?: unknown; list: unknown[] } = { list: [shared, shared] }
    loop.self = loop
    const copy = carried(loop) as typeof loop
    expect(copy.self).toBe(copy)
    expect(copy.list[0]).toBe(copy.list[1])
  })

  it('are refused where the structured clone refuses them', () => {
    expect(() => encode({ call() {} })).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
  })
})
