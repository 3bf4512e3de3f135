import { useEffect, useState } from 'react'

/**
 * For what lies over the page while it is mounted: the focus goes back to where it was, unless something else has taken it. Radix does
 * that only for what a trigger of its own opened.
 */
export function useGiveFocusBack(): void {
  // While it is rendered first, nothing in it has the focus yet.
  const [opener] = useState(focusedOrOpenerOfMenu)
  useEffect(
    () => () => {
      // Radix takes the focus out of it in a task of its own.
      setTimeout(() => {
        if (opener?.isConnected && (document.activeElement === null || document.activeElement === document.body)) opener.focus()
      })
    },
    [opener],
  )
}

/** An item of a menu is gone by then: what opened the menu stands for it. */
function focusedOrOpenerOfMenu(): HTMLElement | null {
  const focused = document.activeElement
  const labelledBy = focused?.closest('[role=menu]')?.getAttribute('aria-labelledby')
  const opener = labelledBy ? document.getElementById(labelledBy) : focused
  return opener instanceof HTMLElement && opener !== document.body ? opener : null
}
