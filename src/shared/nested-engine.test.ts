import { expect, it } from 'vitest'
import { nestedEngineSchema } from './nested-engine'
import { nestedEngineRemarks } from './nested-engine-remarks'

it('says nothing of an engine that is as usual, or not known', () => {
  expect([nestedEngineRemarks(null), nestedEngineRemarks({ lacks: [], hidden: [] })]).toEqual([[], []])
})

it('says in sentences what it goes without, and what it does not see', () => {
  const remarks = nestedEngineRemarks({ lacks: ['overlay', 'groups'], hidden: ['overlay2'] })
  expect(remarks).toHaveLength(3)
  expect(remarks.at(-1)).toBe(
    'The Docker engine inside does not see the images and containers of the storage driver overlay2, which are kept.',
  )
})

it('takes nothing from inside but its own words', () => {
  const refused = [
    { lacks: ['<script>'], hidden: [] },
    { lacks: Array(100).fill('groups'), hidden: [] },
    { lacks: [], hidden: ['\u001b[31m'] },
    { lacks: [], hidden: Array(100).fill('vfs') },
  ]
  for (const one of refused) expect(nestedEngineSchema.safeParse(one).success).toBe(false)
})
