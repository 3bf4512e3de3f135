import { useCallback, useEffect, useState } from 'react'
import { useStore } from '../../store/store'

interface Asked<Value> {
  /** null before the first answer. */
  value: Value | null
  failure: unknown
  reload(): void
  /** Berth has just said so. */
  put(value: Value): void
}

/** What Berth says about the library: asked again whenever that may have changed. `ask` stays the same function. */
export function useFromLibrary<Value>(ask: (signal: AbortSignal) => Promise<Value>): Asked<Value> {
  const changes = useStore((state) => state.libraryChanges)
  const loaded = useStore((state) => state.loaded)
  const [value, setValue] = useState<Value | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [count, setCount] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when one of these has changed
  useEffect(() => {
    if (!loaded) return
    const controller = new AbortController()
    ask(controller.signal).then(
      (answer) => {
        if (controller.signal.aborted) return
        setValue(() => answer)
        setFailure(null)
      },
      (error: unknown) => controller.signal.aborted || setFailure(error),
    )
    return () => controller.abort()
  }, [ask, loaded, changes, count])

  const put = useCallback((said: Value) => setValue(() => said), [])
  return { value, failure, put, reload: useCallback(() => setCount((before) => before + 1), []) }
}
