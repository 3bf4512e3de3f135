// Puts the packages of several systems, each in a folder of its own, into one folder, with what a release has besides: notes, components, checksums.
// “node release-files.mjs VERSION FROM TO”
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { writeSums } from './packaging/checksums.mjs'
import { writeComponents } from './packaging/components.mjs'
import { root } from './packaging/program-files.mjs'
import { notesOf } from './packaging/release-notes.mjs'

const [version, from, to] = process.argv.slice(2)
if (to === undefined) throw new Error('Usage: release-files.mjs VERSION FROM TO')
const notes = notesOf(version, await readFile(join(root, 'CHANGELOG.md'), 'utf8'))
if (notes === '') throw new Error(`CHANGELOG.md has no section for ${version}.`)

await mkdir(to, { recursive: true })
const seen = new Map()
for (const folder of (await readdir(from)).sort()) {
  for (const name of (await readdir(join(from, folder))).sort()) {
    if (name === 'SHA256SUMS') continue
    const earlier = seen.get(name)
    if (earlier === undefined) await cp(join(from, folder, name), join(to, name))
    else if (name.endsWith('.yml')) await mergeUpdates(join(from, folder, name), join(to, name))
    else throw new Error(`${name} was made twice, in ${earlier} and ${folder}.`)
    seen.set(name, folder)
  }
}
await writeFile(join(to, `berth-${version}-notes.md`), `${notes}\n`)
await writeComponents(join(to, `berth-${version}.cdx.json`))
await writeSums(to)

/** Of macOS there is one list of updates for both kinds of processor: the app takes the file with its own in the name. */
async function mergeUpdates(path, into) {
  const [added, merged] = await Promise.all([path, into].map(async (file) => parse(await readFile(file, 'utf8'))))
  if (added.version !== merged.version) throw new Error(`${path} is of ${added.version}, another of ${merged.version}.`)
  merged.files = [...merged.files, ...added.files.filter(({ url }) => merged.files.every((file) => file.url !== url))]
  await writeFile(into, stringify(merged))
}
