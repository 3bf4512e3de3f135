import { create } from 'zustand'

const KEY = 'berth.terminal.screen-reader'

const useMode = create(() => ({ on: localStorage.getItem(KEY) === 'on' }))

/** Whether terminals keep a copy of their text for screen readers, which costs speed. Kept in this browser: it is a matter of the person. */
export function useScreenReaderMode(): [on: boolean, set: (on: boolean) => void] {
  const on = useMode((mode) => mode.on)
  return [
    on,
    (next) => {
      localStorage.setItem(KEY, next ? 'on' : 'off')
      useMode.setState({ on: next })
    },
  ]
}
