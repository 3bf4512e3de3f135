import { beforeEach, expect, it, vi } from 'vitest'
import { dismissNotice, showNotice } from './notice'

/** What the toaster was told, in order. */
const told = vi.hoisted(() => [] as string[])
vi.mock('sonner', () => ({
  Toaster: () => null,
  toast: {
    custom: (_: unknown, { id }: { id: string }) => told.push(`show ${id}`),
    dismiss: (id: string) => told.push(`dismiss ${id}`),
  },
}))
const last = () => told.at(-1)?.replace(/^\w+ /, '')

beforeEach(() => {
  told.length = 0
})

it('what is shown under an id takes the place of what is shown there', () => {
  showNotice({ tone: 'bad', title: 'one', id: 'start api' })
  const first = last()
  showNotice({ tone: 'bad', title: 'two', id: 'start api' })
  expect(last()).toBe(first)
  showNotice({ tone: 'bad', title: 'other', id: 'start db' })
  expect(last()).not.toBe(first)
})

it('what is shown after a notice was taken away does not leave with it', () => {
  showNotice({ tone: 'bad', title: 'one', id: 'stop api' })
  const first = last()
  dismissNotice('stop api')
  expect(told.at(-1)).toBe(`dismiss ${first}`)
  showNotice({ tone: 'bad', title: 'two', id: 'stop api' })
  expect(last()).not.toBe(first)
  dismissNotice('stop api')
  dismissNotice('stop api')
  expect(told.filter((line) => line.startsWith('dismiss'))).toHaveLength(2)
})
