import { ClipboardCheck } from 'lucide-react'
import type { Workspace } from '../../../../shared/workspace'
import { Button } from '../../../ui/button'
import { SessionBar } from './session-bar'
import type { ClipboardRequest } from './use-clipboard-requests'

interface ClipboardBarProps {
  workspace: Workspace
  request: ClipboardRequest
  /** The terminal can have the focus again. */
  onAnswered(): void
}

/** Asks whether a program may write to the clipboard, or for the click without which the browser does not let it. */
export function ClipboardBar({ workspace, request, onAnswered }: ClipboardBarProps) {
  const answer = (act: () => void) => () => {
    act()
    onAnswered()
  }
  const wants = `A program in ${workspace.name} wants to write to the clipboard.`
  if (workspace.clipboard === 'allow') {
    return (
      <SessionBar text={`${wants} The browser needs a click for it.`}>
        <Button size="small" icon={ClipboardCheck} onClick={answer(request.allow)}>
          Copy
        </Button>
        <Button size="small" variant="ghost" onClick={answer(request.refuse)}>
          Not now
        </Button>
      </SessionBar>
    )
  }
  return (
    <SessionBar text={wants}>
      <Button size="small" icon={ClipboardCheck} onClick={answer(request.allow)}>
        Allow
      </Button>
      <Button size="small" variant="ghost" onClick={answer(request.refuse)}>
        Not now
      </Button>
      <Button size="small" variant="ghost" onClick={answer(request.refuseForever)}>
        Never
      </Button>
    </SessionBar>
  )
}
