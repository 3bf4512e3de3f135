import { join } from 'node:path'
import { defineConfig } from 'vite'
import packageJson from './package.json' with { type: 'json' }

// Dependencies are bundled in: reading a hundred small files takes longer than the command itself.
export default defineConfig({
  define: { __BERTH_VERSION__: JSON.stringify(packageJson.version) },
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'out/main',
    // Beside what electron-vite has built.
    emptyOutDir: false,
    minify: true,
    rolldownOptions: {
      input: { cli: join(import.meta.dirname, 'src/cli/index.ts') },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'cli/[name]-[hash].js' },
    },
  },
})
