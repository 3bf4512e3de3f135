// Puts one fault after the other into the shell of the desktop app, and sees whether the tests of that door find it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { SHELL_FAULTS } from '../../test/shell-faults/faults.ts'
import { sourceEdits } from './source-edits.mjs'

const root = resolve(import.meta.dirname, '../..')
const { values } = parseArgs({ options: { only: { type: 'string' } } })
const chosen = SHELL_FAULTS.filter(({ name }) => values.only === undefined || name.includes(values.only))

/** The desktop app with these edits, in a folder of its own that shares everything else with the checkout. */
async function buildApp(edits = []) {
  const folder = await mkdtemp(join(tmpdir(), 'berth-shell-'))
  const { plugin, assertMade } = sourceEdits(root, edits, 'the app')
  const part = (input, outDir, output) =>
    build({
      root,
      logLevel: 'error',
      configFile: false,
      define: { __BERTH_VERSION__: JSON.stringify('0.1.0') },
      plugins: [plugin],
      ssr: { external: ['electron'] },
      build: { ssr: true, outDir: join(folder, 'out', outDir), target: 'node24', rolldownOptions: { input: join(root, input), output } },
    })
  await mkdir(join(folder, 'out'))
  await part('src/main/desktop/index.ts', 'main', { format: 'es', entryFileNames: 'desktop.js', chunkFileNames: 'chunks/[name]-[hash].js' })
  await part('src/preload/index.ts', 'preload', { format: 'cjs', entryFileNames: 'index.cjs' })
  assertMade()
  for (const shared of ['package.json', 'resources', 'node_modules', 'out/renderer'])
    await symlink(join(root, shared), join(folder, shared))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** How those tests end with that app: `passed`, or what failed. */
async function runTests(folder, grep) {
  const report = join(folder, 'report.json')
  const tests = ['e2e/desktop', ...(grep?.startsWith('files are') ? ['e2e/files.spec.ts'] : [])]
  const playwright = spawn(
    join(root, 'node_modules/.bin/playwright'),
    [
      'test',
      '--project=desktop',
      '--reporter=json',
      '--retries=0',
      grep === undefined ? '--workers=2' : '--workers=1',
      `--output=${join(folder, 'results')}`,
      ...(grep === undefined ? [] : [`--grep=${grep}`, '--timeout=60000']),
      ...tests,
    ],
    {
      cwd: root,
      env: { ...process.env, CI: '', BERTH_DESKTOP_APP: folder, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      stdio: 'ignore',
    },
  )
  await once(playwright, 'exit')
  const { stats, suites, errors } = JSON.parse(await readFile(report, 'utf8'))
  if (stats.expected + stats.unexpected === 0) throw new Error(`No test ran: ${errors[0]?.message ?? grep}`)
  if (stats.unexpected === 0) return { passed: true, message: '' }
  const [failed] = suites.flatMap(specsOf).filter(({ ok }) => !ok)
  const error = failed.tests.flatMap(({ results }) => results).flatMap(({ errors }) => errors)[0]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
  const message = (error?.message ?? '').replace(/\u001b\[[0-9;]*m/g, '')
  return { passed: false, message: `${failed.title}: ${message.split('\n').filter(Boolean).slice(0, 4).join(' ').slice(0, 160)}` }
}

function specsOf(suite) {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)]
}

async function tryFault({ edits, foundBy }) {
  const { folder, remove } = await buildApp(edits)
  try {
    return await runTests(folder, foundBy)
  } finally {
    await remove()
  }
}

// Tests that fail anyway find nothing.
if (values.only === undefined) {
  const asItIs = await tryFault({ edits: [] })
  if (!asItIs.passed) {
    process.stdout.write(`The tests fail without any fault: ${asItIs.message}\n`)
    process.exit(1)
  }
}
let missed = 0
const waiting = [...chosen]
/** Two at a time: each mostly waits for something that does not come. */
await Promise.all(
  Array.from({ length: 2 }, async () => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const began = Date.now()
      const { passed, message } = await tryFault(fault)
      if (passed) missed += 1
      const seconds = Math.round((Date.now() - began) / 1000)
      process.stdout.write(`${fault.name}\n    ${passed ? `MISSED by “${fault.foundBy}”` : `found by “${message}”`} after ${seconds} s\n`)
    }
  }),
)
process.stdout.write(`${chosen.length} faults, ${chosen.length - missed} found, ${missed} missed\n`)
process.exitCode = missed > 0 ? 1 : 0
