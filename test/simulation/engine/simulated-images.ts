import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Images } from '../../../src/main/engine/images'
import type { ConnectionModel } from './connection-model'
import { EMPTY } from './content'
import type { EngineState } from './engine-state'
import { refusal } from './refusal'
import { hasLabel, ignoring, uncovered } from './requests'
import { packImage, parseImage } from './saved-image'

/** Milliseconds that an engine reads or writes an image for. */
const COPY_MS = 100

/** Images as Berth asks for them. */
export function simulatedImages(state: EngineState, { call }: ConnectionModel): Images {
  const found = (reference: string) => {
    const image = state.image(reference)
    if (!image) throw refusal(404, `No such image: ${reference}`)
    return image
  }

  return {
    inspect: (reference) =>
      call(`read image ${reference}`, () => {
        const image = state.image(reference)
        return image && { id: image.id, sizeBytes: 1000, labels: image.labels, environment: image.environment, layers: image.layers }
      }),
    pull: (reference) =>
      call(
        `pull ${reference}`,
        () => {
          // The registry has Berth's own.
          if (!reference.startsWith('berthdev/workspace:')) throw refusal(404, `manifest for ${reference} not found`)
          state.assertSpace()
          state.addImage({ reference, content: EMPTY, labels: { 'dev.berth.image': 'workspace' } })
        },
        2000,
      ),
    build: uncovered('build an image'),
    async save(reference, signal, read) {
      const saved = await call(
        `save image ${reference}`,
        () => {
          const image = found(reference)
          return packImage(image, reference === image.id ? null : reference)
        },
        COPY_MS,
      )
      signal.throwIfAborted()
      await read(saved)
    },
    async load(signal, write) {
      const body = new PassThrough()
      const [content] = await Promise.all([buffer(body), write(body).catch((error) => Promise.reject(body.destroy(error) && error))])
      // As Berth does: what it has given up is not taken in.
      signal.throwIfAborted()
      await call(
        'load an image',
        async () => {
          const image = await parseImage(content)
          state.assertSpace()
          state.loadImage(image)
        },
        COPY_MS,
      )
    },
    tag: (reference, newReference) => call(`tag ${reference}`, () => state.tag(found(reference), newReference)),
    list: (filter) =>
      call('list the images', () =>
        [...state.images.values()]
          .filter((image) =>
            'label' in filter ? hasLabel(image.labels, filter.label) : [...image.references].some((name) => isOf(filter.repository, name)),
          )
          .map((image) => ({
            ...{ id: image.id, labels: image.labels, sizeBytes: 1000, createdAt: image.createdAt },
            references: [...image.references].filter((name) => !('repository' in filter) || isOf(filter.repository, name)),
          })),
      ),
    listReferences: (repository) =>
      call('list the images', () =>
        [...state.images.values()].flatMap(({ references }) => [...references].filter((name) => isOf(repository, name))),
      ),
    remove: (reference) =>
      call(
        `remove image ${reference}`,
        ignoring(404, () => state.removeImage(reference)),
      ),
    removeUnnamed: (id) =>
      call(`remove image ${id}`, () => {
        const image = state.image(id)
        if (image && image.references.size === 0) return ignoring(409, () => state.removeImage(id))()
      }),
  }
}

/** As the engine's filter `reference`: `*`, the last of a part, is all but a slash. */
function isOf(repository: string, reference: string): boolean {
  const name = reference.slice(0, reference.lastIndexOf(':'))
  if (!repository.includes('*')) return name === repository || reference === repository
  const parts = name.split('/')
  const wanted = repository.split('/')
  const fits = (part: string, index: number) => (part.endsWith('*') ? parts[index]?.startsWith(part.slice(0, -1)) : parts[index] === part)
  return wanted.length === parts.length && wanted.every(fits)
}
