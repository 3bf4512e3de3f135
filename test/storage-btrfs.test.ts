import { execFile } from 'node:child_process'
import { lstat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { LABEL_OWNER, LABEL_ROLE, ROLE_HELPER } from '../src/main/storage/drivers/storage-context'
import type { CopyOptions } from '../src/main/storage/drivers/storage-driver'
import { createStorage, type Storage } from '../src/main/storage/storage'
import { longIt } from './support/long'
import { connectEngine } from './support/test-container'
import { docker, uniqueName } from './support/test-core'
import { differences, helperImage, inVolumes, startInVolumes } from './support/volume-tree'

const run = promisify(execFile)
const GIB = 1024 ** 3

const installationId = uniqueName('pool')
const device = `/dev/berth-${installationId}`
const labels = { [LABEL_OWNER]: installationId, 'dev.berth.id': 'w1' }
const { signal } = new AbortController()
const still: CopyOptions = { freeze: null, signal, onProgress: () => undefined }

let engine: Engine
let storage: Storage

const openStorage = () =>
  createStorage({ engine, installationId, helperImage: () => Promise.resolve(helperImage), recordedVolume: () => null })
const btrfs = () => storage.driver('btrfs')

async function madeVolume(script: string): Promise<string> {
  const name = uniqueName('sub')
  await btrfs().create(name, labels)
  await inVolumes([name], script)
  return name
}

/** The pool's subvolumes, asked by the helper that tests have for files. */
async function subvolumes(): Promise<string[]> {
  await docker.createVolume({
    Name: `${installationId}-top`,
    DriverOpts: { type: 'btrfs', device, o: 'subvolid=5' },
    Labels: {},
  })
  try {
    return (await inVolumes([`${installationId}-top`], 'ls /a/volumes')).split('\n').filter((name) => name !== '')
  } finally {
    await engine.volumes.remove(`${installationId}-top`)
  }
}

async function volumeNames(): Promise<string[]> {
  const found = await engine.volumes.list(`${LABEL_OWNER}=${installationId}`)
  return found.map(({ name }) => name).filter((name) => !name.startsWith('berth-pool-'))
}

async function removeAll(): Promise<void> {
  for (const name of await volumeNames()) await engine.volumes.remove(name)
  await storage.removeLeftHelpers(await engine.containers.list(`${LABEL_OWNER}=${installationId}`))
  await storage.sweep()
}

beforeAll(async () => {
  engine = await connectEngine()
  storage = openStorage()
  expect(await storage.info()).toEqual({ pool: null, obstacle: null })
  expect(await engine.volumes.list(`${LABEL_OWNER}=${installationId}`)).toEqual([])
  await storage.enablePool({ sizeBytes: GIB })
})
afterAll(async () => {
  await removeAll()
  await storage.disablePool()
  await storage.close()
  expect(await docker.listContainers({ all: true, filters: { label: [`${LABEL_OWNER}=${installationId}`] } })).toEqual([])
  expect(await engine.volumes.list(`${LABEL_OWNER}=${installationId}`)).toEqual([])
  await expect(lstat(device)).rejects.toThrow('ENOENT')
  engine.close()
})

describe('a btrfs copy', () => {
  it('of several volumes is from one moment, while the source keeps running', async () => {
    const script =
      'for i in $(seq 500); do echo $i >/a/$i; done; ln /a/1 /a/hard; mknod /a/whiteout c 0 0; truncate -s 1G /a/hole; chown 1000:1000 /a'
    const [home, nested] = [await madeVolume(script), await madeVolume('true')]
    // The same number in both, the one right after the other.
    const writer = await startInVolumes(
      [home, nested],
      ['bash', '-c', 'i=0; while :; do i=$((i + 1)); echo $i >>/a/n; echo $i >>/b/n; done'],
    )
    const copies = [
      { from: home, to: uniqueName('sub'), labels },
      { from: nested, to: uniqueName('sub'), labels },
    ]
    try {
      await btrfs().copy(copies, {
        ...still,
        async freeze(during) {
          await writer.pause()
          await during().finally(() => writer.unpause())
        },
      })
    } finally {
      await writer.remove({ force: true })
    }
    const [one, other] = (await inVolumes([copies[0]?.to ?? '', copies[1]?.to ?? ''], 'tail -qn 1 /a/n /b/n')).split('\n').map(Number)
    expect(one).toBeGreaterThan(0)
    expect((one ?? 0) - (other ?? 0)).toBeLessThanOrEqual(1)
    await inVolumes([home, copies[0]?.to ?? ''], 'rm /a/n /b/n; touch -d @1 /a /b')
    expect(await differences(home, copies[0]?.to ?? '')).toBe('')
    await removeAll()
  })

  it('and its source are apart from then on, also when the source is gone', async () => {
    const from = await madeVolume('echo then >/a/file')
    const to = uniqueName('sub')
    await btrfs().copy([{ from, to, labels }], still)
    await inVolumes([from], 'echo now >/a/file')
    expect(await inVolumes([to], 'cat /a/file')).toBe('then')
    const again = uniqueName('sub')
    await btrfs().copy([{ from: to, to: again, labels }], still)
    await btrfs().remove(from)
    await btrfs().remove(to)
    expect(await inVolumes([again], 'cat /a/file')).toBe('then')
    expect(await subvolumes()).toEqual([again])
    await removeAll()
  })

  it('has what is in subvolumes of the source, too', async () => {
    const from = await madeVolume(
      'mkdir -p /a/x && btrfs subvolume create /a/x/inner && btrfs subvolume create "/a/x/inner/most inner" && echo deep >"/a/x/inner/most inner/file"',
    )
    const to = uniqueName('sub')
    await btrfs().copy([{ from, to, labels }], still)
    expect(await inVolumes([to], 'cat "/a/x/inner/most inner/file"')).toBe('deep')
    await btrfs().remove(to)
    expect(await inVolumes([from], 'cat "/a/x/inner/most inner/file"')).toBe('deep')
    await removeAll()
    expect(await subvolumes()).toEqual([])
  })

  it('that fails or is aborted leaves nothing', async () => {
    const from = await madeVolume('echo one >/a/file')
    const to = uniqueName('sub')
    const abort = new AbortController()
    const frozenAndAborted = btrfs().copy([{ from, to, labels }], {
      ...still,
      signal: abort.signal,
      async freeze(during) {
        await during()
        abort.abort()
      },
    })
    await expect(frozenAndAborted).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await subvolumes()).toEqual([from])
    expect(await volumeNames()).toEqual([from])
    await expect(btrfs().copy([{ from, to: from, labels }], still)).rejects.toMatchObject({ code: 'FOREIGN_RESOURCE' })
    expect(await inVolumes([from], 'cat /a/file')).toBe('one')
    await removeAll()
  })
})

describe('the pool', () => {
  it('tells what each volume takes, and what it takes alone', async () => {
    const from = await madeVolume('head -c 20000000 /dev/urandom >/a/shared')
    const to = uniqueName('sub')
    await btrfs().copy([{ from, to, labels }], still)
    await inVolumes([to], 'head -c 5000000 /dev/urandom >/a/own')
    const uses = await btrfs().measure([from, to, uniqueName('none')], signal)
    expect([...uses.keys()].sort()).toEqual([from, to].sort())
    expect(uses.get(from)?.bytes).toBeGreaterThan(20_000_000)
    expect(uses.get(from)?.exclusiveBytes).toBeLessThan(1_000_000)
    expect(uses.get(to)?.exclusiveBytes).toBeGreaterThan(5_000_000)
    expect(uses.get(to)?.exclusiveBytes).toBeLessThan(6_000_000)
    await removeAll()
  })

  longIt('keeps volumes within the limit they have together, and others do not notice', async () => {
    const [home, nested, other] = [await madeVolume('true'), await madeVolume('true'), await madeVolume('true')]
    await btrfs().limit([home, nested], 30_000_000)
    await inVolumes([home], 'head -c 20000000 /dev/urandom >/a/file; sync')
    const write = 'head -c 20000000 /dev/urandom >/a/file; sync'
    await expect(inVolumes([nested], `set -e; ${write}`)).rejects.toThrow('quota exceeded')
    await inVolumes([other], `set -e; ${write}`)
    await btrfs().limit([home, nested], 90_000_000)
    await inVolumes([nested], `set -e; ${write}`)
    await btrfs().limit([home, nested], 30_000_000)
    await btrfs().limit([home, nested], null)
    await inVolumes([home], `set -e; ${write}`)
    await removeAll()
  })

  it('that is full says so, and nothing half-made is left', async () => {
    const from = await madeVolume('head -c 2000000 /dev/urandom >/a/file')
    const plain = uniqueName('sub')
    await storage.driver('plain').create(plain, labels)
    await inVolumes([plain], 'head -c 1200000000 /dev/zero | tr "\\0" x >/a/big')
    await expect(storage.freeSpace.assertFits([plain], 'plain', 'btrfs', signal)).rejects.toMatchObject({
      code: 'DISK_FULL',
      data: { where: 'the storage pool' },
    })
    const copies = [{ from: plain, to: uniqueName('sub'), labels }]
    await expect(storage.transfer.copy(copies, 'btrfs', still)).rejects.toMatchObject({
      code: 'DISK_FULL',
      data: { where: 'the storage pool' },
    })
    expect(await subvolumes()).toEqual([from])
    expect(await inVolumes([plain], 'stat -c %s /a/big')).toBe('1200000000')
    await removeAll()
  })

  it('grows while it is in use', async () => {
    const volume = await madeVolume('echo here >/a/file')
    const before = (await storage.info()).pool?.sizeBytes ?? 0
    await storage.growPool({ sizeBytes: before + GIB })
    expect((await storage.info()).pool).toMatchObject({ sizeBytes: before + GIB, volumes: 1 })
    await expect(storage.growPool({ sizeBytes: before })).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    await expect(storage.growPool({ sizeBytes: 2 ** 50 })).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await inVolumes([volume], 'cat /a/file')).toBe('here')
    await removeAll()
  })

  it('is refused to go while volumes are on it', async () => {
    const volume = await madeVolume('echo here >/a/file')
    await expect(storage.disablePool()).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    expect(await inVolumes([volume], 'cat /a/file')).toBe('here')
    await removeAll()
  })

  it('is refused to go while something is on it that the engine has lost its volume of', async () => {
    const lost = await madeVolume('echo here >/a/file')
    await engine.volumes.remove(lost)
    await expect(storage.disablePool()).rejects.toMatchObject({ code: 'ENGINE_REFUSED', message: expect.stringContaining(lost) })
    expect(await subvolumes()).toEqual([lost])
    await removeAll()
  })

  it('is either made use of or removed, when both are asked at once', async () => {
    const name = uniqueName('sub')
    const [removed, made] = await Promise.allSettled([storage.disablePool(), btrfs().create(name, labels)])
    expect([removed.status, made.status].sort()).toEqual(['fulfilled', 'rejected'])
    await storage.enablePool({ sizeBytes: GIB })
    expect(await subvolumes()).toEqual(made.status === 'fulfilled' ? [name] : [])
    await removeAll()
  })

  it('takes with it what was on it: to remove that is done', async () => {
    await storage.disablePool()
    await btrfs().remove(uniqueName('sub'))
    await storage.enablePool({ sizeBytes: GIB })
  })

  it('is attached again after the machine has forgotten it, and the volumes are as they were', async () => {
    const volume = await madeVolume('echo here >/a/file')
    await storage.close()
    const { stdout: loop } = await run('readlink', [device])
    await run('losetup', ['--detach', loop.trim()])
    await run('rm', [device])
    storage = openStorage()
    await storage.attachPool()
    expect(await inVolumes([volume], 'cat /a/file')).toBe('here')
    await storage.attachPool()
    await removeAll()
  })

  longIt('gives up a helper that hangs, and goes on with another', async () => {
    const volume = await madeVolume('echo here >/a/file')
    const [hung] = await docker.listContainers({ filters: { label: [`${LABEL_OWNER}=${installationId}`, `${LABEL_ROLE}=${ROLE_HELPER}`] } })
    await docker.getContainer(hung?.Id ?? '').pause()
    const asked = expect(btrfs().create(uniqueName('sub'), labels)).rejects.toMatchObject({ code: 'TIMED_OUT' })
    const next = btrfs().measure([volume], signal)
    // What does not need the pool goes on meanwhile.
    const plain = uniqueName('sub')
    await storage.driver('plain').create(plain, labels)
    await asked
    expect((await next).size, 'what waited for its turn gets another helper').toBe(1)
    await expect(docker.getContainer(hung?.Id ?? '').inspect()).rejects.toMatchObject({ statusCode: 404 })
    expect(await inVolumes([volume], 'cat /a/file')).toBe('here')
    await removeAll()
  })

  it('is swept of what a killed process left', async () => {
    const volume = await madeVolume('echo here >/a/file')
    const half = await madeVolume('echo half >/a/file')
    await engine.volumes.remove(half)
    await docker.createVolume({
      Name: `${half}-too`,
      Labels: labels,
      DriverOpts: { type: 'btrfs', device, o: `discard=async,subvol=volumes/${half}-too` },
    })
    // The helper of the first is still there, as if its process had been killed.
    const next = openStorage()
    await next.removeLeftHelpers(await engine.containers.list(`${LABEL_OWNER}=${installationId}`))
    await next.sweep()
    expect(await subvolumes()).toEqual([volume])
    expect(await volumeNames()).toEqual([volume])
    await next.close()
    await storage.close()
    expect(await inVolumes([volume], 'cat /a/file')).toBe('here')
    await removeAll()
  })
})

describe('a copy from one driver to the other', () => {
  it('is like its source, to the pool and back', async () => {
    const plain = uniqueName('sub')
    await storage.driver('plain').create(plain, labels)
    await inVolumes([plain], 'mkdir /a/x && echo here >/a/x/file && mknod /a/x/whiteout c 0 0 && chown -R 1000:1000 /a')
    await storage.freeSpace.assertFits([plain], 'plain', 'btrfs', signal)
    const [there, back] = [uniqueName('sub'), uniqueName('sub')]
    await storage.transfer.copy([{ from: plain, to: there, labels }], 'btrfs', still)
    await storage.freeSpace.assertFits([there], 'btrfs', 'plain', signal)
    await storage.transfer.copy([{ from: there, to: back, labels }], 'plain', still)
    expect(await Promise.all([plain, there, back].map((name) => storage.driverOf(name)))).toEqual(['plain', 'btrfs', 'plain'])
    expect(await differences(plain, there)).toBe('')
    expect(await differences(plain, back)).toBe('')
    await expect(storage.transfer.copy([{ from: plain, to: there, labels }], 'btrfs', still)).rejects.toMatchObject({
      code: 'FOREIGN_RESOURCE',
    })
    await removeAll()
  })
})
