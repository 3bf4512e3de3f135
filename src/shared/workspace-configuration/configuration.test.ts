import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  archivedConfiguration,
  archiveShape,
  type Configuration,
  carriedConfiguration,
  changeConfiguration,
  initialConfiguration,
  recordShape,
} from './configuration'
import { FIELD_NAMES, WORKSPACE_FIELDS } from './fields'

const chosen: Configuration = {
  ...initialConfiguration,
  repo: 'https://example.com/a/b.git',
  label: 'Shop',
  image: 'debian:13',
  env: { A: '1', B: '2' },
  limits: { diskBytes: null, memoryBytes: null, cpus: 2, processes: null },
  template: true,
}

test.each(['clone', 'archive'] as const)('what the table says is carried to a copy (%s), and nothing else', (by) => {
  const copy = carriedConfiguration(chosen, by)
  for (const name of FIELD_NAMES) {
    expect(copy[name], name).toEqual(WORKSPACE_FIELDS[name].carried[by] ? chosen[name] : initialConfiguration[name])
  }
})

test('an archive gives back what it was given', () => {
  const written = JSON.parse(JSON.stringify(archivedConfiguration(chosen)))
  expect(carriedConfiguration(z.strictObject(archiveShape).parse(written), 'archive')).toEqual({ ...chosen, template: false })
})

test('records and archives that lack a field have its initial value', () => {
  expect(z.object(recordShape).parse({})).toEqual(initialConfiguration)
})

test('a change sets what is given, in the way of each field', () => {
  expect(changeConfiguration(chosen, { label: '', env: { B: null, C: '3' }, limits: { processes: 100 } })).toEqual({
    label: null,
    env: { A: '1', C: '3' },
    limits: { diskBytes: null, memoryBytes: null, cpus: 2, processes: 100 },
  })
})

test('what fits alone and not with what is there is refused', () => {
  const many = Object.fromEntries(Array.from({ length: 511 }, (_, index) => [`N${index}`, '']))
  expect(() => changeConfiguration(chosen, { env: many })).toThrow('At most 512 variables')
})
