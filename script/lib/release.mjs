// Makes a release of a clean checkout: see script/release.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { writeSums } from './packaging/checksums.mjs'
import { writeComponents } from './packaging/components.mjs'
import { root } from './packaging/program-files.mjs'
import { notesOf } from './packaging/release-notes.mjs'

const run = promisify(execFile)
const {
  positionals: [version],
  values: { check, fast },
} = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean' },
    /** Little compression, for tests. */
    fast: { type: 'boolean' },
  },
})

const MANIFESTS = ['package.json', 'package-lock.json']
/** MAJOR.MINOR.PATCH, and for a version before that one a word and a number, such as beta.2. */
const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-(alpha|beta|rc)\.(\d+))?$/

const git = async (...args) => (await run('git', ['-C', root, ...args])).stdout.trim()
const output = { maxBuffer: 256 * 1024 * 1024 }

const obstacle = await obstacleTo(version)
if (obstacle !== null) {
  console.error(obstacle)
  process.exit(1)
}
const notes = notesOf(version, await readFile(join(root, 'CHANGELOG.md'), 'utf8'))
if (check) console.log(`${version} can be released.`)
else await release()

/** A sentence, or null. */
async function obstacleTo(wanted) {
  if (!VERSION.test(wanted ?? ''))
    return `“${wanted ?? ''}” is no version: it is MAJOR.MINOR.PATCH, or MAJOR.MINOR.PATCH-beta.N (also alpha and rc).`
  const { version: current } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  if (compare(wanted, current) < 0) return `${wanted} is older than ${current}, which package.json has.`
  const changes = await git('status', '--porcelain')
  if (changes !== '') return `There are changes that are not committed:\n${changes}`
  if ((await git('tag', '--list', `v${wanted}`)) !== '') return `There is a tag v${wanted} already.`
  const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8')
  if (notesOf(wanted, changelog) === '')
    return `CHANGELOG.md has no section for ${wanted}. Name what is under “## [Unreleased]” “## [${wanted}] - ${new Date().toISOString().slice(0, 10)}”, and commit that.`
  return null
}

/** By what comes first: 1.2.0-beta.1 before 1.2.0. */
function compare(one, other) {
  const parts = (text) => {
    const [, major, minor, patch, word, number] = VERSION.exec(text) ?? []
    return [Number(major), Number(minor), Number(patch), word ?? 'stable', Number(number ?? 0)]
  }
  const [left, right] = [parts(one), parts(other)]
  for (const [index, part] of left.entries()) {
    if (part < right[index]) return -1
    if (part > right[index]) return 1
  }
  return 0
}

async function release() {
  const outDir = join(root, 'dist', version)
  await rm(outDir, { recursive: true, force: true })
  await mkdir(outDir, { recursive: true })
  try {
    await setVersion()
    await say('Building…', run('npm', ['run', '--silent', 'build'], { cwd: root, ...output }))
    await pack('the package for npm', 'package-npm.mjs', outDir)
    if (await has('dpkg-deb'))
      await pack('the Debian package without a window', 'package-deb.mjs', outDir, '--without-window', ...(fast ? ['--fast'] : []))
    else console.error('Left out: the Debian package without a window, as dpkg-deb is not here.')
    if (existsSync(join(root, 'node_modules/electron/path.txt'))) await pack('the desktop app', 'package-desktop.mjs', outDir)
    else console.error('Left out: the desktop app, as Electron’s binary is not here.')
    await writeComponents(join(outDir, `berth-${version}.cdx.json`))
    await writeFile(join(outDir, `berth-${version}-notes.md`), `${notes}\n`)
    // What electron-builder leaves beside its packages.
    for (const entry of await readdir(outDir, { withFileTypes: true }))
      if (entry.isDirectory() || entry.name.startsWith('builder-')) await rm(join(outDir, entry.name), { recursive: true })
    await writeSums(outDir)
  } catch (error) {
    await git('checkout', '--', ...MANIFESTS)
    throw error
  }
  const folder = relative(root, outDir)
  console.log(`In ${folder}:`)
  for (const name of (await readdir(outDir)).sort()) console.log(`  ${name}`)
  const isBefore = version.includes('-')
  console.log(`
Nothing is committed or published. To do so:
  git commit -m "Release ${version}" ${MANIFESTS.join(' ')}
  git tag -a v${version} -m "Berth ${version}"
  git push origin HEAD v${version}      # .github/workflows/release.yml then makes a draft with the packages of all systems
Without that workflow:
  gh release create v${version} --draft${isBefore ? ' --prerelease' : ''} --notes-file ${folder}/berth-${version}-notes.md ${folder}/*
  npm publish ${folder}/berth-${version}.tgz${isBefore ? ' --tag beta' : ''}`)
}

/** In package.json, and in the two places of the lock file. */
async function setVersion() {
  for (const name of MANIFESTS) {
    const content = JSON.parse(await readFile(join(root, name), 'utf8'))
    content.version = version
    if (content.packages?.[''] !== undefined) content.packages[''].version = version
    await writeFile(join(root, name), `${JSON.stringify(content, null, 2)}\n`)
  }
}

async function pack(what, script, ...args) {
  await say(`Making ${what}…`, run(process.execPath, [join(root, 'script/lib', script), ...args], { cwd: root, ...output }))
}

async function say(text, work) {
  console.error(text)
  await work
}

function has(program) {
  return run(program, ['--version']).then(
    () => true,
    () => false,
  )
}
