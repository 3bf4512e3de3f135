import { expect, test } from 'vitest'
import { parseStates } from './look-inside'

const digest = 'a'.repeat(64)

test('states are read by field, whatever names hold, and only of paths that were asked for', () => {
  const said = [
    ...['f 600 1700000000.123456789 /home/workspace/a b\nc', ''],
    ...['l 777 1700000000.0 /home/workspace/link', `${digest}  /home/workspace/a b\nc`],
    ...['d 755 1700000000.0 /home/workspace/folder', ''],
    ...['p 644 1700000000.0 /home/workspace/pipe', ''],
    ...['f 644 1700000000.0 /etc/shadow', ''],
    `${digest}  /home/workspace/a b\nc`,
    '',
  ].join('\0')
  const asked = ['a b\nc', 'link', 'folder', 'pipe', 'missing'].map((name) => `/home/workspace/${name}`)
  expect(Object.fromEntries(parseStates(said, new Set(asked)))).toEqual({
    '/home/workspace/a b\nc': { kind: 'file', mode: 0o600, modified: 1_700_000_000, digest },
    '/home/workspace/link': { kind: 'link', target: `${digest}  /home/workspace/a b\nc` },
    '/home/workspace/folder': { kind: 'folder' },
    '/home/workspace/pipe': { kind: 'other' },
  })
})
