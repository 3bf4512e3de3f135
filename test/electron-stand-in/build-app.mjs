// The folder with the desktop app as electron-builder makes it, but for Electron itself, which is what stands in for it. Node reads no archives, and a script has no
// fuses: these two steps are left out. “node build-app.mjs OUT” prints the folder. With “--archive” there is an archive, to look at: it cannot be started.
import { join, resolve } from 'node:path'
import { buildDesktop, unpackedFolder } from '../../script/lib/packaging/desktop.mjs'
import { makeDistribution } from './make-distribution.mjs'

const isArchive = process.argv.includes('--archive')
const outDir = resolve(process.argv[2] ?? 'dist')
// electron-builder says on stdout what it does.
console.log = console.error
const electronDist = join(outDir, 'stand-in')
await makeDistribution(electronDist)
await buildDesktop({
  outDir,
  onlyFolder: true,
  overrides: { electronDist, electronFuses: null, ...(isArchive ? {} : { asar: false, asarUnpack: null }) },
})
process.stdout.write(`${unpackedFolder(outDir)}\n`)
