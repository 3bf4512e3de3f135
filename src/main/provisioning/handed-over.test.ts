import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { handOverInput } from './handed-over'

const run = promisify(execFile)

/** The two parts as a shell takes them from the input, one after the other. */
async function received(input: Buffer): Promise<{ credential: string; environment: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-hand-over-'))
  const script = 'read -r first second; head -c "$first" >credential; head -c "$second" >environment; [ -z "$(head -c 1)" ]'
  const running = run('bash', ['-c', script], { cwd: folder })
  running.child.stdin?.end(input)
  await running
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  const parts = { credential: await read('credential'), environment: await read('environment') }
  await rm(folder, { recursive: true })
  return parts
}

it('a shell receives the variables and the credential byte for byte', async () => {
  const environment = { LINES: 'one\n\ntwo\n', EMPTY: '', UNICODE: '🚢 \u202e', LONG: 'x'.repeat(120_000), GONE: null }
  expect(await received(handOverInput({ environment, credential: { username: 'me', password: 'pä=ss' } }))).toEqual({
    credential: 'username=me\npassword=pä=ss\n',
    environment: `# Berth environment 2\0LINES=one\n\ntwo\n\0EMPTY=\0UNICODE=🚢 \u202e\0LONG=${environment.LONG}\0GONE\0`,
  })
})

it('there may be neither', async () => {
  expect(await received(handOverInput({ environment: {}, credential: null }))).toEqual({
    credential: '',
    environment: '# Berth environment 2\0',
  })
})
