import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('limits are set one by one, shown, and taken away', async () => {
  expect((await run(['limit', 'demo', '--cpus', '1.5', '--memory', '4G', '--json'])).json()).toMatchObject({
    limits: { cpus: 1.5, memoryBytes: 4 * 1024 ** 3, processes: null, diskBytes: null },
  })
  expect((await run(['limit', 'demo', '--memory', 'none'])).stdout).toBe(
    'Processors  1.5\nMemory      no limit\nProcesses   no limit\nDisk        no limit\n',
  )
  expect((await run(['limit', 'demo', '--quiet'])).stdout).toBe('demo\n')
})

test('what is no number or size is refused', async () => {
  for (const words of [
    ['--cpus', 'many'],
    ['--memory', 'x'],
    ['--processes', '1.5'],
  ]) {
    expect(await run(['limit', 'demo', ...words])).toMatchObject({ code: 2, stdout: '' })
  }
})
