import { expect, it } from 'vitest'
import type { ContainerDetails } from '../../engine/containers'
import { keepLayer, MOST_LAYERS } from './layer'

/** What is done to a container whose image has so many layers; null when the image is gone. */
async function doneWith(layers: number | null, before: string | null = null): Promise<string[]> {
  const done: string[] = []
  await keepLayer(
    {
      containers: {
        inspect: async () => ({ id: 'c', imageId: 'sha256:1' }) as ContainerDetails,
        async commit(id, reference) {
          done.push(`commit ${id} ${reference}`)
          return 'sha256:2'
        },
        async flatten(id, reference) {
          done.push(`flatten ${id} ${reference}`)
        },
      },
      images: {
        async inspect(reference) {
          const id = reference === 'sha256:1' ? reference : before
          if (layers === null || id === null) return null
          return { id, sizeBytes: 1, labels: {}, environment: {}, layers: Array<string>(layers).fill('sha256:0') }
        },
        async removeUnnamed(id) {
          done.push(`remove ${id}`)
        },
      },
    },
    'c',
    'berth-layer/x:clone',
  )
  return done
}

it.each([1, MOST_LAYERS - 1, null])('a layer goes upon %s others', async (layers) => {
  expect(await doneWith(layers)).toEqual(['commit c berth-layer/x:clone'])
})

it.each([MOST_LAYERS, MOST_LAYERS + 20])('%s layers are made one before the engine refuses more', async (layers) => {
  expect(await doneWith(layers)).toEqual(['flatten c berth-layer/x:clone'])
})

it.each([1, MOST_LAYERS])('what a try before has kept under that name goes (%s layers)', async (layers) => {
  expect((await doneWith(layers, 'sha256:old')).at(-1)).toBe('remove sha256:old')
})
