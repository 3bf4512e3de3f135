import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { createImages, type Images, LOCAL_IMAGE, readContextDigests } from '../src/main/images/images'
import { DEFAULT_DISTRO, dockerfileOf } from '../src/shared/distros'
import { connectEngine } from './support/test-container'
import { docker, uniqueName } from './support/test-core'

/** No registry can be there: the name is reserved for that. */
const OUT_OF_REACH = 'registry.invalid/none:1'

describe('images on a real engine', () => {
  /** Stands for berth:latest, which the other tests need as it is. */
  const own = `${uniqueName('image')}:1`
  /** The base of what is built here, by a name of its own. */
  const base = `${uniqueName('base')}:1`
  let engine: Engine
  let folder: string
  let images: Images

  beforeAll(async () => {
    engine = await connectEngine()
    await engine.images.tag(LOCAL_IMAGE, base)
    folder = await mkdtemp(join(tmpdir(), 'berth-images-'))
    await mkdir(join(folder, 'distros'))
    const alias = (reference: string) => (reference === LOCAL_IMAGE ? own : reference)
    images = createImages({
      engine: {
        images: {
          inspect: (reference) => engine.images.inspect(alias(reference)),
          pull: (_reference, options) => engine.images.pull(OUT_OF_REACH, options),
          build: (context, options) => engine.images.build(context, { ...options, tag: alias(options.tag) }),
        },
      },
      settings: { get: () => ({ image: null }) },
      imageContextPath: folder,
      digests: await readContextDigests(folder),
      version: '0.0.0',
    })
  })
  afterAll(async () => {
    await engine.images.remove(own)
    await engine.images.remove(base)
    engine.close()
    await rm(folder, { recursive: true })
  })

  const options = () => ({ signal: new AbortController().signal, onProgress: vi.fn(), onLine: vi.fn() })
  const write = (dockerfile: string) => writeFile(join(folder, dockerfileOf(DEFAULT_DISTRO)), dockerfile)

  it('lists what was tried when no base is available', async () => {
    await write(`ARG BASE=${OUT_OF_REACH}\nFROM $BASE AS berth\n`)
    await expect(images.ensure(null, options())).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      data: { tried: [{ source: 'local' }, { source: 'published' }, { source: 'bundled', reason: expect.stringContaining(OUT_OF_REACH) }] },
    })
    await expect(images.ensure({ image: OUT_OF_REACH, distro: null }, options())).rejects.toMatchObject({
      code: 'IMAGE_UNAVAILABLE',
      data: { image: OUT_OF_REACH },
    })
  })

  it('fails with the last lines of a step that fails, and leaves no image', async () => {
    await write(`ARG BASE=${base}\nFROM $BASE AS berth\nRUN for line in $(seq 1 60); do echo "line $line"; done; exit 3\n`)
    const failure = await images.build({ ...options(), noCache: false }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'IMAGE_BUILD_FAILED', data: { log: expect.arrayContaining(['line 60']) } })
    expect(await engine.images.inspect(own)).toBeNull()
  })

  it('stops a build that is cancelled', async () => {
    await write(`ARG BASE=${base}\nFROM $BASE AS berth\nRUN echo begun; sleep 1021\n`)
    const controller = new AbortController()
    const { onLine, onProgress } = options()
    const outcome = images.build({ signal: controller.signal, onProgress, onLine, noCache: true }).catch((error: unknown) => error)
    try {
      await vi.waitFor(() => expect(onLine).toHaveBeenCalledWith('begun'), 20_000)
      // The engine passes on what a container says before it lists it as running.
      await vi.waitFor(async () => expect(await runningCommands()).toContainEqual(expect.stringContaining('sleep 1021')), 5000)
    } finally {
      // Else a second try would join this build.
      controller.abort()
    }
    expect(await outcome).toMatchObject({ code: 'CANCELLED' })
    await vi.waitFor(async () => expect((await runningCommands()).join()).not.toContain('sleep 1021'), 20_000)
  })

  it('builds with progress, once for all that want it at the same time', async () => {
    await write(`ARG BASE=${base}\nFROM $BASE AS berth\nCOPY distros /made-of\nRUN echo made\n`)
    const told = options()
    const others = [1, 2, 3].map(() => images.ensure(null, options()))
    const [first] = await Promise.all([images.ensure(null, told), ...others])
    expect(first.reference).toBe(LOCAL_IMAGE)
    expect(first.imageId).toBe((await engine.images.inspect(own))?.id)
    // The last four are the labels that Berth puts on what it builds.
    expect(told.onProgress).toHaveBeenCalledWith({ done: 3, total: 8, unit: 'steps' }, 'made')
    expect(await images.resolve()).toMatchObject({ source: 'local', imageId: first.imageId })
  })

  it('that have a layer in common can be removed all at once, also by two at the same time', async () => {
    const other = await connectEngine()
    const names = [1, 2, 3, 4, 5, 6].map((number) => `${uniqueName(`shared-${number}`)}:1`)
    const common = `${uniqueName('common')}:1`
    const commit = async (image: string, to: string) => {
      const container = await docker.createContainer({ Image: image, Cmd: [to] })
      await engine.containers.commit(container.id, to, { pause: false })
      await container.remove()
    }
    await commit(base, common)
    for (const name of names) await commit(common, name)
    await engine.images.remove(common)
    await Promise.all(names.map((name, index) => (index % 2 === 0 ? engine : other).images.remove(name)))
    for (const name of names) expect(await engine.images.inspect(name)).toBeNull()
    other.close()
  })
})

async function runningCommands(): Promise<string[]> {
  return (await docker.listContainers()).map(({ Command }) => Command)
}
