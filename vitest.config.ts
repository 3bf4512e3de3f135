import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** The size with what Berth itself needs, which is made quickly. */
const env = { BERTH_IMAGE_TAG: process.env.BERTH_IMAGE_TAG ?? 'berth-base:latest' }

/** A part of its own: `script/test engines`. */
const KINDS_OF_ENGINE = ['test/kinds-of-engine.test.ts', 'test/podman.test.ts', 'test/swarm-nodes.test.ts']

// Unit tests sit beside the code and need nothing but Node, as do the conformance of the simulated engine and what stands in for Electron; the others in test/ use a
// real Docker engine.
export default defineConfig({
  plugins: [react()],
  define: { __BERTH_VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    teardownTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.{ts,tsx}',
            'test/conformance/simulated.test.ts',
            'test/documents/pages.test.ts',
            'test/electron-stand-in/**/*.test.ts',
            'test/packages/configuration.test.ts',
            'test/simulation/**/*.test.ts',
          ],
          testTimeout: 10_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          env,
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/conformance/**',
            'test/documents/**',
            'test/electron-stand-in/**',
            'test/packages/**',
            'test/simulation/**',
            ...KINDS_OF_ENGINE,
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What a busy machine made late; `script/test` names each test that needed it.
          retry: process.env.CI ? 1 : 0,
          // Each starts containers of its own; more at once only makes them wait for each other.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          env,
          include: ['test/conformance/**/*.test.ts'],
          testTimeout: 60_000,
          // The first time, the system of a second engine is made.
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'packages',
          env,
          include: ['test/packages/**/*.test.ts'],
          exclude: ['test/packages/configuration.test.ts'],
          testTimeout: 600_000,
          // The first time, the system is made that they are installed into.
          hookTimeout: 900_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'docs',
          include: ['test/documents/documents.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'engines',
          env,
          include: KINDS_OF_ENGINE,
          testTimeout: 180_000,
          // As above.
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
