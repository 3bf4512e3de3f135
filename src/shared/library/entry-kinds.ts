/** What a library contains, each kind in its own folder. Without schemas, so that the command line’s help and completion load none. */
export const ENTRY_KINDS = ['template', 'skill', 'tool'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** The folder of a kind in a library. */
export const ENTRY_FOLDERS: Readonly<Record<EntryKind, string>> = { template: 'workspace-template', skill: 'skill', tool: 'tool' }
