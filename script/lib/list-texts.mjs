// Prints every text that people read, by door, with file and line: script/texts --help
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'

const root = resolve(import.meta.dirname, '../..')
const doors = ['page', 'cli', 'errors', 'settings', 'operations']

/** Attributes and properties whose value is a text, even if it is a single word. */
const textNames = new Set([
  ...['label', 'title', 'placeholder', 'aria-label', 'alt', 'hint', 'note', 'heading', 'description', 'summary', 'help'],
  ...['message', 'next', 'reason', 'problem', 'text', 'what', 'detail', 'explanation'],
])
/** Calls whose strings are texts of operations. */
const operationCalls = new Set(['step', 'stepSoon', 'stepAt', 'stepIf', 'notice'])
const operationNames = new Set(['title', 'label', 'done', 'progress'])

/** A template with its expressions as `{…}`, so that a text is read as a person reads it. */
function textOf(node, source) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (ts.isJsxText(node)) return node.text.replace(/\s+/g, ' ').trim()
  if (!ts.isTemplateExpression(node)) return null
  return node.head.text + node.templateSpans.map((span) => `{${span.expression.getText(source)}}${span.literal.text}`).join('')
}

/** Two words or more, with a capital or punctuation of a sentence: no class names, keys, commands or paths. */
function isSentence(text) {
  const plain = text.replace(/\{[^}]*\}/g, 'X')
  return (
    /\p{L}['’”,:;]? [\p{L}\d“(]/u.test(plain) &&
    (/^[\p{Lu}“]/u.test(plain) || /[\p{L})”][.!?:;,]( |$)/u.test(plain) || /\p{L}+ \p{L}+ \p{L}+/u.test(plain))
  )
}

/** The names of the calls, properties and attributes around a string, the nearest first, up to a function or statement. */
function surroundings(node) {
  const names = []
  for (let at = node.parent; at && !ts.isStatement(at); at = at.parent) {
    if (ts.isPropertyAssignment(at) || ts.isJsxAttribute(at) || ts.isVariableDeclaration(at)) names.push(at.name.getText())
    if (ts.isCallExpression(at))
      names.push(ts.isPropertyAccessExpression(at.expression) ? at.expression.name.text : at.expression.getText())
    if (ts.isNewExpression(at)) names.push(at.expression.getText())
  }
  return names
}

function isText(node, text, names) {
  if (!/\p{L}/u.test(text)) return false
  const { parent } = node
  if (ts.isImportDeclaration(parent) || ts.isLiteralTypeNode(parent) || ts.isPropertyAccessExpression(parent)) return false
  if (names.some((name) => ['className', 'clsx', 'd', 'querySelector'].includes(name))) return false
  if (ts.isJsxText(node)) return true
  if (isSentence(text)) return true
  const first = names[0]
  return (textNames.has(first) || operationCalls.has(first)) && /^\p{Lu}|\p{L} \p{L}/u.test(text)
}

function doorOf(file, names) {
  if (file.startsWith('src/renderer/')) return 'page'
  if (file.startsWith('src/cli/')) return 'cli'
  if (/^src\/shared\/(contract|settings)\//.test(file) || names.includes('describe')) return 'settings'
  if (names.includes('BerthError')) return 'errors'
  if (names.some((name) => operationCalls.has(name)) || operationNames.has(names[0])) return 'operations'
  return 'errors'
}

function* textsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(resolve(root, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found = []
  const visit = (node) => {
    const text = textOf(node, source)
    if (text !== null) {
      const names = surroundings(node)
      if (isText(node, text, names)) found.push({ node, text, door: doorOf(file, names) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  for (const { node, text, door } of found) {
    yield { door, text, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 }
  }
}

const options = process.argv.slice(2)
const unknown = options.find((option) => !doors.includes(option) && !option.startsWith('src/'))
if (unknown !== undefined) {
  console.error(`“${unknown}” is neither a door (${doors.join(', ')}) nor a path below src/.`)
  process.exit(2)
}
const wantedDoors = options.filter((option) => doors.includes(option))
const wantedPaths = options.filter((option) => option.startsWith('src/'))
const files = globSync('src/**/*.{ts,tsx}', { cwd: root })
  .filter((file) => !/\.test\.tsx?$|\/testing\//.test(file))
  .filter((file) => wantedPaths.length === 0 || wantedPaths.some((path) => file.startsWith(path)))
  .sort()
const texts = files.flatMap((file) => [...textsOf(file)].map((text) => ({ ...text, file })))
for (const door of doors.filter((door) => wantedDoors.length === 0 || wantedDoors.includes(door))) {
  const ofDoor = texts.filter((text) => text.door === door)
  if (ofDoor.length > 0) console.log(`# ${door} (${ofDoor.length})`)
  for (const { file, line, text } of ofDoor) console.log(`${file}:${line}: ${text.replaceAll('\n', '\\n')}`)
}
