// Copies installed npm packages with all that they need, for programs that are not installed by npm.
import { existsSync } from 'node:fs'
import { cp, readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { OPTIONAL, root } from './program-files.mjs'

/** What no program loads under Node: an addition that would have to be built (ssh2 goes without), build tools, types, and another runtime's modules. */
const LEFT_OUT = /^(cpu-features|nan|node-addon-api|undici-types|bare-(fs|path))$|^@types\//

/** Of node-pty: what loads and runs it here, not what it was built from. */
const NODE_PTY = ['package.json', 'LICENSE', 'lib', 'build/Release', `prebuilds/${process.platform}-${process.arch}`]

/** Into the folder `node_modules` at `destination`, at the places where they are in the checkout. */
export async function copyPackages(names, destination) {
  const folders = new Set()
  for (const name of names) await follow(name, root, !OPTIONAL.includes(name), folders)
  // One after the other: one may be inside another.
  for (const folder of folders) await copyPackage(folder, join(destination, relative(root, folder)))
}

async function follow(name, from, isNeeded, folders) {
  if (LEFT_OUT.test(name)) return
  const folder = find(name, from)
  if (folder === null) {
    if (isNeeded) throw new Error(`${name} is not installed.`)
    return
  }
  if (folders.has(folder)) return
  folders.add(folder)
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  for (const dependency of Object.keys(dependencies)) await follow(dependency, folder, !(dependency in optionalDependencies), folders)
  for (const dependency of Object.keys(optionalDependencies)) await follow(dependency, folder, false, folders)
  for (const dependency of Object.keys(peerDependencies))
    if (peerDependenciesMeta[dependency]?.optional !== true) await follow(dependency, folder, false, folders)
}

/** Where Node finds it from there. */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === root || folder === dirname(folder)) return null
  }
}

async function copyPackage(from, to) {
  const isWanted = basename(from) === 'node-pty' ? isOfNodePty : isLoaded
  await cp(from, to, { recursive: true, filter: (path) => path === from || isWanted(relative(from, path).split(sep).join('/')) })
}

function isOfNodePty(path) {
  return NODE_PTY.some((wanted) => path === wanted || path.startsWith(`${wanted}/`) || wanted.startsWith(`${path}/`)) && isLoaded(path)
}

/** Not what describes a package to people and compilers, nor the packages inside it, which are copied by themselves. */
function isLoaded(path) {
  return !/(^|\/)node_modules(\/|$)|\.(map|d\.[cm]?ts|md|markdown|tsbuildinfo)$|^(docs?|test|tests|example|examples|benchmark|\.github)(\/|$)|\.test\.js$/i.test(
    path,
  )
}
