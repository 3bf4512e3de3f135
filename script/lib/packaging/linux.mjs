// What packages for Linux have besides the program: the command on the PATH, its manual page and completion, and the scripts of the package manager.
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { root } from './program-files.mjs'

const run = promisify(execFile)
const SCRIPTS = join(root, 'packaging/linux')

/** Where electron-builder's packages are installed, and what of it is the command line. */
export const APP_FOLDER = '/opt/Berth'
export const DESKTOP_EXECUTABLE = 'berth-desktop'
export const DESKTOP_PROGRAM = `${APP_FOLDER}/resources/berth`
/** The program in packages without a window. */
export const SERVER_PROGRAM = '/usr/lib/berth'

/** Writes usr/ for a package whose command line is in `program` once it is installed; `packageName` is its folder of documentation. */
export async function stageSystem(folder, program, packageName) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'usr/bin'), { recursive: true })
  await symlink(join(program, 'bin/berth'), join(folder, 'usr/bin/berth'))
  const files = {
    'usr/share/man/man1/berth.1.gz': zip(await said('man')),
    'usr/share/bash-completion/completions/berth': await said('completion', 'bash'),
    'usr/share/zsh/vendor-completions/_berth': await said('completion', 'zsh'),
    'usr/share/fish/vendor_completions.d/berth.fish': await said('completion', 'fish'),
    [`usr/share/doc/${packageName}/changelog.gz`]: zip(await readFile(join(root, 'CHANGELOG.md'), 'utf8')),
  }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  await cp(join(root, 'LICENSE'), join(folder, `usr/share/doc/${packageName}/copyright`))
}

/** A script of the package manager, with its names in braces filled in. */
export async function packageScript(name, names) {
  const text = await readFile(join(SCRIPTS, name), 'utf8')
  return text.replace(/\$\{([a-zA-Z]+)\}/g, (_, key) => {
    if (names[key] === undefined) throw new Error(`${name} asks for ${key}, which is not given.`)
    return names[key]
  })
}

/** For the scripts of the package with the desktop app, and of the one without. */
export const DESKTOP_NAMES = {
  sanitizedProductName: 'Berth',
  executable: DESKTOP_EXECUTABLE,
  programs: `${APP_FOLDER}/${DESKTOP_EXECUTABLE} ${DESKTOP_PROGRAM}/bin/node`,
}
export const SERVER_NAMES = { executable: '', programs: `${SERVER_PROGRAM}/bin/node` }

async function said(...args) {
  const { stdout } = await run(process.execPath, [join(root, 'out/main/cli.js'), ...args], { maxBuffer: 16 * 1024 * 1024 })
  return stdout
}

/** The same bytes each time: without a name and a time. */
function zip(text) {
  return gzipSync(text, { level: 9 })
}
