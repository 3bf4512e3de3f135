import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const FULL_DISK = '/dev/full'
const module = join(import.meta.dirname, '../log.ts')
const program = `
  import { log } from ${JSON.stringify(module)}
  for (let line = 1; line <= 100; line++) log.warn({ line }, 'a warning')
  setTimeout(() => process.stdout.write('going on'), 50)
`
const parameters = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program]

it('goes to stderr', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, parameters)
  expect(stderr.trimEnd().split('\n')).toHaveLength(100)
  expect(stdout).toBe('going on')
})

it.skipIf(!existsSync(FULL_DISK))('does not end the process when its disk is full', async () => {
  const full = openSync(FULL_DISK, 'w')
  try {
    const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', full] })
    const [output, [code]] = await Promise.all([child.stdout && text(child.stdout), once(child, 'exit')])
    expect({ output, code }).toEqual({ output: 'going on', code: 0 })
  } finally {
    closeSync(full)
  }
})
