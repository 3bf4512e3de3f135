import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createPortAllocator } from './port-allocator'

const HERE = { isLocal: () => true }

function allocator(from: number, to: number, recorded: number[] = []) {
  return createPortAllocator({
    settings: () => ({ sshPorts: { from, to }, sshAddress: '127.0.0.1' }),
    recordedPorts: () => recorded,
  })
}

describe('the port allocator', () => {
  it('gives the lowest port that no record has', async () => {
    expect((await allocator(18_100, 18_110, [18_100, 18_102]).reserve()).port).toBe(18_101)
  })

  it('gives fifty that ask at once fifty ports', async () => {
    const ports = allocator(18_200, 18_249)
    const given = await Promise.all(Array.from({ length: 50 }, () => ports.reserve()))
    expect(new Set(given.map(({ port }) => port)).size).toBe(50)
    await expect(ports.reserve()).rejects.toMatchObject({
      code: 'PORTS_EXHAUSTED',
      data: { from: 18_200, to: 18_249, setting: 'sshPorts' },
    })
    given[7]?.release()
    expect((await ports.reserve()).port).toBe(given[7]?.port)
  })

  it('passes over a port that another program has', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const ports = allocator(port, port)
    expect(await ports.canBind(port, HERE)).toBe(false)
    await expect(ports.reserve()).rejects.toMatchObject({ code: 'PORTS_EXHAUSTED' })
    server.close()
  })
})
