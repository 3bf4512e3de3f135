import type { LucideIcon } from 'lucide-react'
import type { LaterCode } from './ui/later'

/** A screen beside the workspaces, with the ways to it. The table of them is `app/screen-table.ts`. */
export interface ScreenEntry {
  path: string
  title: string
  /** In the command palette; the title if left out. */
  paletteTitle?: string
  icon: LucideIcon
  /** As `Kbd` shows it: “Mod ,”. */
  shortcut?: string
  /** `part` is what follows the path: “engine” in “/settings/engine”. */
  code: LaterCode<{ part: string | undefined }>
}

/** What of a path follows that of the screen; null for the path of another one. */
export function partOf(screen: Pick<ScreenEntry, 'path'>, path: string): { part: string | undefined } | null {
  if (path === screen.path) return { part: undefined }
  return path.startsWith(`${screen.path}/`) ? { part: path.slice(screen.path.length + 1) } : null
}
