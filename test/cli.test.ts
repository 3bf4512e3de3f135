import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BACKGROUND_LOG_FILE } from '../src/shared/log-files'
import { longIt } from './support/long'
import { docker, keepersOf, leftOnEngine, portRange, uniqueName } from './support/test-core'

/** A value that is nowhere else. */
const GREETING = 'hello-4714'
const ROOT = join(import.meta.dirname, '..')

let home: string
let program: string
const name = uniqueName('cli')
const cloneName = uniqueName('cli-clone')

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** `berth` as a person has it on their PATH: a symlink, run from elsewhere. */
async function berth(args: string[], input = ''): Promise<Ended> {
  const child = spawn(program, args, { cwd: '/', env: { ...process.env, BERTH_HOME: home } })
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, stdout, stderr }
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-cli-'))
  program = join(home, 'berth')
  await symlink(join(ROOT, 'bin/berth'), program)
  await writeFile(join(home, 'settings.json'), JSON.stringify({ sshPorts: portRange() }))
})
afterAll(async () => {
  await berth(['delete', name, cloneName, '--yes'])
  await berth(['quit'])
  await rm(home, { recursive: true })
})

describe('the berth command', () => {
  it('starts a Berth in the background when none runs, once for all who ask', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => berth(['info', '--json'])))
    expect(answers.map(({ code, stderr }) => ({ code, stderr }))).toEqual(answers.map(() => ({ code: 0, stderr: '' })))
    expect(new Set(answers.map(({ stdout }) => JSON.parse(stdout).berth.pid)).size).toBe(1)
  })

  it('makes a workspace and prints it', async () => {
    const { code, stdout, stderr } = await berth(['start', name, '--env', `GREETING=${GREETING}`, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ name, kind: 'container', status: 'running', containerName: `workspace-${name}` })
  })

  it('runs commands with their input, output and exit code', async () => {
    const script = 'cat; echo "$GREETING from $(id -un)" >&2; exit 7'
    expect(await berth(['exec', name, '--', 'sh', '-c', script], 'some input\n')).toEqual({
      code: 7,
      stdout: 'some input\n',
      stderr: 'hello-4714 from workspace\n',
    })
    const { code, stdout } = await berth(['exec', name, '--json', '--', 'sh', '-c', 'echo out; exit 3'])
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 3,
      exitCode: 3,
      stdout: 'out\n',
      stderr: '',
      timedOut: false,
      truncated: false,
    })
  })

  it('brings much input and output through whole', async () => {
    const { code, stdout } = await berth(['exec', name, '--', 'cat'], 'x'.repeat(20_000_000))
    expect({ code, length: stdout.length }).toEqual({ code: 0, length: 20_000_000 })
  })

  it('ends the command in the workspace when its time is over', async () => {
    expect((await berth(['exec', name, '--timeout', '2', '--', 'sh', '-c', 'sleep 4321 & sleep 4321'])).code).toBe(124)
    expect((await berth(['exec', name, '-n', '--', 'pgrep', '-f', '^sleep 4321'])).code).toBe(1)
  })

  it('passes on binary data unchanged', async () => {
    const bytes = randomBytes(10_000_000)
    const child = spawn(program, ['exec', name, '--', 'cat'], { env: { ...process.env, BERTH_HOME: home } })
    child.stdin.end(bytes)
    expect((await buffer(child.stdout)).equals(bytes)).toBe(true)
  })

  it('passes an interrupt on to the command, which deals with it', async () => {
    const script = 'trap "echo heard; exit 9" INT; echo ready; while :; do sleep 0.1; done'
    const child = spawn(program, ['exec', name, '-n', '--', 'sh', '-c', script], { env: { ...process.env, BERTH_HOME: home } })
    const stdout = text(child.stdout)
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect((await once(child, 'exit'))[0]).toBe(9)
    expect(await stdout).toContain('heard')
  })

  longIt('clones it while it runs, and brings the clone back to a snapshot', async () => {
    const inside = (workspace: string, line: string) => berth(['exec', workspace, '-n', '--', 'sh', '-c', line])
    expect((await inside(name, 'echo first > ~/note')).code).toBe(0)
    const cloned = await berth(['clone', name, cloneName, '--json'])
    expect({ code: cloned.code, stderr: cloned.stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(cloned.stdout)).toMatchObject({ name: cloneName, status: 'running', template: false })
    expect(await inside(cloneName, 'cat ~/note; echo $GREETING')).toMatchObject({ code: 0, stdout: `first\n${GREETING}\n` })

    expect(JSON.parse((await berth(['snapshot', 'create', cloneName, 'before', '--json'])).stdout)).toMatchObject({ name: 'before' })
    await inside(cloneName, 'echo second > ~/note')
    const refused = await berth(['snapshot', 'restore', cloneName, 'before', '--json'])
    expect({ code: refused.code, error: JSON.parse(refused.stderr).error.code }).toEqual({ code: 1, error: 'WORKSPACE_RUNNING' })
    const restored = await berth(['snapshot', 'restore', cloneName, 'before', '--force', '--json'])
    expect({ code: restored.code, stderr: restored.stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(restored.stdout)).toMatchObject({ name: cloneName, status: 'running' })
    expect(await inside(cloneName, 'cat ~/note')).toMatchObject({ stdout: 'first\n' })
    expect(await inside(name, 'cat ~/note')).toMatchObject({ stdout: 'first\n' })

    const kept: { name: string; automatic: boolean }[] = JSON.parse((await berth(['snapshot', 'list', cloneName, '--json'])).stdout)
    expect(kept.map(({ automatic }) => automatic)).toEqual([true, false])
    expect((await berth(['__complete', 'snapshot', cloneName])).stdout.split('\n')).toContain('before')
    expect((await berth(['snapshot', 'delete', cloneName, 'before', '--yes'])).code).toBe(0)
    expect((await berth(['delete', cloneName, '--yes'])).code).toBe(0)
    expect(await leftOnEngine(cloneName)).toEqual([])
  })

  it('finds what was removed outside Berth, and restores it', async () => {
    expect((await berth(['exec', name, '-u', 'root', '-n', '--', 'touch', '/usr/local/bin/tool'])).code).toBe(0)
    const { id, ...stopped } = JSON.parse((await berth(['stop', name, '--json'])).stdout)
    expect(stopped).toMatchObject({ name, status: 'stopped' })
    expect(await berth(['doctor'])).toMatchObject({ code: 0, stdout: 'Everything that should exist does.\n' })
    // What was installed in it is kept a moment after the stop.
    await expect.poll(() => keepersOf(id), { timeout: 10_000 }).toHaveLength(1)
    await docker.getContainer(`workspace-${name}`).remove()
    const found = await berth(['doctor'])
    expect(found).toMatchObject({ code: 1, stderr: '' })
    expect(found.stdout).toContain(`[can be restored] ${name}: `)
    expect(JSON.parse((await berth(['doctor', '--json'])).stdout)).toMatchObject([{ kind: 'container-gone', outcome: 'restorable' }])
    const repaired = await berth(['doctor', '--repair'])
    expect(repaired).toMatchObject({ code: 0, stderr: '' })
    expect(repaired.stdout).toContain(`[repaired] ${name}: `)
    expect((await berth(['start', name])).code).toBe(0)
    expect((await berth(['exec', name, '-n', '--', 'ls', '/usr/local/bin/tool'])).code).toBe(0)
  })

  it('stops it and deletes it, and nothing is left', async () => {
    expect(JSON.parse((await berth(['stop', name, '--json'])).stdout)).toMatchObject({ name, status: 'stopped' })
    expect((await berth(['delete', name])).code).toBe(2)
    expect(JSON.parse((await berth(['delete', name, '--yes', '--json'])).stdout)).toMatchObject({ deleted: name })
    expect(await leftOnEngine(name)).toEqual([])
    expect(JSON.parse((await berth(['list', '--json'])).stdout)).toEqual([])
    const log = await readFile(join(home, BACKGROUND_LOG_FILE), 'utf8')
    expect(log).not.toBe('')
    expect(log, 'the log of what was done has no value of a variable').not.toContain(GREETING)
  })

  it('refuses a name, and says why', async () => {
    const { code, stdout, stderr } = await berth(['start', 'A b', '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'NAME_INVALID', data: { name: 'A b' } })
  })
})
