import { useCallback, useEffect, useState } from 'react'
import type { EngineView } from '../../../shared/contract/engines'
import type { ListedImage } from '../../../shared/contract/images'
import type { Operation } from '../../../shared/operation'
import { hasEnded } from '../../../shared/operation-state'
import { client } from '../../client'
import { useWorkspaces } from '../../store/store'

interface ImagesState {
  /** null before they were listed for the first time. */
  images: ListedImage[] | null
  failure: unknown
  reload(): void
}

/** `build` is the one under way, or the last one. Listed when the screen opens, and again when that or a change of the workspaces may have changed the list. */
export function useImages({ id, state }: EngineView, build: Operation | null): ImagesState {
  const [images, setImages] = useState<ListedImage[] | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [count, setCount] = useState(0)
  const isConnected = state.status === 'connected'
  const ended = build !== null && hasEnded(build) ? build.id : null
  const containers = useWorkspaces()
    .map(({ containerId }) => containerId)
    .join(' ')

  // biome-ignore lint/correctness/useExhaustiveDependencies: listed again when one of these has changed
  useEffect(() => {
    if (!isConnected) return
    const controller = new AbortController()
    client.images.list({ engine: id }, { signal: controller.signal }).then(
      (listed) => {
        if (controller.signal.aborted) return
        setImages(listed)
        setFailure(null)
      },
      (error: unknown) => controller.signal.aborted || setFailure(error),
    )
    return () => controller.abort()
  }, [id, isConnected, ended, containers, count])

  return { images, failure, reload: useCallback(() => setCount((before) => before + 1), []) }
}
