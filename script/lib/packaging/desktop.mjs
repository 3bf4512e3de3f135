// The desktop app, put together by electron-builder.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { build, DIR_TARGET, Platform } from 'electron-builder'
import { DESKTOP_NAMES, DESKTOP_PROGRAM, packageScript, stageSystem } from './linux.mjs'
import { root } from './program-files.mjs'
import { githubReleases } from './releases.mjs'
import { stageDesktop, stageServer } from './stage.mjs'

const run = promisify(execFile)

/**
 * Builds for this system: with `onlyFolder` the folder with the app alone, else all that is installed from. `releases` (OWNER/REPO on GitHub) is where the app looks for
 * updates, undefined for nowhere. `overrides` go over electron-builder.yml. Resolves with the paths of what was made.
 */
export async function buildDesktop({ outDir, version, onlyFolder = false, releases, overrides = {} }) {
  const publish = githubReleases(releases)
  const stage = join(root, 'dist/stage')
  await stageDesktop(join(stage, 'app'), version)
  await stageServer(join(stage, 'resources/berth'), version)
  if (process.platform === 'linux') {
    await stageSystem(join(stage, 'system'), DESKTOP_PROGRAM, 'berth')
    await writeFile(join(stage, 'before-remove.sh'), await packageScript('before-remove.sh', DESKTOP_NAMES), { mode: 0o755 })
  }
  await mkdir(outDir, { recursive: true })
  return build({
    projectDir: root,
    publish: 'never',
    targets: Platform.current().createTarget(onlyFolder ? DIR_TARGET : undefined),
    // Over electron-builder.yml, which it finds by itself.
    config: {
      directories: { output: relative(root, outDir) },
      ...(publish === null ? {} : { publish }),
      ...overrides,
    },
  })
}

/** Sees to Electron's binary, which is fetched when it is first wanted. Resolves with why there is none, as a sentence; null when there is one. */
export async function fetchElectron() {
  const folder = join(root, 'node_modules/electron')
  if (existsSync(join(folder, 'path.txt'))) return null
  return run(process.execPath, [join(folder, 'install.js')]).then(
    () => null,
    () => 'Electron’s binary could not be fetched.',
  )
}

/** The folder with the app that `onlyFolder` makes on Linux. */
export const unpackedFolder = (outDir) => join(outDir, process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`)
