import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SecondEngine, startSecondEngine } from '../support/second-engine'
import { isAsShown } from './expected-output'
import { blocksOf } from './page-blocks'
import { openReaderMachine, type ReaderMachine } from './reader-machine'
import { makeRepositories } from './repositories'

/** Runs what the README and the guide tell readers to type, page by page, on an engine and in a home folder of their own. */

const ROOT = join(import.meta.dirname, '../..')
const GUIDE = 'docs/guide'
const IMAGE = 'berth-base:latest'
const PAGES = ['README.md', ...readdirSync(join(ROOT, GUIDE)).flatMap((name) => (name.endsWith('.md') ? `${GUIDE}/${name}` : []))]
/** The engine, with the first copy of its image. */
const START_MS = 180_000
const BLOCK_MS = 300_000

const obstacle =
  process.getuid?.() === 0 && existsSync('/proc/self/ns/net') && spawnSync('dockerd', ['--version']).status === 0
    ? null
    : 'an engine of its own needs root and dockerd'
if (obstacle !== null) console.error(`The run of the documents is skipped: ${obstacle}.`)

const pages = PAGES.map((page) => ({ page, blocks: blocksOf(readFileSync(join(ROOT, page), 'utf8')) }))

it('every block that is not run says why', () => {
  const left = pages.flatMap(({ page, blocks }) =>
    blocks.flatMap(({ line, directives }) => (directives['not run'] ? `${page}:${line}: ${directives['not run']}` : [])),
  )
  if (left.length > 0) console.info(`Not run:\n${left.join('\n')}`)
  const run = pages.flatMap(({ blocks }) => blocks).length - left.length
  expect(run).toBeGreaterThan(left.length)
})

describe.runIf(obstacle === null)('on an engine of its own', () => {
  let engine: SecondEngine
  /** For what needs two of them. */
  let other: SecondEngine
  let served: { folder: string; url: string; end(): Promise<void> }
  beforeAll(async () => {
    ;[engine, other] = await Promise.all([startSecondEngine({ image: IMAGE }), startSecondEngine({ image: IMAGE })])
    const folder = await mkdtemp(join(tmpdir(), 'berth-repositories-'))
    await makeRepositories(folder)
    const daemon = spawn('nsenter', [
      ...[`--target=${engine.pid()}`, '--net', 'setpriv', '--pdeathsig=TERM'],
      ...['git', 'daemon', '--export-all', '--enable=receive-pack', `--base-path=${folder}`],
    ])
    const end = async () => {
      daemon.kill()
      await rm(folder, { recursive: true })
    }
    served = { folder, url: 'git://host.docker.internal/', end }
  }, START_MS)
  afterAll(async () => {
    await served?.end()
    await Promise.all([engine?.dispose(), other?.dispose()])
  }, START_MS)

  describe.each(pages.filter(({ blocks }) => blocks.some(({ directives }) => !directives['not run'])))('$page', ({ blocks }) => {
    let machine: ReaderMachine
    beforeAll(async () => {
      machine = await openReaderMachine(engine, other, served.url)
    })
    afterAll(() => machine.dispose(), BLOCK_MS)

    let broken = false
    it.each(blocks.filter(({ directives }) => !directives['not run']))(
      'line $line',
      async ({ commands, directives }) => {
        // What follows builds upon it, and would only say so again.
        if (broken) throw new Error('A block before it failed.')
        broken = true
        for (const command of commands) {
          const printed = await machine.run(command, directives)
          if (command.output !== null && !isAsShown(command.output, printed)) {
            expect(printed, command.script).toBe(command.output.join('\n'))
          }
        }
        broken = false
      },
      BLOCK_MS,
    )
  })
})
