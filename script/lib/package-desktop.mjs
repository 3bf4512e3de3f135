// Has electron-builder put the desktop app together for this system. With --only-folder it prints the folder with the app.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeSums } from './packaging/checksums.mjs'
import { buildDesktop, fetchElectron, unpackedFolder } from './packaging/desktop.mjs'

const {
  positionals: [outDir = 'dist'],
  values: { version, 'only-folder': onlyFolder },
} = parseArgs({ allowPositionals: true, options: { version: { type: 'string' }, 'only-folder': { type: 'boolean' } } })

const obstacle = await fetchElectron()
if (obstacle !== null) {
  console.error(
    `The desktop app cannot be made here: ${obstacle} “script/package deb --without-window” and “script/package npm” do without.`,
  )
  process.exit(1)
}
// electron-builder says on stdout what it does.
console.log = console.error
const paths = await buildDesktop({ outDir: resolve(outDir), version, onlyFolder, releases: process.env.BERTH_RELEASES })
await writeSums(resolve(outDir))
process.stdout.write(onlyFolder ? `${unpackedFolder(resolve(outDir))}\n` : paths.map((path) => `${path}\n`).join(''))
