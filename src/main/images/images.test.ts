import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import tar from 'tar-stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BerthError } from '../../shared/errors'
import type { BuildOptions, ImageProgress } from '../engine/images'
import { createImages, type Images, readContextDigests, withTag } from './images'

const refused = (reason: string) => new BerthError('ENGINE_REFUSED', reason, { engineStatus: 500, reason, next: '' })

/** An engine with some images on it, and some within its reach. */
function createFakeEngine() {
  const local = new Set<string>()
  const published = new Set<string>()
  const fake = {
    local,
    published,
    pulls: [] as string[],
    builds: [] as BuildOptions[],
    files: [] as string[],
    buildLines: ['Step 1/2 : FROM debian', ' ---> abc', 'Step 2/2 : RUN make', 'made'],
    buildFailure: null as string | null,
    /** A pull or build waits for it. */
    gate: Promise.resolve(),
    /** Of the image that was built last. */
    labels: {} as Record<string, string>,
    images: {
      inspect: async (reference: string) =>
        local.has(reference) ? { id: `sha256:${reference}`, sizeBytes: 42, labels: fake.labels, layers: [], environment: {} } : null,
      async pull(reference: string, { signal, onProgress }: { signal: AbortSignal; onProgress(progress: ImageProgress): void }) {
        fake.pulls.push(reference)
        onProgress({ layer: 'aa', status: 'Downloading', currentBytes: 10, totalBytes: 40 })
        await Promise.race([fake.gate, aborted(signal)])
        if (!published.has(reference)) throw refused(`no route to ${reference}`)
        local.add(reference)
      },
      async build(context: Readable, options: BuildOptions) {
        fake.builds.push(options)
        fake.labels = options.labels
        const extract = context.pipe(tar.extract())
        for await (const entry of extract) {
          fake.files.push(`${entry.header.name} ${entry.header.mode?.toString(8)}`)
          entry.resume()
        }
        for (const line of fake.buildLines) options.onLine(line)
        await Promise.race([fake.gate, aborted(options.signal)])
        if (fake.buildFailure !== null) throw refused(fake.buildFailure)
        local.add(options.tag)
      },
    },
  }
  return fake
}

const named = (image: string) => ({ image, distro: null })

async function aborted(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
  throw new BerthError('CANCELLED', 'Cancelled.', { what: 'it', next: '' })
}

let engine: ReturnType<typeof createFakeEngine>
let images: Images
let folder: string
let setting: string | null
const options = () => ({ signal: new AbortController().signal, onProgress: vi.fn() })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-images-'))
  await mkdir(join(folder, 'distros'))
  await writeFile(join(folder, 'distros', 'debian-trixie.Dockerfile'), '# The image.\nARG BASE=debian:13-slim\nFROM $BASE AS berth\n')
  await mkdir(join(folder, 'etc'))
  await writeFile(join(folder, 'etc', 'entrypoint'), '#!/bin/sh\n', { mode: 0o755 })
  setting = null
  engine = createFakeEngine()
  images = createImages({
    engine,
    settings: { get: () => ({ image: setting }) },
    imageContextPath: folder,
    version: '1.2.3',
    digests: await readContextDigests(folder),
  })
})

afterEach(() => rm(folder, { recursive: true }))

test('Berth’s own image is the local one first', async () => {
  engine.local.add('berth:latest').add('berthdev/workspace:1.2.3')
  expect(await images.ensure(null, options())).toEqual({ reference: 'berth:latest', imageId: 'sha256:berth:latest' })
  expect(await images.resolve()).toEqual({ reference: 'berth:latest', source: 'local', imageId: 'sha256:berth:latest', sizeBytes: 42 })
  expect(engine.pulls).toEqual([])
})

test('else the published one of this version, pulled once', async () => {
  engine.published.add('berthdev/workspace:1.2.3')
  expect(await images.resolve()).toMatchObject({ reference: 'berthdev/workspace:1.2.3', source: 'published', imageId: null })
  const told = options()
  expect(await images.ensure(null, told)).toMatchObject({ reference: 'berthdev/workspace:1.2.3' })
  expect(told.onProgress).toHaveBeenCalledWith({ done: 10, total: 40, unit: 'bytes' }, 'Downloading aa')
  await images.ensure(null, options())
  expect(engine.pulls).toEqual(['berthdev/workspace:1.2.3'])
  expect(await images.resolve()).toMatchObject({ source: 'local' })
})

test('else it is built from the bundled folder, on the Dockerfile’s base', async () => {
  engine.published.add('debian:13-slim')
  const told = options()
  expect(await images.ensure(null, told)).toMatchObject({ reference: 'berth:latest' })
  expect(engine.pulls).toEqual(['berthdev/workspace:1.2.3', 'debian:13-slim'])
  expect(engine.builds).toMatchObject([
    {
      ...{ tag: 'berth:latest', dockerfile: 'distros/debian-trixie.Dockerfile', target: 'berth', networkMode: 'host', noCache: false },
      buildArguments: { BASE: 'debian:13-slim' },
    },
  ])
  expect(engine.files).toEqual(['distros/debian-trixie.Dockerfile 644', 'etc/entrypoint 755'])
  expect(told.onProgress).toHaveBeenLastCalledWith({ done: 1, total: 2, unit: 'steps' }, 'made')
})

test('an image of another bundled folder is out of date; one that was built otherwise never is', async () => {
  expect(await images.isOutdated(), 'none').toBe(false)
  engine.local.add('berth:latest')
  expect(await images.isOutdated(), 'somebody’s own').toBe(false)
  engine.published.add('debian:13-slim')
  await images.build({ ...options(), noCache: false })
  expect(await images.isOutdated(), 'fresh').toBe(false)
  await writeFile(join(folder, 'etc', 'entrypoint'), '#!/bin/bash\n')
  expect(await images.isOutdated(), 'changed').toBe(true)
})

test('with no base image to be had, it says all that was tried', async () => {
  await expect(images.ensure(null, options())).rejects.toMatchObject({
    code: 'IMAGE_UNAVAILABLE',
    data: {
      image: 'berth:latest',
      tried: [
        { source: 'local', reason: 'there is no berth:latest on the engine' },
        { source: 'published', reason: 'berthdev/workspace:1.2.3: no route to berthdev/workspace:1.2.3' },
        { source: 'bundled', reason: 'the base image debian:13-slim is unavailable: no route to debian:13-slim' },
      ],
    },
  })
  expect(await images.resolve()).toMatchObject({ reference: 'berth:latest', source: 'bundled' })
})

test('a step that fails gives the last lines', async () => {
  engine.local.add('mybase')
  engine.buildLines = Array.from({ length: 100 }, (_, line) => `line ${line}`)
  engine.buildFailure = 'the command make returned 2'
  const failure = await images.build({ ...options(), base: 'mybase', noCache: true }).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'IMAGE_BUILD_FAILED', data: { image: 'berth:latest' } })
  if (!(failure instanceof BerthError) || !('log' in failure.data)) throw new Error('no log')
  expect(failure.data.log).toHaveLength(40)
  expect(failure.data.log.slice(-2)).toEqual(['line 99', 'the command make returned 2'])
  expect(engine.builds).toMatchObject([{ noCache: true, buildArguments: { BASE: 'mybase' } }])
})

test('a build can end with what Berth itself needs', async () => {
  engine.local.add('debian:13-slim')
  await images.build({ ...options(), size: 'base', noCache: false })
  expect(engine.builds).toMatchObject([{ tag: 'berth:latest', target: 'berth-base' }])
})

test('each distribution has an image of its own, which is built where it is missing', async () => {
  await writeFile(join(folder, 'distros', 'arch-linux.Dockerfile'), 'ARG BASE=archlinux:latest\nFROM $BASE AS berth\n')
  engine.published.add('archlinux:latest')
  const choice = { image: null, distro: 'arch-linux' } as const
  expect(images.nameOf(choice)).toBe('berth:arch-linux')
  expect(await images.resolve(choice)).toMatchObject({ reference: 'berth:arch-linux', source: 'bundled' })
  expect(await images.ensure(choice, options())).toMatchObject({ reference: 'berth:arch-linux' })
  expect(engine.builds).toMatchObject([{ tag: 'berth:arch-linux', dockerfile: 'distros/arch-linux.Dockerfile' }])
  expect(engine.files).toEqual(['distros/arch-linux.Dockerfile 644', 'etc/entrypoint 755'])
})

test('an image that is out of date is built again on its base and in its size; others are taken as they are', async () => {
  engine.local.add('mybase')
  const old = createImages({
    engine,
    settings: { get: () => ({ image: setting }) },
    imageContextPath: folder,
    version: '1.2.3',
    digests: await readContextDigests(folder),
  })
  await old.build({ ...options(), base: 'mybase', size: 'base', noCache: false })
  await writeFile(join(folder, 'etc', 'entrypoint'), '#!/bin/bash\n')
  const now = createImages({
    engine,
    settings: { get: () => ({ image: setting }) },
    imageContextPath: folder,
    version: '1.2.3',
    digests: await readContextDigests(folder),
  })
  expect([old, now].map((one) => one.isOutdatedBy(null, engine.labels))).toEqual([false, true])
  expect(now.isOutdatedBy(named('mine'), engine.labels), 'one that was asked for by name').toBe(false)
  await now.renew({ image: null, distro: null }, options())
  expect(engine.builds[1]).toMatchObject({ tag: 'berth:latest', target: 'berth-base', buildArguments: { BASE: 'mybase' } })
  await now.renew({ image: null, distro: null }, options())
  expect(engine.builds).toHaveLength(2)
})

test('a build tells each of its lines', async () => {
  engine.local.add('debian:13-slim')
  const onLine = vi.fn()
  await images.build({ ...options(), onLine, noCache: false })
  expect(onLine.mock.calls.flat()).toEqual(engine.buildLines)
})

test('a named image is the local one, else pulled, else the reasons are given', async () => {
  engine.published.add('debian:latest')
  engine.local.add('mine')
  expect(await images.ensure(named('mine'), options())).toMatchObject({ reference: 'mine' })
  await expect(images.ensure(named('elsewhere:5000/mine'), options())).rejects.toMatchObject({
    code: 'IMAGE_UNAVAILABLE',
    data: {
      image: 'elsewhere:5000/mine',
      tried: [{ source: 'local' }, { source: 'published', reason: 'no route to elsewhere:5000/mine:latest' }],
    },
  })
  expect(engine.builds).toEqual([])
})

test('the setting’s image takes the place of Berth’s own', async () => {
  setting = 'team/image:7'
  engine.local.add('berth:latest').add('team/image:7')
  expect(await images.ensure(null, options())).toMatchObject({ reference: 'team/image:7' })
  expect(await images.ensure(named('berth:latest'), options())).toMatchObject({ reference: 'berth:latest' })
})

test('two at once share one pull, and one that is cancelled does not take the other with it', async () => {
  engine.published.add('berthdev/workspace:1.2.3')
  let letThrough = () => {}
  engine.gate = new Promise((resolve) => {
    letThrough = resolve
  })
  const controller = new AbortController()
  const first = images.ensure(null, { ...options(), signal: controller.signal })
  const late = options()
  const others = Promise.all([images.ensure(null, options()), sleep(10).then(() => images.ensure(null, late))])
  await sleep(30)
  expect(late.onProgress).toHaveBeenCalledWith({ done: 10, total: 40, unit: 'bytes' }, 'Downloading aa')
  controller.abort()
  await expect(first).rejects.toMatchObject({ code: 'CANCELLED' })
  letThrough()
  expect(await others).toHaveLength(2)
  expect(engine.pulls).toEqual(['berthdev/workspace:1.2.3'])
})

test('when all have cancelled, the work stops, and the next call begins it anew', async () => {
  engine.published.add('berthdev/workspace:1.2.3')
  engine.gate = new Promise(() => {})
  const controller = new AbortController()
  const both = Promise.allSettled([1, 2].map(() => images.ensure(null, { ...options(), signal: controller.signal })))
  await sleep(10)
  controller.abort()
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  engine.gate = Promise.resolve()
  expect(await images.ensure(null, options())).toMatchObject({ reference: 'berthdev/workspace:1.2.3' })
  expect(engine.pulls).toHaveLength(2)
})

test.each([
  ['debian', 'debian:latest'],
  ['debian:12', 'debian:12'],
  ['host:5000/debian', 'host:5000/debian:latest'],
  ['debian@sha256:abc', 'debian@sha256:abc'],
])('%s is pulled as %s', (reference, expected) => {
  expect(withTag(reference)).toBe(expected)
})
