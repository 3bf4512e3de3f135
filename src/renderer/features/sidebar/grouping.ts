import { create } from 'zustand'

const KEY = 'berth.sidebar.by-engine'

const useGrouping = create(() => ({ on: localStorage.getItem(KEY) === 'on' }))

/** Whether the list is to be grouped by engines. Kept in this browser: it is a matter of the person. */
export function useIsGrouped(): boolean {
  return useGrouping(({ on }) => on)
}

export function isGrouped(): boolean {
  return useGrouping.getState().on
}

export function setGrouped(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off')
  useGrouping.setState({ on })
}
