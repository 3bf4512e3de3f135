import { parseArgs } from 'node:util'
import { launchBareBrowser } from './support/bare-browser'
import { openBenchWorkspace } from './support/bench-workspace'
import { openBerthTerminal } from './support/berth-terminal-page'
import { measureKeys } from './support/terminal-keys'
import { measureHiddenFlood, measureThroughput } from './support/terminal-throughput'

/**
 * The terminal of the page: how fast output gets onto it, beside an xterm that has the same bytes in its memory and beside wetty;
 * how soon a key is answered, beside ssh; what a flood leaves in memory. All in one browser, in turns, in one run.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    megabytes: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
  },
})
const megabytes = Number(values.megabytes ?? (values.quick ? 10 : 200))
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
const parts = values.only?.split(',') ?? ['throughput', 'hidden', 'keys']

const workspace = await openBenchWorkspace()
const browser = await launchBareBrowser()
try {
  const terminal = await openBerthTerminal(await browser.newPage(), workspace)
  const { cols, rows } = terminal.size
  console.log(`${cols} × ${rows} characters, drawn with ${terminal.webgl ? 'WebGL' : 'the DOM'}, ${browser.version}, headless.\n`)
  if (parts.includes('throughput')) await measureThroughput({ workspace, terminal, browser, megabytes, rounds })
  if (parts.includes('hidden')) await measureHiddenFlood({ workspace, terminal, megabytes: megabytes * 10 })
  if (parts.includes('keys')) await measureKeys({ workspace, terminal, keyCount: values.quick ? 20 : 60 })
} finally {
  await browser.close()
  await workspace.berth.dispose()
}
