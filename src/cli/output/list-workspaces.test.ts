import { expect, test } from 'vitest'
import { fakeHost, fakeStream } from '../testing/fake-host'
import { useFakeBerth } from '../testing/use-fake-berth'
import { textWidth } from './format/text-width'

const fake = useFakeBerth(['demo', 'other'])
const onTerminal = (columns: number, env: Record<string, string> = {}) => ({
  ...fakeHost(fake.home, { terminal: true, env }),
  stdout: fakeStream({ isTTY: true, columns }),
})

test('the list fits on a narrow terminal, and is whole in a pipe', async () => {
  const label = '日本語のワークスペース for everything that is left over'
  await fake.run(['configure', 'demo', '--label', label])
  expect((await fake.run(['list'])).stdout).toContain(label)
  for (const columns of [60, 40, 24]) {
    const { stdout } = await fake.run(['list', '--no-color'], onTerminal(columns))
    expect(stdout).toContain('demo')
    for (const line of stdout.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(columns)
  }
  expect((await fake.run(['list', '--no-color'], onTerminal(40))).stdout).not.toContain('REPO')
})

test('colour is left out by --no-color and NO_COLOR, and kept in a pipe by FORCE_COLOR', async () => {
  const isColoured = (text: string) => text.includes('\u001b[')
  expect(isColoured((await fake.run(['list'], onTerminal(80))).stdout)).toBe(true)
  expect(isColoured((await fake.run(['list', '--no-color'], onTerminal(80))).stdout)).toBe(false)
  expect(isColoured((await fake.run(['list'], onTerminal(80, { NO_COLOR: '1' }))).stdout)).toBe(false)
  expect(isColoured((await fake.run(['list'])).stdout)).toBe(false)
  expect(isColoured((await fake.run(['list'], fakeHost(fake.home, { env: { FORCE_COLOR: '1' } }))).stdout)).toBe(true)
  expect(isColoured((await fake.run(['info', 'nix', '--no-color'], onTerminal(80))).stderr)).toBe(false)
})
