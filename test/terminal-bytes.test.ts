import { once } from 'node:events'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createEngine, type Engine } from '../src/main/engine/engine'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { docker } from './support/test-core'

let engine: Engine
let containerId: string
beforeAll(async () => {
  const container = await docker.createContainer({ Image: LOCAL_IMAGE, Entrypoint: ['sleep', '600'], HostConfig: { Init: true } })
  await container.start()
  containerId = container.id
  const endpoint = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'
  engine = createEngine({
    address: () => ({ url: endpoint }),
    surroundings: { environment: {}, platform: process.platform, homeFolder: '/nonexistent', berthHome: '/nonexistent' },
    label: 'dev.berth.owner=nobody',
  })
  engine.start({ onState: () => undefined, onContainerEvent: () => undefined })
  await vi.waitFor(() => engine.assertConnected(), 10_000)
})
afterAll(async () => {
  engine.close()
  await docker.getContainer(containerId).remove({ force: true })
})

it('a terminal passes every byte on at once, those that detach by default too', async () => {
  const command = ['sh', '-c', 'stty raw -echo; printf R; exec cat']
  const exec = await engine.exec.start({ containerId, command, user: 'root', tty: true, stdin: true })
  const [ready] = await once(exec.stdout, 'data')
  expect(String(ready)).toBe('R')
  let received: number[] = []
  exec.stdout.on('data', (chunk: Buffer) => received.push(...chunk))
  const echoes = async (bytes: number[]) => {
    received = []
    exec.stdin?.write(Buffer.from(bytes))
    await vi.waitFor(() => expect(received).toEqual(bytes), { timeout: 2000, interval: 5 })
  }
  // Each alone; the first has its own line below.
  for (let byte = 1; byte < 256; byte++) await echoes([byte])
  await echoes([16])
  await echoes([17])
  await echoes([16, 17])
  await echoes([16, 17, 16, 17])
  await echoes([0, 97])
  await echoes(Array.from({ length: 256 }, (_, byte) => byte))
  exec.destroy()
})
