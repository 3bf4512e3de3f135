import { LayoutTemplate, type LucideIcon, ScrollText, Wrench } from 'lucide-react'
import type { EntryKind } from '../../../shared/library/entry-kinds'

/** An entry that is looked at; null for the repository. */
export type Selection = { kind: EntryKind; id: string } | null

/** The kinds of entries, in the order of the list. */
export const ENTRY_GROUPS: readonly { kind: EntryKind; title: string; icon: LucideIcon }[] = [
  { kind: 'template', title: 'Templates', icon: LayoutTemplate },
  { kind: 'skill', title: 'Skills', icon: ScrollText },
  { kind: 'tool', title: 'Tools', icon: Wrench },
]
