import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { makeRepositories } from '../test/documents/repositories'
import { MAKE_TINY_IMAGE } from '../test/support/first-day-commands'
import { type SecondEngine, startSecondEngine } from '../test/support/second-engine'
import { type Berth, startBerth } from './berth-process'
import { browserOptions } from './browser-options'
import { dialog, fillNewWorkspace, tab, typeCommand } from './page-parts'

/** Writes the pictures of the guide, of a Berth with a few workspaces on engines that are there for it alone. */

const FOLDER = resolve('docs/guide/images')
const IMAGE = 'berth-base:latest'
const MAX_BYTES = 150_000
/** Nothing in a picture moves any more. */
const SETTLED_MS = 700
const CURVES_MS = 20_000
/** A shell has its prompt by then. */
const PROMPT_MS = 3000

const link = (page: Page, name: RegExp) => page.getByRole('complementary', { name: 'Sidebar' }).getByRole('link', { name })

async function picture(page: Page, name: string, shown: ReadonlyMap<string, string>): Promise<void> {
  await page.mouse.move(0, 0)
  await page.waitForTimeout(SETTLED_MS)
  // Folders of this run, as on a machine of somebody's.
  await page.evaluate(replaceTexts, [...shown])
  const path = join(FOLDER, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled' })
  const { size } = await stat(path)
  console.info(`${name}.png: ${Math.round(size / 1000)} kB`)
  if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes; it may have ${MAX_BYTES}.`)
}

function replaceTexts(replacements: [string, string][]): void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { currentNode: node } = walker
    for (const [from, to] of replacements) if (node.nodeValue?.includes(from)) node.nodeValue = node.nodeValue.replaceAll(from, to)
  }
}

/** Workspaces as a developer has them. */
async function fill(berth: Berth, repositories: string): Promise<void> {
  await writeFile(join(berth.home, '.gitconfig'), gitConfig(repositories))
  const { workspaces, snapshots } = berth.client
  await workspaces.create({
    ...{ name: 'api', clone: 'https://github.com/owner/api.git', label: 'Orders and payments', env: { NODE_ENV: 'development' } },
    ...{ limits: { memoryBytes: 4 * 1024 ** 3, cpus: 2 }, wait: true },
  })
  await workspaces.create({ name: 'web', clone: 'https://github.com/owner/shop.git', wait: true })
  await workspaces.create({ name: 'docs', label: 'Manual', wait: true })
  await workspaces.create({ name: 'fix-login', clone: 'https://github.com/owner/api.git', branch: 'develop', wait: true })
  await workspaces.create({ name: 'node-base', wait: true })
  for (const workspace of ['fix-login', 'node-base']) await workspaces.stop({ workspace, wait: true })
  await workspaces.update({ workspace: 'node-base', template: true })
  await snapshots.create({ workspace: 'api', name: 'clean-checkout', wait: true })
  await run(berth, 'api', 'head -c 30000000 /dev/urandom > ~/database.dump')
  await snapshots.create({ workspace: 'api', name: 'with-test-data', wait: true })
  await run(berth, 'api', 'head -c 8000000 /dev/urandom > ~/cache.bin')
  await snapshots.create({ workspace: 'api', name: 'before-upgrade', wait: true })
  await run(berth, 'api', MAKE_TINY_IMAGE)
  await run(berth, 'api', LISTEN)
  await run(berth, 'api', WORK)
}

/** For the figures. */
const WORK = 'setsid timeout 120 sh -c "while :; do head -c 400000 /dev/urandom | gzip >~/work.gz; sleep 0.4; done" >/dev/null 2>&1 &'
const LISTEN = `setsid perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 3000, Listen => 5); sleep 1 while 1' >/dev/null 2>&1 &`

async function run(berth: Berth, workspace: string, script: string): Promise<void> {
  await berth.client.workspaces.exec({ workspace, command: ['sh', '-c', script] })
}

function gitConfig(repositories: string): string {
  return `[user]\n\tname = Ada\n\temail = ada@example.com\n[url "${repositories}"]\n\tinsteadOf = https://github.com/\n`
}

async function takeAll(page: Page, berth: Berth, shown: ReadonlyMap<string, string>): Promise<void> {
  await page.goto(berth.link)
  await link(page, /^api /).click()
  // Curves need a while to be curves.
  await page.waitForTimeout(CURVES_MS)
  await picture(page, 'overview', shown)
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'overview-dark', shown)
  await page.emulateMedia({ colorScheme: 'light' })

  await tab(page, 'Terminal').click()
  await page.waitForTimeout(PROMPT_MS)
  await typeOneByOne(page, ['git --no-pager log --oneline', 'git status', 'ls -l'])
  await page.keyboard.press('Control+Shift+D')
  await page.waitForTimeout(PROMPT_MS)
  await typeOneByOne(page, ['docker images', 'docker run --rm tiny:1 /bin/sh -c "echo hello"'])
  await assertStyled(page)
  await picture(page, 'terminal', shown)

  await tab(page, 'Snapshots').click()
  await page.getByRole('button', { name: 'Measure sizes' }).click()
  await page.getByText(/MiB$/).first().waitFor()
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  await picture(page, 'snapshots', shown)

  const opened = await fillNewWorkspace(page, 'payments', { Repository: 'https://github.com/owner/shop.git', Label: 'Payments, rewritten' })
  await opened.getByLabel('Name', { exact: true }).focus()
  await picture(page, 'new-workspace', shown)
  await page.keyboard.press('Escape')
  await dialog(page).waitFor({ state: 'hidden' })

  await link(page, /^Engines/).click()
  await picture(page, 'engines', shown)
  await link(page, /^Settings/).click()
  await picture(page, 'settings', shown)
}

/** Throws when the terminal is there without its style sheet, which comes with its code. */
async function assertStyled(page: Page): Promise<void> {
  const position = await page
    .locator('.xterm-helpers')
    .first()
    .evaluate((element) => getComputedStyle(element).position)
  if (position !== 'absolute') throw new Error('The style sheet of terminals has not come.')
}

/** Each is typed at the prompt that the one before has left. */
async function typeOneByOne(page: Page, commands: string[]): Promise<void> {
  for (const command of commands) {
    await typeCommand(page, command)
    await page.waitForTimeout(PROMPT_MS)
  }
}

async function withEngines(take: (local: SecondEngine, other: SecondEngine) => Promise<void>): Promise<void> {
  const engines = await Promise.all([startSecondEngine({ image: IMAGE }), startSecondEngine({ image: IMAGE })])
  try {
    await take(...engines)
  } finally {
    await Promise.all(engines.map((engine) => engine.dispose()))
  }
}

async function withRepositories(engine: SecondEngine, take: (url: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-repositories-'))
  await makeRepositories(folder)
  const inNetwork = [`--target=${engine.pid()}`, '--net', 'setpriv', '--pdeathsig=TERM']
  const daemon = spawn('nsenter', [...inNetwork, 'git', 'daemon', '--export-all', `--base-path=${folder}`])
  try {
    await take('git://host.docker.internal/')
  } finally {
    daemon.kill()
    await rm(folder, { recursive: true })
  }
}

process.env.BERTH_IMAGE_TAG = IMAGE
await mkdir(FOLDER, { recursive: true })
await withEngines((local, other) =>
  withRepositories(local, async (repositories) => {
    const berth = await startBerth({ engineEndpoint: local.endpoint })
    const browser = await chromium.launch(browserOptions)
    try {
      await berth.client.engines.add({ name: 'lab', address: other.endpoint })
      await fill(berth, repositories)
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', reducedMotion: 'reduce' })
      const shown = new Map([
        [local.endpoint, 'unix:///var/run/docker.sock'],
        [other.endpoint, 'unix:///run/lab/docker.sock'],
        [berth.home, '/home/ada/.config/berth'],
      ])
      await takeAll(page, berth, shown)
    } finally {
      await browser.close()
      await berth.dispose()
    }
  }),
)
