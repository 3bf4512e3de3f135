import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createEngine, type Engine } from '../src/main/engine/engine'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { importTinyImage, TINY_IMAGE } from './support/tiny-image'

const run = promisify(execFile)

const LABEL = 'dev.berth.test=removal'
const labels = { 'dev.berth.test': 'removal' }
/** The kernel's own words for a file that cannot be removed, which the engine passes on. */
const REFUSED = { code: 'ENGINE_REFUSED', data: { engineStatus: 500, reason: expect.stringContaining('operation not permitted') } }

describe.skipIf(process.getuid?.() !== 0)('a container that the engine cannot remove', () => {
  let second: SecondEngine
  let engine: Engine
  const held: string[] = []
  beforeAll(async () => {
    second = await startSecondEngine()
    await importTinyImage(second.endpoint)
    engine = createEngine({
      address: () => ({ url: second.endpoint }),
      surroundings: { environment: {}, platform: process.platform, homeFolder: '/nonexistent', berthHome: '/nonexistent' },
      label: LABEL,
    })
    engine.start({ onState: () => undefined, onContainerEvent: () => undefined })
    await vi.waitFor(() => engine.assertConnected(), 20_000)
  })
  afterAll(() => second?.dispose())
  afterAll(() => engine?.close())
  afterEach(async () => {
    await release()
    await engine.containers.removeAll(LABEL)
    expect(await engine.containers.list(LABEL)).toEqual([])
  })

  /** Has something in the container's own layer that nobody can remove until `release`. */
  async function hold(id: string): Promise<void> {
    const { GraphDriver: driver } = await second.docker.getContainer(id).inspect()
    // Its types know another storage driver only.
    const { UpperDir: layer } = driver.Data as unknown as { UpperDir: string }
    const file = join(layer, 'held')
    await writeFile(file, '')
    await run('chattr', ['+i', file])
    held.push(file)
  }
  async function release(): Promise<void> {
    for (const file of held.splice(0)) await run('chattr', ['-i', file])
  }

  /** By its own word: the list of the engine may have an older one. */
  const states = async () => {
    const listed = await engine.containers.list(LABEL)
    return Promise.all(listed.map(async ({ id }) => (await engine.containers.inspect(id))?.state))
  }
  async function startSleeping(): Promise<string> {
    const container = await second.docker.createContainer({
      ...{ Image: TINY_IMAGE, Cmd: ['/bin/sleep', '1000'], Labels: labels },
      HostConfig: { NetworkMode: 'none' },
    })
    await container.start()
    return container.id
  }
  const startHelper = (seconds: string) =>
    engine.helpers.start({ image: TINY_IMAGE, labels, command: ['/bin/sleep', seconds], capabilities: [], volumes: [] })

  it('is said to stay, however often that is tried, and goes when it can', async () => {
    const id = await startSleeping()
    await startSleeping()
    await hold(id)
    await expect(engine.containers.removeAll(LABEL)).rejects.toMatchObject(REFUSED)
    // The other goes meanwhile.
    await vi.waitFor(async () => expect(await states()).toEqual(['dead']), 10_000)
    const tries = await Promise.allSettled([engine.containers.removeAll(LABEL), engine.containers.removeAll(LABEL)])
    expect(tries).toMatchObject([{ reason: REFUSED }, { reason: REFUSED }])
    await release()
    await Promise.all([engine.containers.removeAll(LABEL), engine.containers.removeAll(LABEL)])
    expect(await states()).toEqual([])
  })

  it('fails its work when it is a helper, whose volumes would not be free', async () => {
    const helper = await startHelper('1')
    await hold(helper.id)
    await expect(helper.exitCode()).rejects.toMatchObject(REFUSED)
    expect(await states()).toEqual(['dead'])
  })

  it('is said to stay when it is a helper that is ended', async () => {
    const helper = await startHelper('1000')
    helper.exitCode().catch(() => undefined)
    await hold(helper.id)
    await expect(helper.kill()).rejects.toMatchObject(REFUSED)
    expect(await states()).toEqual(['dead'])
  })

  it('does not keep the engine waiting when it ends with a helper at work', async () => {
    const helper = await startHelper('1000')
    const lost = helper.exitCode().catch((error: unknown) => error)
    const begin = performance.now()
    await second.stop()
    // Ten seconds are what an engine gives a container that does not hear TERM.
    expect(performance.now() - begin).toBeLessThan(8000)
    await lost
    await second.start()
    await vi.waitFor(() => engine.assertConnected(), 20_000)
  })
})
