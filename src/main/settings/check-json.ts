import { findNodeAtLocation, getNodeValue, type JSONPath, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { z } from 'zod'
import { parseJson } from '../../shared/parse-json'

/** What is wrong with a text, and where: lines and columns from 1. */
export interface JsonDamage {
  reason: string
  line: number | null
  column: number | null
  field: string | null
}

export type CheckedJson<Value> = { value: Value; damage: null } | { value: null; damage: JsonDamage }

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false }

/** Reads a JSON text with a schema; problems are reported with their place in the text. Never throws. */
export function checkJson<Value>(text: string, schema: z.ZodType<Value>): CheckedJson<Value> {
  const whole = parseJson(text)
  const read = whole === undefined ? null : schema.safeParse(whole)
  if (read?.success) return { value: read.data, damage: null }
  // Only what is wrong is looked for with places: that takes ten times as long, and of thousands of records a second.
  const { root, damage } = parseJsonTree(text)
  if (damage) return { value: null, damage }
  const parsed = schema.safeParse(getNodeValue(root))
  if (parsed.success) return { value: parsed.data, damage: null }
  const issue = deepest(parsed.error.issues)
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  return { value: null, damage: { reason: issue.message, field: path.join('.'), ...placeInJson(text, root, path) } }
}

/** A strictly parsed JSON text, with the places of its values. */
export function parseJsonTree(text: string): { root: Node; damage: null } | { root: null; damage: JsonDamage } {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, STRICT)
  const [broken] = errors
  if (!broken && root) return { root, damage: null }
  const reason = broken
    ? printParseErrorCode(broken.error)
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
    : 'it is empty'
  return { root: null, damage: { reason: `It is not JSON: ${reason}.`, field: null, ...placeOf(text, broken?.offset ?? 0) } }
}

/** A union tells of each way in which it was not met; the one that came farthest is what was meant. */
function deepest(issues: readonly z.core.$ZodIssue[]): { path: PropertyKey[]; message: string } {
  const all = issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
    const inner = deepest(issue.errors.flat())
    return [{ path: [...issue.path, ...inner.path], message: inner.message }]
  })
  return all.reduce(
    (best, issue) => (issue.path.length > best.path.length ? issue : best),
    all[0] ?? { path: [], message: 'It is invalid.' },
  )
}

/** Line and column, from 1; of a field that is missing, those of the object that should have it. */
export function placeInJson(text: string, root: Node, path: JSONPath): { line: number; column: number } {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length))
    if (node) return placeOf(text, node.offset)
  }
  return placeOf(text, root.offset)
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) + 1 }
}
