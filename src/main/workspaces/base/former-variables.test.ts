import { expect, it } from 'vitest'
import type { ContainerDetails } from '../../engine/containers'
import { createFormerVariables } from './former-variables'

function setUp(labels: Record<string, string>, imageEnvironment: Record<string, string> | null) {
  const looked: string[] = []
  const images = {
    async inspect(reference: string) {
      looked.push(reference)
      return imageEnvironment && ({ environment: imageEnvironment } as never)
    },
  }
  const environment = { PATH: '/mine', LANG: 'C', TOKEN: 'planted', BERTH_WORKSPACE_ID: 'w1', BERTH_WORKSPACE_NAME: 'one' }
  const container = { id: 'c', imageId: 'sha256:1', labels, environment } as unknown as ContainerDetails
  const former = createFormerVariables()
  return { looked, former, look: () => former.look({ images: images as never }, container) }
}

it('what an older Berth put into a container is as the image has it, or not at all', async () => {
  const { looked, former, look } = setUp({}, { PATH: '/usr/bin', LANG: 'C' })
  expect(former.of('c')).toEqual({})
  await look()
  await look()
  expect(former.of('c')).toEqual({ PATH: '/usr/bin', TOKEN: null })
  expect(looked).toEqual(['sha256:1'])
})

it('nothing is asked about a container that never held any', async () => {
  const { looked, former, look } = setUp({ 'dev.berth.secrets': 'never' }, {})
  await look()
  expect(former.of('c')).toEqual({})
  expect(looked).toEqual([])
})

it('nothing is taken away where the image is gone', async () => {
  const { former, look } = setUp({}, null)
  await look()
  expect(former.of('c')).toEqual({})
})
