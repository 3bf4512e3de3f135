import { create } from 'zustand'

const KEY = 'berth.first-run'

const useEnd = create(() => ({ isOver: localStorage.getItem(KEY) !== null }))

/** It was skipped or finished: home no longer begins with it. Kept in this browser. */
export function useIsFirstRunOver(): boolean {
  return useEnd(({ isOver }) => isOver)
}

export function endFirstRun(how: 'skipped' | 'finished'): void {
  localStorage.setItem(KEY, how)
  useEnd.setState({ isOver: true })
}
