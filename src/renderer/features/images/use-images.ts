import { useCallback, useEffect, useState } from 'react'
import type { ListedImage } from '../../../shared/contract/images'
import { hasEnded, type Operation } from '../../../shared/operation'
import { client } from '../../client'
import { useEngine, useOperations, useWorkspaces } from '../../store/store'

interface ImagesState {
  /** null before they were listed for the first time. */
  images: ListedImage[] | null
  failure: unknown
  /** The build under way, or the last one; null when there was none since Berth started. */
  build: Operation | null
  reload(): void
}

/** Listed when the screen opens, and again when a build or a change of the workspaces may have changed the list. */
export function useImages(): ImagesState {
  const [images, setImages] = useState<ListedImage[] | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [count, setCount] = useState(0)
  const isConnected = useEngine()?.status === 'connected'
  const build = useOperations().find(({ kind }) => kind === 'image.build') ?? null
  const ended = build !== null && hasEnded(build) ? build.id : null
  const containers = useWorkspaces()
    .map(({ containerId }) => containerId)
    .join(' ')

  // biome-ignore lint/correctness/useExhaustiveDependencies: listed again when one of these has changed
  useEffect(() => {
    if (!isConnected) return
    const controller = new AbortController()
    client.images.list({}, { signal: controller.signal }).then(
      (listed) => {
        if (controller.signal.aborted) return
        setImages(listed)
        setFailure(null)
      },
      (error: unknown) => controller.signal.aborted || setFailure(error),
    )
    return () => controller.abort()
  }, [isConnected, ended, containers, count])

  return { images, failure, build, reload: useCallback(() => setCount((before) => before + 1), []) }
}
