import { useState } from 'react'

const KEY = 'berth.terminal.screen-reader'

/** Whether terminals keep a copy of their text for screen readers, which costs speed. Kept in this browser: it is a matter of the person. */
export function useScreenReaderMode(): [on: boolean, set: (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem(KEY) === 'on')
  return [
    on,
    (next) => {
      localStorage.setItem(KEY, next ? 'on' : 'off')
      setOn(next)
    },
  ]
}
