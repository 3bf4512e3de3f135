import { useState } from 'react'
import type { Workspace } from '../../../../shared/workspace'
import { copyText } from '../../../ui/copy-button'
import { setClipboardAccess } from '../../../workspace-model/workspaces/copy-actions'

export interface ClipboardRequest {
  /** From now on, for all terminals of the workspace. */
  allow(): void
  /** Nothing more is asked for this terminal while the page is open: a program could ask on and on. */
  refuse(): void
  refuseForever(): void
}

/** What programs of one terminal want on the clipboard, and what its workspace lets them. The newest text counts. */
export function useClipboardRequests(workspace: Workspace): {
  request: ClipboardRequest | null
  takeWrite(text: string): void
} {
  const [wanted, setWanted] = useState<string | null>(null)
  const [isQuiet, setIsQuiet] = useState(false)
  const access = workspace.clipboard
  const [answeredAccess, setAnsweredAccess] = useState(access)
  if (access !== answeredAccess) {
    // Answered here, in another window, or in the settings.
    setAnsweredAccess(access)
    setWanted(null)
    setIsQuiet(false)
  }

  async function write(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      setWanted(null)
    } catch {
      // Browsers want the focus or a click for it: the bar asks for one, and a failure after that is told.
      setWanted(text)
    }
  }

  function takeWrite(text: string): void {
    if (access === 'never' || isQuiet) return
    if (access === 'ask') setWanted(text)
    else void write(text)
  }

  if (wanted === null) return { request: null, takeWrite }
  const request: ClipboardRequest = {
    allow() {
      void copyText(wanted)
      setWanted(null)
      if (access !== 'allow') setClipboardAccess(workspace, 'allow')
    },
    refuse() {
      setWanted(null)
      setIsQuiet(access === 'ask')
    },
    refuseForever() {
      setWanted(null)
      setClipboardAccess(workspace, 'never')
    },
  }
  return { request, takeWrite }
}
