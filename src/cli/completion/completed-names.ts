/**
 * What the shell's completion asks Berth for. Entries are all of the library; any template is a workspace or of the library. Snapshots are those of the workspace that is the command's first argument; a location is a workspace
 * with a colon, or a file of this machine; a place is an engine or a Swarm.
 */
export const COMPLETED_KINDS = [
  'workspace',
  'template',
  'snapshot',
  'location',
  'entry',
  'any-template',
  'skill',
  'tool',
  'engine',
  'swarm',
  'place',
] as const
export type CompletedKind = (typeof COMPLETED_KINDS)[number]

/** What is meant by an argument of this name. New names are called something else. */
const ARGUMENTS: ReadonlyMap<string, CompletedKind> = new Map([
  ['name', 'workspace'],
  ['names', 'workspace'],
  ['source', 'workspace'],
  ['template', 'template'],
  ['snapshot', 'snapshot'],
  ['entry', 'entry'],
  ['engine', 'engine'],
  ['swarm', 'swarm'],
  ['from', 'location'],
  ['to', 'location'],
])

const OPTIONS: ReadonlyMap<string, CompletedKind> = new Map([
  ['--template', 'any-template'],
  ['--skill', 'skill'],
  ['--tool', 'tool'],
  ['--engine', 'engine'],
  ['--engine <place>', 'place'],
])

/** null for an argument that Berth has no names for. */
export function completedArgument(name: string): CompletedKind | null {
  return ARGUMENTS.get(name) ?? null
}

/** The same for the value of an option, by its long flag; with what it calls its value where that tells them apart: “--engine <place>”. */
export function completedOption(flag: string): CompletedKind | null {
  return OPTIONS.get(flag) ?? OPTIONS.get(flag.split(' ')[0] ?? '') ?? null
}
