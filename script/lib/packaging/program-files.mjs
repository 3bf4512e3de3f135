// What a built program consists of: its files in out/, and the packages that these load.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { parseSync } from 'vite'

export const root = resolve(import.meta.dirname, '../../..')
export const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

/** Programs that the command line starts; it carries its own dependencies. */
const HEADLESS = ['headless.js', 'prepare-image.js']
const DESKTOP = ['desktop.js']
/** What both start as threads, by name. */
const THREADS = ['screen-worker.js']
/** Loaded by other means than an import. */
const RESOLVED = ['@devcontainers/cli']
/** Built from source where there is no prebuilt one; without it, Berth says that terminals of this machine are unavailable. */
export const OPTIONAL = ['node-pty']
/** Of Electron itself. */
const BUILT_IN = ['electron']

/** Files with their paths, and names of packages, of what runs without a window, apart from the command line. */
export const headlessProgram = () => program(HEADLESS)

/** The same of the desktop app's main process. */
export const desktopProgram = () => program(DESKTOP)

async function program(entries) {
  for (const entry of entries) if (!existsSync(join(root, 'out/main', entry))) throw new Error(`out/main/${entry} has not been built.`)
  const packages = new Set(RESOLVED)
  const files = new Set()
  const built = [...entries, ...THREADS].map((name) => join(root, 'out/main', name))
  for (const file of built) if (existsSync(file)) await collect(file, packages, files)
  for (const name of BUILT_IN) packages.delete(name)
  return { files: [...files], packages: [...packages].sort() }
}

/** Names with the versions of package.json. */
export function pinned(names) {
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const wanted = manifest.dependencies[name] ?? manifest.devDependencies[name]
      if (wanted === undefined) throw new Error(`${name} is loaded and not in package.json.`)
      return [name, wanted]
    }),
  )
}

/** Adds the packages that a built file and all that it imports load. */
async function collect(file, packages, seen) {
  if (seen.has(file)) return
  seen.add(file)
  const { module } = parseSync(file, await readFile(file, 'utf8'))
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...(await dynamicImports(file, module.dynamicImports)),
  ]
  for (const specifier of specifiers) {
    if (specifier.startsWith('.')) await collect(resolve(dirname(file), specifier), packages, seen)
    else if (!specifier.startsWith('node:') && !builtinModules.includes(specifier)) packages.add(packageOf(specifier))
  }
}

async function dynamicImports(file, imports) {
  if (imports.length === 0) return []
  const text = await readFile(file, 'utf8')
  return imports.flatMap(({ moduleRequest: { start, end } }) => {
    const argument = text.slice(start, end)
    return argument.startsWith('"') ? [JSON.parse(argument)] : []
  })
}

const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
