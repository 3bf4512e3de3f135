import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { handOverInput } from './handed-over'

const run = promisify(execFile)

/** The parts as a shell takes them from the input, one after the other. */
async function received(input: Buffer): Promise<{ credential: string; environment: string; keys: string | null }> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-hand-over-'))
  const script =
    'read -r first second third; head -c "$first" >credential; head -c "$second" >environment; [ -z "$third" ] || head -c "$third" >keys; [ -z "$(head -c 1)" ]'
  // A program with a socket as input can be taken for a remote login, with a profile.
  const running = run('bash', ['--norc', '-c', script], { cwd: folder })
  running.child.stdin?.end(input)
  await running
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  const keys = await read('keys').catch(() => null)
  const parts = { credential: await read('credential'), environment: await read('environment'), keys }
  await rm(folder, { recursive: true })
  return parts
}

it('a shell receives the variables, the credential and the keys byte for byte', async () => {
  const environment = { LINES: 'one\n\ntwo\n', EMPTY: '', UNICODE: '🚢 \u202e', LONG: 'x'.repeat(120_000), GONE: null }
  const credential = { username: 'me', password: 'pä=ss' }
  expect(await received(handOverInput({ environment, credential, authorizedKeys: 'ssh-ed25519 AAAA me\n' }))).toEqual({
    keys: 'ssh-ed25519 AAAA me\n',
    credential: 'username=me\npassword=pä=ss\n',
    environment: `# Berth environment 2\0LINES=one\n\ntwo\n\0EMPTY=\0UNICODE=🚢 \u202e\0LONG=${environment.LONG}\0GONE\0`,
  })
})

it('there may be none of them', async () => {
  expect(await received(handOverInput({ environment: {}, credential: null, authorizedKeys: null }))).toEqual({
    keys: null,
    credential: '',
    environment: '# Berth environment 2\0',
  })
})
