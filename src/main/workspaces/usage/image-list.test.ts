import { expect, it } from 'vitest'
import type { ContainerSummary } from '../../engine/containers'
import type { ListedImage } from '../../engine/images'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { createImageList } from './image-list'

const image = (id: string, references: string[], labels: Record<string, string> = {}): ListedImage => ({
  ...{ id, references, labels, sizeBytes: 1000 },
  createdAt: new Date('2026-01-01'),
})
const container = (imageId: string, labels: Record<string, string> = {}): ContainerSummary => ({
  ...{ id: `of ${imageId}`, name: 'c', image: '', imageId, labels, state: 'running' },
  createdAt: new Date('2026-01-01'),
})

const LABELLED = [
  image('latest', ['berth:latest']),
  image('custom', ['team/image:1'], { 'dev.berth.image-name': 'team/image:1' }),
  image('derived', ['their/image:1'], { 'dev.berth.image-name': 'berth:latest' }),
  image('former', []),
  image('layer', ['berth-layer/w1:kept-1']),
]
const CONTAINERS = [container('latest', { 'dev.berth.id': 'w1' }), container('former', { 'dev.berth.role': 'keeper' })]

function listOf(containers = CONTAINERS) {
  const removed: string[] = []
  const images = {
    list: async (filter: object) => ('label' in filter ? LABELLED : [image('other', ['debian:13'])]),
    inspect: async (reference: string) => {
      const found = LABELLED.find(({ references }) => references.includes(reference))
      return found && { ...found, environment: {}, layers: [] }
    },
    remove: async (reference: string) => void removed.push(reference),
    removeUnnamed: async (id: string) => void removed.push(id),
  }
  const records = { list: () => [workspaceRecord({ id: 'w1' }), workspaceRecord({ id: 'w2', name: 'two', image: 'debian:13' })] }
  const list = createImageList({
    engine: { images, containers: { list: async () => containers } } as never,
    records: records as never,
    images: { nameOf: (choice) => choice.image ?? 'berth:latest', isOutdatedBy: () => true },
  })
  return { list, removed }
}

it('lists what Berth made and what workspaces are made from, with who uses it', async () => {
  const listed = await listOf().list.list()
  const shown = Object.fromEntries(
    listed.map(({ id, isBerths, isOutdated, isRemovable, usedBy }) => [id, { isBerths, isOutdated, isRemovable, usedBy }]),
  )
  expect(shown).toEqual({
    latest: { isBerths: true, isOutdated: true, isRemovable: false, usedBy: ['one'] },
    custom: { isBerths: true, isOutdated: true, isRemovable: true, usedBy: [] },
    derived: { isBerths: false, isOutdated: false, isRemovable: false, usedBy: [] },
    former: { isBerths: true, isOutdated: false, isRemovable: true, usedBy: [] },
    other: { isBerths: false, isOutdated: false, isRemovable: false, usedBy: ['two'] },
  })
})

it('removes by id what nothing uses, and refuses the rest', async () => {
  const { list, removed } = listOf()
  await list.remove('custom')
  expect(removed).toEqual(['team/image:1', 'custom'])
  await expect(list.remove('latest')).rejects.toMatchObject({ code: 'IMAGE_IN_USE', data: { workspaces: ['one'] } })
  await expect(list.remove('derived')).rejects.toMatchObject({ code: 'IMAGE_IN_USE' })
  await expect(list.remove('layer')).rejects.toMatchObject({ code: 'IMAGE_UNAVAILABLE' })
  await expect(listOf([container('custom')]).list.remove('custom')).rejects.toMatchObject({ code: 'IMAGE_IN_USE' })
})
