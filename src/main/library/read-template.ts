import { getNodeValue, type JSONPath, type Node } from 'jsonc-parser'
import type { EntryProblem } from '../../shared/contract/library'
import { type TemplateFile, templateFileSchema } from '../../shared/library/template-file'
import { nearestName } from '../../shared/nearest-name'
import { ownFieldName } from '../../shared/workspace-configuration/field-aliases'
import { parseJsonTree, placeInJson } from '../settings/check-json'

type NamedKind = 'skill' | 'tool'

/** A template as its text has it. */
export interface ReadTemplate {
  /** null when the text is no template. */
  template: TemplateFile | null
  problems: EntryProblem[]
  /** The skills and tools it names, with the place of each. */
  uses: { kind: NamedKind; name: string; place: Omit<EntryProblem, 'message'> }[]
}

const FIELD_OF: Readonly<Record<NamedKind, 'skills' | 'tools'>> = { skill: 'skills', tool: 'tools' }

/** Reads the text of a template. What is wrong is told with its place; never throws. `file` is its path in the library. */
export function readTemplate(text: string, file: string): ReadTemplate {
  const { root, damage } = parseJsonTree(text)
  if (damage) return { template: null, problems: [asProblem(damage.reason, file, null, damage)], uses: [] }
  if (root.type !== 'object') {
    return { template: null, problems: [asProblem('A template is an object: { … }.', file, null, placeInJson(text, root, []))], uses: [] }
  }
  const given = getNodeValue(root) as Record<string, unknown>
  /** As the file calls them, by the names that Berth has for them. */
  const names = new Map(Object.keys(given).map((name) => [ownFieldName(name, given), name]))
  const parsed = templateFileSchema.safeParse(Object.fromEntries([...names].map(([own, name]) => [own, given[name]])))
  const placed = (path: readonly PropertyKey[]) => placeOf(text, root, file, names, path)
  if (parsed.success) return { template: parsed.data, problems: imageProblems(parsed.data, placed), uses: usesOf(parsed.data, placed) }
  const problems = parsed.error.issues.map((issue) => ({ message: issue.message, ...placed(unrecognized(issue) ?? issue.path) }))
  return { template: null, problems, uses: [] }
}

/** An unknown field is reported at its own place, not at that of its object. */
function unrecognized(issue: { code?: string; path: readonly PropertyKey[]; keys?: readonly string[] }): PropertyKey[] | null {
  const [key] = issue.code === 'unrecognized_keys' ? (issue.keys ?? []) : []
  return key === undefined ? null : [...issue.path, key]
}

function placeOf(text: string, root: Node, file: string, names: ReadonlyMap<string, string>, path: readonly PropertyKey[]) {
  const own = path.filter((part): part is string | number => typeof part !== 'symbol')
  const [first, ...rest] = own
  const inFile: JSONPath = first === undefined ? [] : [names.get(String(first)) ?? first, ...rest]
  return { file, path: inFile.length === 0 ? null : inFile.join('.'), ...placeInJson(text, root, inFile) }
}

function asProblem(message: string, file: string, path: string | null, { line, column }: { line: number | null; column: number | null }) {
  return { message, file, path, line, column }
}

function imageProblems({ image, distro }: TemplateFile, placed: (path: string[]) => Omit<EntryProblem, 'message'>): EntryProblem[] {
  if (!image || !distro) return []
  return [{ message: 'An image and a distribution cannot be combined.', ...placed(['distro']) }]
}

function usesOf(template: TemplateFile, placed: (path: (string | number)[]) => Omit<EntryProblem, 'message'>): ReadTemplate['uses'] {
  return (['skill', 'tool'] as const).flatMap((kind) =>
    (template[FIELD_OF[kind]] ?? []).map((name, index) => ({ kind, name, place: placed([FIELD_OF[kind], index]) })),
  )
}

/** What it names and the library does not have. */
export function missingUses({ uses }: ReadTemplate, known: Readonly<Record<NamedKind, readonly string[]>>): EntryProblem[] {
  return uses
    .filter(({ kind, name }) => !known[kind].includes(name))
    .map(({ kind, name, place }) => ({ message: notInLibrary(kind, name, known[kind]), ...place }))
}

/** “The library has no skill “pyton-dev”. Did you mean “python-dev”?” */
export function notInLibrary(kind: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return `The library has no ${kind} “${name}”.${nearest === null ? '' : ` Did you mean “${nearest}”?`}`
}
