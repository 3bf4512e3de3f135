// Writes the references of the guide: docs/guide/cli-reference.md from the tree of commands, docs/guide/api-reference.md from the contract.
//   node generate-references.mjs            writes them
//   node generate-references.mjs --check    exits 1 when one is not as it would be written
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { runnerImport } from 'vite'
import { apiReference } from './references/api-reference.mjs'
import { cliReference } from './references/cli-reference.mjs'

const root = resolve(import.meta.dirname, '../..')

/** A module of the source, with what it imports. */
async function load(path) {
  const { module } = await runnerImport(resolve(root, path), { root, configFile: false, logLevel: 'error' })
  return module
}

const [{ buildProgram }, { createOpenApiDocument }, { errorDefinitions }] = await Promise.all(
  ['src/cli/program.ts', 'src/main/api/openapi-document.ts', 'src/shared/error-definitions.ts'].map(load),
)
const wanted = {
  'docs/guide/cli-reference.md': cliReference(buildProgram('', () => Promise.resolve())),
  'docs/guide/api-reference.md': apiReference(await createOpenApiDocument('0'), errorDefinitions),
}

for (const [path, content] of Object.entries(wanted)) {
  const file = resolve(root, path)
  if (process.argv[2] !== '--check') writeFileSync(file, content)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== content) {
    console.error(`${path} is out of date. Run script/generate-references.`)
    process.exitCode = 1
  }
}
