import { create } from 'zustand'
import type { EngineView } from '../../../shared/contract/engines'
import { useEngines } from '../../store/store'

const useShown = create<{ id: string | null }>(() => ({ id: null }))

/** The one whose storage and images are shown: that for new workspaces until another is picked. undefined until the first snapshot. */
export function useShownEngine(): EngineView | undefined {
  const shown = useShown(({ id }) => id)
  const engines = useEngines()
  return engines.find(({ id }) => id === shown) ?? engines.find(({ isDefault }) => isDefault) ?? engines[0]
}

export function showEngine(id: string): void {
  useShown.setState({ id })
}
