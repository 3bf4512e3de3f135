// Bundles the simulation with Berth's core in it, where each module of Node's that reaches out of the process is a simulated one.
import { mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')
const modules = {
  'node:fs/promises': 'fs-promises',
  'node:fs': 'fs',
  'node:net': 'net',
  'node:sqlite': 'sqlite',
  'node:timers/promises': 'timers-promises',
  'write-file-atomic': 'write-file-atomic',
  conf: 'conf',
  nanoid: 'nanoid',
  pino: 'pino',
  ssh2: 'ssh2',
}
const outDir = await mkdtemp(join(root, 'node_modules/.cache-simulation-'))
process.once('exit', () => void rm(outDir, { recursive: true, force: true }))
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
await import(pathToFileURL(join(outDir, 'simulate.js')).href)
