// Writes the Dockerfiles of the workspace image, one for each distribution, from one template.
//   node generate-dockerfiles.mjs            writes them
//   node generate-dockerfiles.mjs --check    exits 1 when one is not as it would be written
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DISTROS, dockerfileOf } from '../../src/shared/distros.ts'

const folder = resolve(import.meta.dirname, '../../resources/workspace-image')
const template = readFileSync(join(folder, 'distros/template.Dockerfile'), 'utf8')

const locales = readFileSync(join(folder, 'packages/locales'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))

const wanted = new Map(
  DISTROS.map(({ id, title, base }) => {
    const words = {
      GENERATED_BY: 'Generated from template.Dockerfile by script/generate-dockerfiles: change that one.',
      TITLE: title,
      BASE_IMAGE: base,
      DISTRO: id,
      LOCALES: locales.join(' '),
    }
    const content = template.replace(new RegExp(`\\b(${Object.keys(words).join('|')})\\b`, 'g'), (word) => words[word])
    return [dockerfileOf(id), content]
  }),
)
const found = readdirSync(join(folder, 'distros'))
  .filter((name) => name !== 'template.Dockerfile')
  .map((name) => `distros/${name}`)
const left = found.filter((name) => !wanted.has(name))

if (process.argv[2] === '--check') {
  const wrong = [...wanted].filter(([name, content]) => !found.includes(name) || readFileSync(join(folder, name), 'utf8') !== content)
  for (const name of [...wrong.map(([name]) => name), ...left]) {
    console.error(`resources/workspace-image/${name} is out of step. Run script/generate-dockerfiles.`)
    process.exitCode = 1
  }
} else {
  for (const [name, content] of wanted) writeFileSync(join(folder, name), content)
  for (const name of left) rmSync(join(folder, name))
}
