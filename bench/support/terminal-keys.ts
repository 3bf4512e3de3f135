import { setTimeout as sleep } from 'node:timers/promises'
import type { TerminalSession } from '../../src/shared/contract/terminals'
import { type BenchWorkspace, INSIDE } from './bench-workspace'
import type { BerthTerminalPage } from './berth-terminal-page'
import { median, quantile, table } from './measure'
import { openSshKeys } from './ssh-keys'
import { ENDLESS } from './terminal-throughput'

/** Longer than Berth's flash at a bell. */
const BETWEEN_KEYS_MS = 230
const INTERRUPTS = 5
const FRAMES_MS = 3000
const FLOODS = 4

interface KeysOptions {
  workspace: BenchWorkspace
  terminal: BerthTerminalPage
  keyCount: number
}

interface Load {
  title: string
  begin(): Promise<() => Promise<void>>
}

/** Prints a table: how soon a key is answered, beside ssh, and how soon Ctrl-C ends `yes`; with nothing else, and with floods. */
export async function measureKeys({ workspace, terminal, keyCount }: KeysOptions): Promise<void> {
  const { client } = workspace.berth
  const { page, clock } = terminal
  const { sshKeyPath } = await client.system.info()

  async function floods(inSight: boolean): Promise<() => Promise<void>> {
    const [own] = await client.terminals.list({ workspace: workspace.id })
    if (own === undefined) throw new Error('The page has no session.')
    const opened: TerminalSession[] = []
    for (let count = 0; count < FLOODS; count++) {
      opened.push(await client.terminals.open({ workspace: workspace.id, kind: 'command', command: ENDLESS, ...terminal.size }))
    }
    const showTab = (index: number) =>
      page.evaluate((at) => document.querySelectorAll<HTMLElement>('[role=tablist][aria-label=Sessions] [role=tab]')[at]?.click(), index)
    const focusOwn = () =>
      page.evaluate((id) => document.querySelector<HTMLElement>(`[data-session="${id}"] .xterm-helper-textarea`)?.focus(), own.id)
    if (inSight) {
      const children = [own, ...opened].map(({ id }) => ({ type: 'session' as const, sessionId: id }))
      const root = { type: 'split' as const, direction: 'right' as const, children, sizes: children.map(() => 1) }
      await client.terminals.layouts.set({
        workspace: workspace.id,
        tabs: [{ id: 'all', name: null, root, focused: own.id }],
        activeTab: 'all',
      })
      await page.until((count) => document.querySelectorAll('[role=separator]').length === count, FLOODS)
      await focusOwn()
    } else {
      // Each is looked at once: what has never been shown is not followed.
      for (let count = 1; count <= FLOODS; count++) {
        await showTab(count)
        await sleep(300)
      }
      await showTab(0)
    }
    await sleep(1000)
    return async () => {
      await Promise.all(opened.map(({ id }) => client.terminals.close({ sessionId: id })))
      await sleep(1000)
      await focusOwn()
    }
  }

  const loads: Load[] = [
    { title: 'nothing else', begin: async () => async () => {} },
    { title: `${FLOODS} floods in other tabs`, begin: () => floods(false) },
    { title: `${FLOODS} floods in sight`, begin: () => floods(true) },
  ]
  const rows: string[][] = []
  for (const { title, begin } of loads) {
    const end = await begin()
    const ssh = await openSshKeys(workspace.sshPort, sshKeyPath)
    const times = { ssh: [] as number[], parsed: [] as number[], drawn: [] as number[], interrupt: [] as number[] }
    await terminal.type(`${INSIDE}/echo`)
    await sleep(1000)
    for (let count = 0; count < keyCount; count++) {
      await sleep(BETWEEN_KEYS_MS)
      const { parsed, drawn } = await clock.keyToBell(() => page.press('x'))
      times.parsed.push(parsed)
      times.drawn.push(drawn)
      times.ssh.push(await ssh.press('x'))
    }
    const frames = await clock.framesDuring(() => sleep(FRAMES_MS))
    await page.press('q')
    ssh.close()
    for (let count = 0; count < INTERRUPTS; count++) {
      await sleep(500)
      await terminal.type(`${INSIDE}/interrupted`)
      await sleep(1500)
      times.interrupt.push((await clock.keyToBell(() => page.press('Control+c'))).parsed)
    }
    await end()
    const pair = (values: number[]) => `${median(values).toFixed(1)} / ${quantile(values, 0.95).toFixed(1)} ms`
    rows.push([
      title,
      pair(times.ssh),
      pair(times.parsed),
      pair(times.drawn),
      `${frames.p95.toFixed(0)} / ${frames.max.toFixed(0)} ms`,
      `${median(times.interrupt).toFixed(0)} / ${Math.max(...times.interrupt).toFixed(0)} ms`,
    ])
  }
  console.log(`A key pressed until its answer: ${keyCount} keys, in turns with ssh, median / p95. The same program answers both, inside.`)
  console.log('Of ssh: the bytes have come. Of Berth: the answer is in the terminal; and drawn, with the wait for the next frame.\n')
  console.log(table(['meanwhile', 'ssh', 'Berth', 'Berth, drawn', 'frames p95 / longest', 'Ctrl-C on yes, median / longest'], rows))
}
