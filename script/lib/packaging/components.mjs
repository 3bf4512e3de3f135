import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './program-files.mjs'

const run = promisify(execFile)

/** What only the checkout has as a tool, and packages bring along. */
const SHIPPED_TOOLS = ['node', 'electron']

/** Writes a list of all components of what is installed, from the lock file: a software bill of materials, as CycloneDX. */
export async function writeComponents(path) {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only']
  const { stdout } = await run('npm', args, { cwd: root, maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' })
  const content = JSON.parse(stdout)
  // npm calls it after the folder.
  content.metadata.component.name = 'berth'
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  for (const name of SHIPPED_TOOLS) {
    const { version } = packages[`node_modules/${name}`]
    const purl = `pkg:npm/${name}@${version}`
    content.components.push({ 'bom-ref': `${name}@${version}`, type: 'framework', name, version, purl, scope: 'required' })
  }
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`)
}
