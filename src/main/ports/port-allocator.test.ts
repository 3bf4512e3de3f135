import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createPortAllocator } from './port-allocator'

function allocator(from: number, to: number, recorded: number[] = []) {
  return createPortAllocator({
    settings: () => ({ sshPorts: { from, to }, sshAddress: '127.0.0.1' }),
    recordedPorts: () => recorded,
    engineIsLocal: () => true,
  })
}

describe('the port allocator', () => {
  it('gives the lowest port that no record has', async () => {
    expect((await allocator(23_100, 23_110, [23_100, 23_102]).reserve()).port).toBe(23_101)
  })

  it('gives fifty that ask at once fifty ports', async () => {
    const ports = allocator(23_200, 23_249)
    const given = await Promise.all(Array.from({ length: 50 }, () => ports.reserve()))
    expect(new Set(given.map(({ port }) => port)).size).toBe(50)
    await expect(ports.reserve()).rejects.toMatchObject({
      code: 'PORTS_EXHAUSTED',
      data: { from: 23_200, to: 23_249, setting: 'sshPorts' },
    })
    given[7]?.release()
    expect((await ports.reserve()).port).toBe(given[7]?.port)
  })

  it('passes over a port that another program has', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const ports = allocator(port, port)
    expect(await ports.canBind(port)).toBe(false)
    await expect(ports.reserve()).rejects.toMatchObject({ code: 'PORTS_EXHAUSTED' })
    server.close()
  })
})
