import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { processEnd } from './process-end'

const sleeper = () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  if (child.pid === undefined) throw new Error('sleep could not be started')
  return { child, pid: child.pid }
}

test('waits until the process is gone', async () => {
  const { child, pid } = sleeper()
  let isGone = false
  const gone = processEnd(pid).then(() => {
    isGone = true
  })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isGone).toBe(false)
  child.kill('SIGKILL')
  await gone
})

test('says so when the process stays', async () => {
  const { child, pid } = sleeper()
  await expect(processEnd(pid, 20)).rejects.toMatchObject({ code: 'STILL_RUNNING', data: { pid } })
  child.kill('SIGKILL')
})
