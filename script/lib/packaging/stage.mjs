// Puts together, from what is built, the folders that packages are made of.
import { chmod, cp, mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { copyPackages } from './installed-packages.mjs'
import { desktopProgram, headlessProgram, manifest, OPTIONAL, pinned, root } from './program-files.mjs'

const isWindows = process.platform === 'win32'

/** The programs without a window, as every package has them: the command line, what it starts, the page and what goes into workspaces. No node_modules. */
export async function stageProgram(folder) {
  const { files } = await headlessProgram()
  await copyFiles([...files, join(root, 'out/main/cli.js')], folder)
  for (const name of ['out/main/cli', 'out/renderer', 'resources', 'bin'])
    await cp(join(root, name), join(folder, name), { recursive: true })
  if (!isWindows) await rm(join(folder, 'bin/berth.cmd'))
}

/** The same, to run where it is: with its packages and its own Node. */
export async function stageServer(folder, version) {
  await rm(folder, { recursive: true, force: true })
  await stageProgram(folder)
  const { packages } = await headlessProgram()
  await copyPackages([...new Set([...packages, ...OPTIONAL])], folder)
  const node = isWindows ? 'node.exe' : 'node'
  await cp(await realpath(join(root, 'node_modules/node/bin', node)), join(folder, 'bin', node))
  await chmod(join(folder, 'bin', node), 0o755)
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  await writeManifest(folder, { bin: manifest.bin, dependencies: pinned(packages) }, version)
}

/** The desktop app, as electron-builder takes it: what its main process loads, and the page. */
export async function stageDesktop(folder, version) {
  await rm(folder, { recursive: true, force: true })
  const { files, packages } = await desktopProgram()
  await copyFiles(files, folder)
  for (const name of ['out/preload', 'out/renderer', 'resources']) await cp(join(root, name), join(folder, name), { recursive: true })
  await copyPackages([...new Set([...packages, ...OPTIONAL])], folder)
  // By `desktopName` systems with Wayland know which entry a window belongs to.
  await writeManifest(folder, { main: manifest.main, desktopName: 'berth-desktop.desktop', dependencies: pinned(packages) }, version)
}

async function copyFiles(files, folder) {
  for (const file of files) await cp(file, join(folder, relative(root, file)))
}

async function writeManifest(folder, fields, version = manifest.version) {
  const { name, description, license, author, type } = manifest
  await mkdir(folder, { recursive: true })
  await writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify({ name, version, description, license, author, type, ...fields }, null, 2)}\n`,
  )
}
