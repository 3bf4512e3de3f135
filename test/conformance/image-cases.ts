import { PassThrough, Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { expect, it } from 'vitest'
import { passImage } from '../../src/main/storage/between-engines/image-stream'
import { nameOf, refused, runContainer, type Subject, specOf } from './subject'

export function imageCases(get: () => Subject): void {
  const images = () => get().engine.images
  const containers = () => get().engine.containers
  const { signal } = new AbortController()
  let number = 0
  const newReference = () => {
    number += 1
    return `${get().prefix}/made-${number}:v${number}`
  }
  /** An image of a container that has a file of its own. */
  const committed = async (reference = newReference()) => {
    const id = await containers().create(specOf(get()))
    await containers().putFiles(id, [{ path: '/of-layer', content: reference, mode: 0o644, uid: 0, gid: 0 }])
    const image = await containers().commit(id, reference, { pause: true })
    await containers().remove(id)
    return { reference, image }
  }
  const bytesOf = async (reference: string) => {
    let bytes = Buffer.alloc(0)
    await images().save(reference, signal, async (stream) => {
      bytes = await buffer(stream)
    })
    return bytes
  }
  const load = (bytes: Buffer) => images().load(signal, (target) => pipeline(Readable.from([bytes]), target))

  it('that are missing are null, and fine to remove', async () => {
    const none = `${get().prefix}/none:1`
    expect(await images().inspect(none)).toBeNull()
    expect(await images().inspect(`sha256:${'0'.repeat(64)}`)).toBeNull()
    await images().remove(none)
    await images().removeUnnamed(`sha256:${'0'.repeat(64)}`)
    await expect(images().tag(none, newReference())).rejects.toMatchObject(refused(404))
    await expect(images().save(none, signal, async (stream) => void (await buffer(stream)))).rejects.toMatchObject({
      code: 'ENGINE_REFUSED',
    })
  })

  it('have what they were made with, and are listed by name and by label', async () => {
    expect(await images().inspect(get().image)).toMatchObject({ labels: { kept: 'yes' }, environment: { KEPT: 'yes' } })
    const repository = get().image.slice(0, get().image.lastIndexOf(':'))
    expect(await images().listReferences(repository)).toEqual([get().image])
    expect(await images().list({ repository })).toMatchObject([{ references: [get().image], labels: { kept: 'yes' } }])
    expect(await images().list({ repository: `${get().prefix}/nothing-*` })).toEqual([])
    expect((await images().list({ label: 'kept=yes' })).flatMap(({ references }) => references)).toContain(get().image)
  })

  it('a tag is another name of the same; removing one leaves the other', async () => {
    const { reference, image } = await committed()
    const other = newReference()
    await images().tag(reference, other)
    expect((await images().inspect(other))?.id).toBe(image)
    await images().remove(reference)
    expect(await images().inspect(reference)).toBeNull()
    expect((await images().inspect(other))?.id).toBe(image)
    await images().remove(other)
    expect(await images().inspect(image)).toBeNull()
  })

  it('a name that is given again moves, and what had it stays without a name until it is removed', async () => {
    const first = await committed()
    const second = await committed(first.reference)
    expect(second.image).not.toBe(first.image)
    expect((await images().inspect(first.reference))?.id).toBe(second.image)
    expect(await images().inspect(first.image)).not.toBeNull()
    await images().removeUnnamed(second.image)
    expect(await images().inspect(second.image), 'it has a name').not.toBeNull()
    await images().removeUnnamed(first.image)
    expect(await images().inspect(first.image)).toBeNull()
    await images().remove(first.reference)
  })

  it('what a container is made of is refused with 409, whether or not it runs', async () => {
    const { reference, image } = await committed()
    const id = await containers().create(specOf(get(), { image: reference }))
    await expect(images().remove(reference)).rejects.toMatchObject(refused(409))
    await containers().start(id)
    await expect(images().remove(reference)).rejects.toMatchObject(refused(409))
    expect((await get().engine.diskUsage.inUse()).images).toContain(image)
    await containers().remove(id)
    await images().remove(reference)
    expect(await images().inspect(image)).toBeNull()
  })

  it('a commit adds one layer with the container’s files, and keeps settings', async () => {
    const id = await runContainer(get())
    await containers().putFiles(id, [{ path: '/new/file', content: 'of the layer', mode: 0o640, uid: 12, gid: 34 }])
    const reference = newReference()
    const image = await containers().commit(id, reference, { pause: true })
    expect((await containers().inspect(id))?.state).toBe('running')
    const [base, made] = [await images().inspect(get().image), await images().inspect(reference)]
    expect(made).toMatchObject({ id: image, environment: { KEPT: 'yes' }, labels: { kept: 'yes' } })
    expect(made?.layers.slice(0, -1)).toEqual(base?.layers)
    const copy = await containers().create(specOf(get(), { image: reference }))
    expect(await containers().fileSize(copy, '/new/file')).toBe('of the layer'.length)
    await containers().remove(copy)
    await images().remove(reference)
  })

  it('a flattened container is one layer with the settings of its image', async () => {
    const id = await runContainer(get(), { environment: { OWN: 'of the container' } })
    await containers().putFiles(id, [{ path: '/file', content: 'x', mode: 0o644, uid: 0, gid: 0 }])
    const reference = newReference()
    await containers().flatten(id, reference)
    const made = await images().inspect(reference)
    expect(made).toMatchObject({ environment: { KEPT: 'yes' }, labels: { kept: 'yes' } })
    expect(made?.environment).not.toHaveProperty('OWN')
    expect(made?.layers).toHaveLength(1)
    await images().remove(reference)
  })

  it('with an image go those below it that have no name any more', async () => {
    const below = await committed()
    const id = await containers().create(specOf(get(), { image: below.reference }))
    const reference = newReference()
    await containers().commit(id, reference, { pause: true })
    await containers().remove(id)
    await images().remove(below.reference)
    expect(await images().inspect(below.image), 'the other is made from it').not.toBeNull()
    await images().remove(reference)
    expect(await images().inspect(below.image)).toBeNull()
  })

  it('is taken in without the file of a layer that is there, and refused without that of one that is not', async () => {
    const own = newReference()
    const id = await runContainer(get())
    await containers().putFiles(id, [{ path: '/low', content: own, mode: 0o644, uid: 0, gid: 0 }])
    await containers().flatten(id, own)
    const upper = await containers().create(specOf(get(), { image: own }))
    await containers().putFiles(upper, [{ path: '/high', content: own, mode: 0o644, uid: 0, gid: 0 }])
    const reference = newReference()
    const image = await containers().commit(upper, reference, { pause: true })
    await containers().remove(upper)
    const leftOut = (await images().inspect(own))?.layers ?? []
    const chunks: Buffer[] = []
    const kept = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk)
        done()
      },
    })
    const options = { leftOut, isAllBelow: true, signal, onRead: () => undefined, onPassed: () => undefined }
    await images().save(image, signal, async (stream) => void (await passImage(stream, kept, options)))
    await images().remove(reference)
    await load(Buffer.concat(chunks))
    const copy = await containers().create(specOf(get(), { image }))
    for (const path of ['/low', '/high']) expect(await containers().fileSize(copy, path)).toBe(own.length)
    await containers().remove(copy)
    await images().removeUnnamed(image)
    await images().remove(own)
    await expect(load(Buffer.concat(chunks))).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    expect(await images().inspect(image)).toBeNull()
  })

  it('saved by name and loaded, they have their name again; by id, none', async () => {
    const { reference, image } = await committed()
    const [named, unnamed] = [await bytesOf(reference), await bytesOf(image)]
    await images().remove(reference)
    expect(await images().inspect(image)).toBeNull()
    await load(named)
    expect((await images().inspect(reference))?.id).toBe(image)
    await images().remove(reference)
    await load(unnamed)
    expect((await images().inspect(image))?.id).toBe(image)
    expect(await images().inspect(reference)).toBeNull()
    await images().removeUnnamed(image)
    expect(await images().inspect(image)).toBeNull()
  })

  it('what is no image is refused, and what was cut off is not taken in', async () => {
    await expect(load(Buffer.from('this is no tar at all'.repeat(100)))).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    const { reference, image } = await committed()
    const bytes = await bytesOf(reference)
    await images().remove(reference)
    const writing = images().load(signal, async (target) => {
      const source = new PassThrough()
      source.end(bytes.subarray(0, bytes.length / 2))
      await pipeline(source, target, { end: false })
      throw new Error('no more')
    })
    await expect(writing).rejects.toMatchObject({ message: expect.stringContaining('no more') })
    expect(await images().inspect(image)).toBeNull()
    expect(await images().inspect(reference)).toBeNull()
  })

  it('a commit of a container that is missing is refused with 404', async () => {
    await expect(containers().commit(nameOf(get(), 'none'), newReference(), { pause: false })).rejects.toMatchObject(refused(404))
  })
}
