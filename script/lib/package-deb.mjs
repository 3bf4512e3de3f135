// Puts a Debian package together with dpkg-deb: the desktop app, or with --without-window the command line, the page and the API alone.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import { megabytes, writeSums } from './packaging/checksums.mjs'
import {
  APP_FOLDER,
  DESKTOP_EXECUTABLE,
  DESKTOP_NAMES,
  DESKTOP_PROGRAM,
  packageScript,
  SERVER_NAMES,
  SERVER_PROGRAM,
  stageSystem,
} from './packaging/linux.mjs'
import { manifest, root } from './packaging/program-files.mjs'
import { githubReleases } from './packaging/releases.mjs'
import { stageServer } from './packaging/stage.mjs'

const run = promisify(execFile)
const {
  positionals: [outDir = 'dist'],
  values: { version = manifest.version, app, 'without-window': withoutWindow, fast },
} = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'string' },
    /** The folder with the desktop app that electron-builder has made. */
    app: { type: 'string' },
    'without-window': { type: 'boolean' },
    /** Little compression, for tests. */
    fast: { type: 'boolean' },
  },
})
if ((app === undefined) !== (withoutWindow === true)) throw new Error('Give either --app FOLDER or --without-window.')

const builder = parse(await readFile(join(root, 'electron-builder.yml'), 'utf8'))
const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch]
if (architecture === undefined) throw new Error(`There are no packages for ${process.arch}.`)

/** What differs between the two. */
const kind = withoutWindow
  ? {
      packageName: 'berth-server',
      other: 'berth',
      program: SERVER_PROGRAM,
      names: SERVER_NAMES,
      scripts: ['before-remove.sh', 'after-remove.sh'],
      depends: builder.deb.depends.slice(0, 2),
      about: 'This package has the command line, the web page and the API, for machines without a desktop. It brings its own Node.js.',
    }
  : {
      packageName: 'berth',
      other: 'berth-server',
      program: DESKTOP_PROGRAM,
      names: DESKTOP_NAMES,
      scripts: ['after-install.sh', 'before-remove.sh', 'after-remove.sh'],
      depends: builder.deb.depends,
      about: 'This package has the desktop app, the command line, the web page and the API. It brings its own Node.js.',
    }

/** Names of dpkg. */
const SCRIPT_NAMES = { 'after-install.sh': 'postinst', 'before-remove.sh': 'prerm', 'after-remove.sh': 'postrm' }

const staging = await mkdtemp(join(tmpdir(), 'berth-deb-'))
try {
  await stageSystem(staging, kind.program, kind.packageName)
  if (withoutWindow) await stageServer(join(staging, SERVER_PROGRAM), version)
  else await stageApp(join(staging, APP_FOLDER))
  await evenModes(staging)
  const { files, bytes } = await contents(staging)
  await mkdir(join(staging, 'DEBIAN'))
  await writeFile(join(staging, 'DEBIAN/md5sums'), files.map(({ md5, path }) => `${md5}  ${path}\n`).join(''))
  await writeFile(join(staging, 'DEBIAN/control'), control(Math.ceil(bytes / 1024)))
  for (const script of kind.scripts)
    await writeFile(join(staging, 'DEBIAN', SCRIPT_NAMES[script]), await packageScript(script, kind.names), { mode: 0o755 })
  const name = `${kind.packageName}_${debianVersion(version)}_${architecture}.deb`
  await mkdir(outDir, { recursive: true })
  const beside = join(outDir, `.${name}`)
  await run('dpkg-deb', ['--root-owner-group', ...(fast ? ['-Zgzip', '-z1'] : ['-Zxz']), '--build', staging, beside], {
    env: { ...process.env, SOURCE_DATE_EPOCH: await sourceDate() },
  })
  await rename(beside, join(outDir, name))
  await writeSums(outDir)
  console.log(
    `${join(outDir, name)}: ${megabytes((await stat(join(outDir, name))).size)}, ${files.length} files, ${megabytes(bytes)} unpacked`,
  )
} finally {
  await rm(staging, { recursive: true, force: true })
}

async function stageApp(folder) {
  await cp(app, folder, { recursive: true, verbatimSymlinks: true })
  // By this the app knows that a package manager installs its updates.
  await writeFile(join(folder, 'resources/package-type'), 'deb')
  const releases = githubReleases(process.env.BERTH_RELEASES)
  if (releases !== null) await writeFile(join(folder, 'resources/app-update.yml'), stringify(releases))
  const [association] = builder.fileAssociations
  const files = {
    [`usr/share/applications/${DESKTOP_EXECUTABLE}.desktop`]: desktopEntry(association.mimeType),
    [`usr/share/mime/packages/${DESKTOP_EXECUTABLE}.xml`]: mimeType(association),
    [`usr/share/icons/hicolor/512x512/apps/${DESKTOP_EXECUTABLE}.png`]: await readFile(join(root, 'resources/icons/icon.png')),
    [`usr/share/icons/hicolor/scalable/apps/${DESKTOP_EXECUTABLE}.svg`]: await readFile(join(root, 'resources/icons/icon.svg')),
  }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(staging, path)), { recursive: true })
    await writeFile(join(staging, path), content)
  }
}

function desktopEntry(mime) {
  const schemes = builder.protocols.flatMap((protocol) => protocol.schemes.map((scheme) => `x-scheme-handler/${scheme}`))
  return `[Desktop Entry]
Name=${builder.productName}
Comment=${manifest.description}
Exec=${APP_FOLDER}/${DESKTOP_EXECUTABLE} %U
Icon=${DESKTOP_EXECUTABLE}
Terminal=false
Type=Application
StartupWMClass=${DESKTOP_EXECUTABLE}
Categories=${builder.linux.category};
Keywords=${builder.linux.desktop.entry.Keywords}
MimeType=${[mime, ...schemes].join(';')};
`
}

function mimeType({ mimeType: type, ext, description }) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="${type}">
    <comment>${description}</comment>
    <glob pattern="*.${ext}"/>
  </mime-type>
</mime-info>
`
}

function control(kibibytes) {
  return `Package: ${kind.packageName}
Version: ${debianVersion(version)}
Architecture: ${architecture}
Maintainer: ${builder.linux.maintainer}
Installed-Size: ${kibibytes}
Depends: ${kind.depends.join(', ')}
Recommends: ${builder.deb.recommends.join(', ')}
Suggests: docker.io
Conflicts: ${kind.other}
Replaces: ${kind.other}
Section: ${builder.deb.packageCategory}
Priority: optional
Description: ${builder.linux.synopsis}
 ${kind.about}
`
}

/** A pre-release comes before its release: there, a hyphen begins a revision of the package. */
function debianVersion(text) {
  return text.replaceAll('-', '~')
}

/** Whatever the umask of who builds. */
async function evenModes(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isSymbolicLink()) continue
    if (entry.isDirectory()) {
      await chmod(path, 0o755)
      await evenModes(path)
    } else await chmod(path, ((await lstat(path)).mode & 0o111) === 0 ? 0o644 : 0o755)
  }
  await chmod(folder, 0o755)
}

async function contents(folder) {
  const files = []
  let bytes = 0
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const content = await readFile(path)
    bytes += content.length
    files.push({ path: relative(folder, path), md5: createHash('md5').update(content).digest('hex') })
  }
  files.sort((one, other) => (one.path < other.path ? -1 : 1))
  return { files, bytes }
}

/** In seconds: no file in the package is later, so that the same sources make the same package. */
async function sourceDate() {
  if (process.env.SOURCE_DATE_EPOCH) return process.env.SOURCE_DATE_EPOCH
  const { stdout } = await run('git', ['-C', root, 'log', '-1', '--format=%ct']).catch(() => ({ stdout: '' }))
  return stdout.trim() || String(Math.floor((await stat(join(root, 'package.json'))).mtimeMs / 1000))
}
