import { expect, it } from 'vitest'
import { createCliLogReader } from './cli-log'

const entry = (fields: object) => `${JSON.stringify(fields)}\n`
const raw = (text: string, level = 3) => entry({ type: 'raw', level, timestamp: 1, text })
const text = (words: string, level = 3) => entry({ type: 'text', level, timestamp: 1, text: words })

it('keeps what a person wants to know, without colours', () => {
  const reader = createCliLogReader()
  const lines = reader.take(
    [
      text('@devcontainers/cli 0.89.0'),
      text('a trace', 1),
      entry({ type: 'start', level: 3, timestamp: 1, text: 'Run: docker build x' }),
      entry({ type: 'start', level: 2, timestamp: 1, text: 'Run: docker ps' }),
      entry({ type: 'stop', level: 3, timestamp: 1, startTimestamp: 0, text: 'Run: docker build x' }),
      entry({ type: 'progress', name: 'Running postCreateCommand...', status: 'running', stepDetail: 'npm ci' }),
      text('\u001b[1m\u001b[31mfailed with exit code 7\u001b[39m\u001b[22m\r\n'),
      'Node.js v20: out of memory\n',
      text('Error: x\n    at sW (/cli.js:1:2)'),
    ].join(''),
  )
  expect(lines).toEqual([
    '@devcontainers/cli 0.89.0',
    'Run: docker build x',
    'Running postCreateCommand... running: npm ci',
    'failed with exit code 7',
    'Node.js v20: out of memory',
    'Error: x',
  ])
})

it('puts raw output together to lines, wherever it was cut', () => {
  const reader = createCliLogReader()
  const whole = raw('Step 1/2 : FROM') + raw(' scratch\n ---> 1\nDownloading 1%\rDownloading 100%\nlast')
  const lines: string[] = []
  for (const character of whole) lines.push(...reader.take(character))
  expect(lines).toEqual(['Step 1/2 : FROM scratch', ' ---> 1', 'Downloading 100%'])
  expect(reader.end()).toEqual(['last'])
})
