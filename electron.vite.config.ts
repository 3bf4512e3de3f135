import { join } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import packageJson from './package.json' with { type: 'json' }

const source = join(import.meta.dirname, 'src')
const define = { __BERTH_VERSION__: JSON.stringify(packageJson.version) }

interface ModuleGraph {
  getModuleInfo(id: string): { isEntry: boolean; importers: readonly string[] } | null
}

/** True for what the page cannot appear without. Else a file of its own would hold each piece that it shares with code that comes later. */
function isNeededAtOnce(id: string, graph: ModuleGraph, seen = new Set<string>()): boolean {
  seen.add(id)
  const module = graph.getModuleInfo(id)
  if (module === null) return false
  return module.isEntry || module.importers.some((importer) => !seen.has(importer) && isNeededAtOnce(importer, graph, seen))
}

// The command line is built by vite.cli.config.ts: it carries its dependencies, these load theirs from node_modules.
export default defineConfig({
  main: {
    define,
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          desktop: join(source, 'main/desktop/index.ts'),
          headless: join(source, 'main/headless/index.ts'),
          'prepare-image': join(source, 'main/headless/prepare-image.ts'),
          'screen-worker': join(source, 'main/terminals/screen-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    define,
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can load nothing from node_modules, and only CommonJS.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: join(source, 'preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    define,
    root: join(source, 'renderer'),
    plugins: [react(), tailwindcss()],
    worker: { format: 'es' },
    build: {
      outDir: join(import.meta.dirname, 'out/renderer'),
      minify: true,
      // One style sheet, there from the start: one that comes with later code may fail to load, and nothing asks for it again.
      cssCodeSplit: false,
      rolldownOptions: {
        input: { index: join(source, 'renderer/index.html') },
        // Schemas that the page has no use for do not come along.
        treeshake: { manualPureFunctions: ['z'] },
        output: { codeSplitting: { groups: [{ name: (id, context) => (isNeededAtOnce(id, context) ? 'page' : null) }] } },
      },
    },
  },
})
