// Bundles the simulation with Berth's core in it, where each module of Node's that reaches out of the process is a simulated one.
import { mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { sourceEdits } from './source-edits.mjs'

const root = resolve(import.meta.dirname, '../..')
const modules = {
  'node:fs/promises': 'fs-promises',
  'node:fs': 'fs',
  'node:net': 'net',
  'node:os': 'os',
  'node:sqlite': 'sqlite',
  'node:timers/promises': 'timers-promises',
  'write-file-atomic': 'write-file-atomic',
  conf: 'conf',
  nanoid: 'nanoid',
  pino: 'pino',
  ssh2: 'ssh2',
}

/** Returns the folder with `simulate.js` in it. Throws when a text that `edits` replace is not there exactly once. */
export async function bundleSimulation(edits = []) {
  const outDir = await mkdtemp(join(root, 'node_modules/.cache-simulation-'))
  const { plugin, assertMade } = sourceEdits(root, edits, 'the simulation')
  await build({
    root,
    logLevel: 'error',
    configFile: false,
    define: { __BERTH_VERSION__: JSON.stringify('0.0.0-simulation') },
    plugins: [
      {
        name: 'simulated-modules',
        enforce: 'pre',
        resolveId: (id) => (id in modules ? join(root, 'test/simulation/modules', `${modules[id]}.ts`) : null),
      },
      plugin,
    ],
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node24',
      // What nothing calls in a simulation need not be there; what is called, and is not, ends the run.
      rollupOptions: {
        shimMissingExports: true,
        input: { simulate: join(root, 'test/simulation/simulate.ts'), worker: join(root, 'test/simulation/worker.ts') },
      },
    },
  })
  assertMade()
  return { folder: outDir, remove: () => rm(outDir, { recursive: true, force: true }) }
}
