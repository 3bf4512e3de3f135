import type { ReactNode } from 'react'

interface ScreenProps {
  title: string
  actions?: ReactNode
  /** What is in it has all of the room, and scrolls by itself. */
  fills?: boolean
  children: ReactNode
}

/** A screen beside the workspaces: its title, and one column that scrolls. */
export function Screen({ title, actions, fills = false, children }: ScreenProps) {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b px-5">
        <h1 className="min-w-0 flex-1 truncate font-semibold text-lg">{title}</h1>
        {actions}
      </header>
      {fills ? (
        <div className="flex min-h-0 flex-1 flex-col">{children}</div>
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div className="flex min-h-full w-full max-w-220 flex-col gap-6 p-5">{children}</div>
        </div>
      )}
    </div>
  )
}
