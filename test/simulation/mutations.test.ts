import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MUTATIONS } from './mutations'

it('the faults that the simulation is tried with fit the code as it is', () => {
  const stale = MUTATIONS.flatMap(({ name, edits }) =>
    edits
      .filter(({ file, find }) => readFileSync(file, 'utf8').split(find).length !== 2)
      .map(({ file, find }) => `${name}: ${file} does not have this text exactly once: ${find}`),
  )
  expect(stale).toEqual([])
})
