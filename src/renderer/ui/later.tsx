import { type ComponentType, type ReactNode, useEffect, useState } from 'react'

/** The longest wait for a moment without work. */
const IDLE_TIMEOUT_MS = 2000

/** Code of a component that is fetched when it is first needed. */
export interface LaterCode<Props extends object> {
  /** Null until it has been fetched. */
  loaded(): ComponentType<Props> | null
  fetch(): Promise<ComponentType<Props>>
  /** Fetches it before it is needed. What goes wrong is told when it is. */
  preload(): void
}

export function laterCode<Props extends object>(load: () => Promise<ComponentType<Props>>): LaterCode<Props> {
  let loaded: ComponentType<Props> | null = null
  const fetch = async () => {
    loaded ??= await load()
    return loaded
  }
  return { loaded: () => loaded, fetch, preload: () => void fetch().catch(() => undefined) }
}

/** Fetches all of this once the page has nothing else to do, so that no click has to wait for code. */
export function preloadWhenIdle(codes: readonly Pick<LaterCode<never>, 'preload'>[]): void {
  const preload = () => {
    for (const code of codes) code.preload()
  }
  // Not in every browser.
  if (typeof requestIdleCallback === 'function') requestIdleCallback(preload, { timeout: IDLE_TIMEOUT_MS })
  else setTimeout(preload, IDLE_TIMEOUT_MS)
}

interface LaterProps<Props extends object> {
  code: LaterCode<Props>
  props: Props
  placeholder?: ReactNode
}

/**
 * Shows a component as soon as its code is there. `lazy` and `Suspense` will not do: React holds what comes after a fallback back for
 * 300 ms, however soon it is there.
 */
export function Later<Props extends object>({ code, props, placeholder = null }: LaterProps<Props>): ReactNode {
  const [Component, setComponent] = useState(() => code.loaded())
  const [failure, setFailure] = useState<{ error: unknown } | null>(null)
  useEffect(() => {
    if (Component !== null) return
    code.fetch().then(
      (component) => setComponent(() => component),
      (error: unknown) => setFailure({ error }),
    )
  }, [code, Component])
  // For the boundary around it.
  if (failure !== null) throw failure.error
  return Component === null ? placeholder : <Component {...props} />
}
