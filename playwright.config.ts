import { defineConfig } from '@playwright/test'
import { browserOptions, isHeaded } from './e2e/browser-options'
import { electronHindrance } from './e2e/desktop-process'

// The size with what Berth itself needs, which is made quickly. The Berths of the tests inherit it.
process.env.BERTH_IMAGE_TAG ??= 'berth-base:latest'

const hindrance = electronHindrance()
// Workers read this file too; the sentence is for the one who started the run.
if (process.env.TEST_WORKER_INDEX === undefined) {
  console.error(
    `The desktop door is tested on ${hindrance === null ? 'Electron' : `the stand-in for Electron (Chromium ${isHeaded ? 'with windows' : 'without windows'}), as ${hindrance} here`}.`,
  )
}

const browser = { name: 'browser', use: { browserName: 'chromium' as const }, grepInvert: /@desktop-only/ }
// Where all parts run, only what decides at that door: the page and the core are the same.
const decisive = { testMatch: ['**/desktop/*.spec.ts', '**/life.spec.ts'] }
const desktop = { name: 'desktop', grepInvert: /@browser-only/, ...(process.env.BERTH_DESKTOP_TESTS === 'decisive' ? decisive : {}) }

// The same specs at both doors. A test that only makes sense at one says so with a tag.
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  // Each has a Berth of its own, with a home and ports that no other has.
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // What a busy machine made late; `script/test` names each test that needed it.
  retries: process.env.CI ? 1 : 0,
  reporter: [['line']],
  use: {
    // Painting movements takes a good part of a small machine, too.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    // Recording takes a good part of a small machine: there, only the second try is recorded.
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: browserOptions,
  },
  projects: [browser, desktop],
})
