import headless from '@xterm/headless'
import { expect, test } from 'vitest'
import { catchClipboardWrites } from './clipboard-writes'

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')

/** What is written to the clipboard, and what the terminal answers, after these pieces of output. */
async function output(...pieces: string[]): Promise<{ written: string[]; answers: string[] }> {
  const terminal = new headless.Terminal({ allowProposedApi: true })
  const written: string[] = []
  const answers: string[] = []
  catchClipboardWrites(terminal, (text) => written.push(text))
  terminal.onData((answer) => answers.push(answer))
  for (const piece of pieces) await new Promise<void>((resolve) => terminal.write(piece, resolve))
  return { written, answers }
}

test('text arrives as it was written, in one piece or in several', async () => {
  const text = 'Grüße, 世界\n\ttwo lines'
  const sequence = `\x1b]52;c;${base64(text)}\x07`
  expect((await output(sequence)).written).toEqual([text])
  expect((await output(...sequence)).written).toEqual([text])
  expect((await output(`\x1b]52;;${base64('as tmux does')}\x1b\\`)).written).toEqual(['as tmux does'])
})

test('a query is never answered, and other selections are left alone', async () => {
  expect(
    await output('\x1b]52;c;?\x07', '\x1b]52;;?\x1b\\', `\x1b]52;p;${base64('primary')}\x07`, '\x1b]52;c;\x07', '\x1b]52;c\x07'),
  ).toEqual({
    written: [],
    answers: [],
  })
})

test('what is no base64, no text or too long is not written', async () => {
  const mebibyte = 1024 * 1024
  const rejected = ['not base64!', 'abcde', base64(Uint8Array.of(0xff, 0xfe)), base64('x'.repeat(mebibyte + 3))]
  expect((await output(...rejected.map((data) => `\x1b]52;c;${data}\x07`))).written).toEqual([])
  expect((await output(`\x1b]52;c;${base64('x'.repeat(mebibyte))}\x07`)).written[0]).toHaveLength(mebibyte)
})
