import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { endMarked } from '../engine/process-tree'
import { localExec } from '../engine/testing/local-exec'
import { runScript } from './run-script'

let count = 0

function run(text: string | Buffer, options: { timeoutMs?: number; signal?: AbortSignal; environment?: Record<string, string> } = {}) {
  const lines: string[] = []
  const marker = `test.${process.pid}.${count++}.`
  const result = runScript(
    localExec,
    { name: 'script.sh', content: Buffer.from(text) },
    {
      ...{ containerId: 'c', user: 'root', preferredCwd: '/tmp', environment: {}, signal: new AbortController().signal, marker },
      onLines: async (more) => void lines.push(...more),
      ...options,
    },
  )
  return { lines, marker, result }
}

/** An unreaped zombie has ended. */
function isAlive(pid = ''): boolean {
  expect(Number(pid)).toBeGreaterThan(1)
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === false
  } catch {
    return false
  }
}

const resultOf = (text: string) => run(text).result

test('what it says comes line by line, stdout and stderr together', async () => {
  const { lines, result } = run('echo one; echo two >&2\nprintf "1%%\\r2%%\\r\\n"; printf “end”')
  expect(await result).toEqual({ exitCode: 0, line: null })
  expect(lines).toEqual(['one', 'two', '2%', '“end”'])
})

test('bytes arrive as they are, and stdin is empty', async () => {
  const { lines, result } = run('echo "it’s \\"quoted\\" $((1 + 1))"\ncat\necho "$VALUE" "$(basename "$0")"', {
    environment: { VALUE: 'a\nb' },
  })
  expect(await result).toMatchObject({ exitCode: 0 })
  expect(lines).toEqual(['it’s "quoted" 2', 'a', 'b script.sh'])
})

test.each([
  ['a command, without an interpreter line', 'echo one\n\nfalse\necho never', 1, 3],
  ['one in a function', 'set -e\nf() {\n  ls /nowhere/at/all\n}\nf', 2, 3],
  ['an exit', 'if true; then\n  exit 7\nfi', 7, 2],
  ['a part of a pipeline', '#!/bin/bash\nset -eo pipefail\nfalse | cat\n', 1, 3],
  ['a command after failures that were expected', 'false || true\nif ! false; then (exit 4) || true; fi\nexit 3', 3, 3],
  ['a script with a trap of its own', "trap 'true' EXIT\nfalse", 1, 2],
  ['a command that is not there', '#!/usr/bin/env bash\nset -e\nno-such-command', 127, 3],
])('the line of %s is known', async (_, text, exitCode, line) => {
  expect(await resultOf(text)).toEqual({ exitCode, line })
})

test('no line is told where none is known', async () => {
  const { lines, result } = run('#!/bin/bash\nfalse\nset -u\necho "$NO_SUCH_VARIABLE"')
  expect(await result).toEqual({ exitCode: 1, line: null })
  expect(lines.join()).toContain('line 4')
  expect(await resultOf('#!/bin/sh\nexit 9')).toEqual({ exitCode: 9, line: null })
})

test('the interpreter line decides', async () => {
  const { lines, result } = run('#!/bin/sed 1d\nsecond line\n')
  expect(await result).toEqual({ exitCode: 0, line: null })
  expect(lines).toEqual(['second line'])
})

test('a script is over when it ends, whatever it leaves running', async () => {
  const { lines, marker, result } = run('sleep 60 &\necho $!\n')
  expect(await result).toEqual({ exitCode: 0, line: null })
  expect(isAlive(lines[0])).toBe(true)
  await endMarked(localExec, 'c', marker)
  expect(isAlive(lines[0])).toBe(false)
})

test('at its time limit it is ended, with what it started', async () => {
  const { lines, result } = run('sleep 60 &\necho $!\ntrap "" TERM\nsleep 60', { timeoutMs: 400 })
  expect(await result).toEqual({ exitCode: null, line: null })
  expect(isAlive(lines[0])).toBe(false)
})

test('so it is when it is cancelled', async () => {
  const abort = new AbortController()
  const { lines, result } = run('echo $$\nsleep 60', { signal: abort.signal })
  const cancelled = expect(result).rejects.toMatchObject({ code: 'CANCELLED' })
  await expect.poll(() => lines.length).toBe(1)
  abort.abort()
  await cancelled
  expect(isAlive(lines[0])).toBe(false)
})
