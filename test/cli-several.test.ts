import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { leftOnEngine, portRange, uniqueName } from './support/test-core'

const PROGRAM = join(import.meta.dirname, '../bin/berth')
const [one, other] = [uniqueName('cli-one'), uniqueName('cli-other')]

let home: string

function begin(...args: string[]) {
  const child = spawn(PROGRAM, args, { env: { ...process.env, BERTH_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { child, ended: ended.then(([stdout, stderr, [code]]) => ({ code: code as number | null, stdout, stderr })) }
}
const berth = (...args: string[]) => begin(...args).ended

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-cli-several-'))
  await writeFile(join(home, 'settings.json'), JSON.stringify({ sshPorts: portRange() }))
})
afterAll(async () => {
  await berth('delete', one, other, '--yes')
  await berth('quit')
  await rm(home, { recursive: true })
})

it('starts several at once, and waits for them', async () => {
  expect(await berth('start', one, other, '--env', 'GREETING=hello')).toEqual({
    code: 0,
    stdout: `${one} is running\n${other} is running\n`,
    stderr: '',
  })
  expect(await berth('wait', one, '--timeout', '30s')).toMatchObject({ code: 0, stdout: `${one} is ready\n` })
  expect(await berth('wait', one, '--for', 'stopped', '--timeout', '1s')).toMatchObject({ code: 124, stdout: '' })
})

it('logs in by this machine’s ssh, with the exit code of the command', async () => {
  const { code, stdout } = await berth('ssh', one, '--', 'echo "$GREETING from $(id -un)"; exit 7')
  expect({ code, stdout }).toEqual({ code: 7, stdout: 'hello from workspace\n' })
})

it('shows what all of them use', async () => {
  const { code, stdout } = await berth('top', '--json')
  expect(code).toBe(0)
  const figures = JSON.parse(stdout)
  expect(figures.map(({ workspace }: { workspace: string }) => workspace).toSorted()).toEqual([one, other].toSorted())
  for (const { memoryBytes, diskBytes } of figures) expect(Math.min(memoryBytes, diskBytes)).toBeGreaterThan(0)
})

it('tells of a stop as it goes, and stops the others although one cannot be', async () => {
  const events = begin('events', '--workspace', one)
  const list = begin('list', '--watch', '--format', '{name}={status}')
  await once(list.child.stdout, 'data')
  const waiting = begin('wait', other, '--for', 'stopped', '--timeout', '60s')
  const stopped = await berth('stop', one, 'no-such-workspace', other, '--now')
  expect(stopped).toMatchObject({ code: 1, stdout: `${one} is stopped\n${other} is stopped\n` })
  expect(stopped.stderr).toContain('1 of 3 failed.')
  expect(await waiting.ended).toMatchObject({ code: 0, stdout: `${other} is stopped\n` })

  expect(await berth('delete', one, '--yes')).toMatchObject({ code: 0 })
  const told = await events.ended
  expect(told.code).toBe(0)
  expect(told.stdout).toMatch(new RegExp(`workspace ${one} stopped.*\\n[^]*workspace ${one} deleted\\n$`))
  list.child.kill('SIGINT')
  const watched = await list.ended
  expect(watched.code).toBe(130)
  for (const line of [`${one}=running`, `${other}=running`, `${one}=stopped`, `${other}=stopped`])
    expect(watched.stdout).toContain(`${line}\n`)
  expect(await leftOnEngine(one)).toEqual([])
})

it('writes a report with the engine and the end of the log, and without the token', async () => {
  const { code, stdout } = await berth('report')
  expect(code).toBe(0)
  expect(stdout).toMatch(/## Engines\n\n- Docker \d/)
  expect(stdout).not.toContain(JSON.parse(await readFile(join(home, 'door.json'), 'utf8')).token)
})
