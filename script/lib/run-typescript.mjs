// Runs a TypeScript file of the project outside its tests: bundled beside node_modules, so that packages are found.
import { mkdtemp, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

const [file, ...parameters] = process.argv.slice(2)
const root = resolve(import.meta.dirname, '../..')
const outDir = await mkdtemp(join(root, 'node_modules/.cache-run-'))
process.once('exit', () => void rm(outDir, { recursive: true, force: true }))
try {
  await build({
    root,
    logLevel: 'error',
    configFile: false,
    define: { __BERTH_VERSION__: JSON.stringify('0.0.0-bench') },
    build: { ssr: resolve(file), outDir, emptyOutDir: true, target: 'node24' },
  })
  process.argv = [process.argv[0], file, ...parameters]
  await import(pathToFileURL(join(outDir, `${basename(file, '.ts')}.js`)).href)
} finally {
  await rm(outDir, { recursive: true, force: true })
}
