import { type RefObject, useEffect, useState } from 'react'
import type { StatsSample } from '../../../shared/contract/stats'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { ConnectionLostError } from '../../connection/connection'
import { useConnectionState, useEngineNamed } from '../../store/store'
import { problemOf } from '../../workspace-model/problems/present-problem'
import { reportError } from '../../workspace-model/problems/run-suggested-action'

/** As many as Berth keeps. */
const SHOWN = 300

/** True while the element is in sight: scrolled to, in a window that is not hidden. */
export function useIsInSight(element: RefObject<HTMLElement | null>): boolean {
  const [isScrolledTo, setIsScrolledTo] = useState(false)
  const [isShown, setIsShown] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setIsShown(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  useEffect(() => {
    if (element.current === null) return
    const observer = new IntersectionObserver((entries) => setIsScrolledTo(entries.some(({ isIntersecting }) => isIntersecting)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return isScrolledTo && isShown
}

/** The figures of the last minutes, for as long as somebody looks; empty until the first came. */
export function useStats({ id, containerId, running, engine }: Workspace, isLooking: boolean): StatsSample[] {
  const [samples, setSamples] = useState<StatsSample[]>([])
  const isConnected = useConnectionState().status === 'open'
  const hasEngine = useEngineNamed(engine)?.status === 'connected'
  const isOn = isLooking && isConnected && hasEngine && running && containerId !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: another container has other figures
  useEffect(() => {
    if (!isOn) return
    const aborter = new AbortController()
    const { signal } = aborter
    const read = async () => {
      // What Berth has kept comes first, and takes the place of what was here.
      let shown: StatsSample[] = []
      try {
        for await (const batch of await client.stats.watch({ workspace: id }, { signal })) {
          if (signal.aborted) return
          shown = [...shown, ...batch].slice(-SHOWN)
          setSamples(shown)
        }
      } catch (error) {
        if (!signal.aborted && !isToldElsewhere(error)) reportError(error)
      }
    }
    void read()
    return () => aborter.abort()
  }, [id, containerId, isOn])
  return running ? samples : []
}

/** The page says by itself that the engine, the workspace or Berth is away, and asks again when it is back. */
function isToldElsewhere(error: unknown): boolean {
  const code = problemOf(error)?.code
  return error instanceof ConnectionLostError || code === 'ENGINE_UNREACHABLE' || code === 'WORKSPACE_NOT_RUNNING'
}
