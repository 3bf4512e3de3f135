import type { ReactNode } from 'react'

/** Below the screen of a session: something to know, and what can be done. In a narrow pane the buttons go below the text. */
export function SessionBar({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-line border-t bg-sunken px-3 py-1.5">
      <p role="status" className="min-w-40 flex-1 text-ink-muted">
        {text}
      </p>
      {children}
    </div>
  )
}
