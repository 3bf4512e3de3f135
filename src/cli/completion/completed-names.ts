/**
 * What the shell's completion asks Berth for. Snapshots are those of the workspace that is the command's first argument; a location is a workspace
 * with a colon, or a file of this machine.
 */
export const COMPLETED_KINDS = ['workspace', 'template', 'snapshot', 'location'] as const
export type CompletedKind = (typeof COMPLETED_KINDS)[number]

/** What is meant by an argument of this name. New names are called something else. */
const ARGUMENTS: ReadonlyMap<string, CompletedKind> = new Map([
  ['name', 'workspace'],
  ['names', 'workspace'],
  ['source', 'workspace'],
  ['template', 'template'],
  ['snapshot', 'snapshot'],
  ['from', 'location'],
  ['to', 'location'],
])

const OPTIONS: ReadonlyMap<string, CompletedKind> = new Map([['--template', 'template']])

/** null for an argument that Berth has no names for. */
export function completedArgument(name: string): CompletedKind | null {
  return ARGUMENTS.get(name) ?? null
}

/** The same for the value of an option, by its long flag. */
export function completedOption(flag: string): CompletedKind | null {
  return OPTIONS.get(flag) ?? null
}
