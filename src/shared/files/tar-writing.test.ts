import { expect, test } from 'vitest'
import { readTar } from './tar-reading'
import { writeTar } from './tar-writing'

async function* pieces(text: string) {
  for (let at = 0; at < text.length; at += 50_000) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
    yield Buffer.from(text.slice(at, at + 50_000))
  }
}

test('entries that are added at once are written in the order of the calls', async () => {
  const texts = Array.from({ length: 40 }, (_, index) => `${index}`.repeat(index % 5 === 0 ? 100_000 : 10))
  const { tar } = writeTar(async (add) => {
    await Promise.all(texts.map((text, index) => add({ name: `f${index}`, type: 'file', size: text.length }, pieces(text))))
  })
  const read: string[] = []
  for await (const entry of readTar(tar, (reason) => new Error(reason))) {
    const chunks: Uint8Array[] = []
    for await (const chunk of entry) chunks.push(chunk)
    expect(entry.header.name).toBe(`f${read.length}`)
    read.push(Buffer.concat(chunks).toString('utf8'))
  }
  expect(read).toEqual(texts)
})
