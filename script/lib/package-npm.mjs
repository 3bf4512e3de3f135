// Puts the package for npm together, from what is built: no sources, and only the dependencies that the headless program loads.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { parseSync } from 'vite'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
const {
  positionals: [outDir = 'dist'],
  values: { version },
} = parseArgs({ allowPositionals: true, options: { version: { type: 'string' } } })

/** Programs that the command line starts, and the thread of one; it carries its own dependencies. */
const PROGRAMS = ['headless.js', 'prepare-image.js', 'screen-worker.js']
/** Loaded by other means than an import. */
const RESOLVED = ['@devcontainers/cli']
/** Built from source where there is no prebuilt one; without it, Berth says that terminals of this machine are unavailable. */
const OPTIONAL = ['node-pty']
/** Its own Node, whatever the machine has. */
const RUNTIME = ['node']

const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const built = join(root, 'out/main')

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

function pinned(names) {
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const wanted = manifest.dependencies[name] ?? manifest.devDependencies[name]
      if (wanted === undefined) throw new Error(`${name} is loaded and not in package.json.`)
      return [name, wanted]
    }),
  )
}

const needed = new Set([...RESOLVED, ...RUNTIME])
const files = new Set()
for (const program of PROGRAMS) await collect(join(built, program), needed, files)
for (const name of OPTIONAL) needed.delete(name)

const staging = await mkdtemp(join(tmpdir(), 'berth-package-'))
try {
  for (const file of [...files, join(built, 'cli.js')]) await cp(file, join(staging, relative(root, file)))
  for (const folder of ['out/main/cli', 'out/renderer', 'resources', 'bin'])
    await cp(join(root, folder), join(staging, folder), { recursive: true })
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md']) await cp(join(root, file), join(staging, file))
  const { name, description, license, author, type, bin } = manifest
  await writeFile(
    join(staging, 'package.json'),
    `${JSON.stringify(
      {
        ...{ name, version: version ?? manifest.version, description, license, author, type, bin },
        // Of npm: Berth brings its own.
        engines: { node: '>=18' },
        os: ['linux', 'darwin'],
        files: ['bin', 'out', 'resources', 'CHANGELOG.md'],
        dependencies: pinned(needed),
        optionalDependencies: pinned(OPTIONAL),
        allowScripts: { node: true, 'node-pty': true },
      },
      null,
      2,
    )}\n`,
  )
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd: staging, maxBuffer: 64 * 1024 * 1024 })
  const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(stdout)
  await mkdir(outDir, { recursive: true })
  await cp(join(staging, filename), join(outDir, `.${filename}`))
  await rename(join(outDir, `.${filename}`), join(outDir, filename))
  await writeSums()
  const megabytes = (bytes) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`
  console.log(`${join(outDir, filename)}: ${megabytes(size)}, ${entryCount} files, ${megabytes(unpackedSize)} unpacked`)
} finally {
  await rm(staging, { recursive: true, force: true })
}

/** Of all that is in the folder, as “sha256sum --check” reads it. */
async function writeSums() {
  const names = (await readdir(outDir)).filter((name) => name !== 'SHA256SUMS' && !name.startsWith('.')).sort()
  const lines = await Promise.all(
    names.map(
      async (name) =>
        `${createHash('sha256')
          .update(await readFile(join(outDir, name)))
          .digest('hex')}  ${name}\n`,
    ),
  )
  await writeFile(join(outDir, 'SHA256SUMS'), lines.join(''))
}
