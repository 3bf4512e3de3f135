// Puts the package for npm together, from what is built: no sources, and only the dependencies that the headless program loads.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { megabytes, writeSums } from './packaging/checksums.mjs'
import { headlessProgram, manifest, OPTIONAL, pinned, root } from './packaging/program-files.mjs'
import { stageProgram } from './packaging/stage.mjs'

const run = promisify(execFile)
const {
  positionals: [outDir = 'dist'],
  values: { version },
} = parseArgs({ allowPositionals: true, options: { version: { type: 'string' } } })

/** Its own Node, whatever the machine has. */
const RUNTIME = ['node']

const { packages } = await headlessProgram()
const needed = [...packages.filter((name) => !OPTIONAL.includes(name)), ...RUNTIME]
const staging = await mkdtemp(join(tmpdir(), 'berth-package-'))
try {
  await stageProgram(staging)
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
  await writeSums(outDir)
  console.log(`${join(outDir, filename)}: ${megabytes(size)}, ${entryCount} files, ${megabytes(unpackedSize)} unpacked`)
} finally {
  await rm(staging, { recursive: true, force: true })
}
