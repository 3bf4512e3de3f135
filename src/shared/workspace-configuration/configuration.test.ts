import { expect, test } from 'vitest'
import { z } from 'zod'
import { type SealedSecret, sealedText } from '../secret'
import {
  archivedConfiguration,
  archiveShape,
  type Configuration,
  changeConfiguration,
  clonedConfiguration,
  importedConfiguration,
  initialConfiguration,
  recordShape,
  shownConfiguration,
} from './configuration'
import { FIELD_NAMES, WORKSPACE_FIELDS } from './fields'

const seal = (plain: string) => sealedText(plain)
const open = (secret: SealedSecret) => secret.slice('sealed:v1:'.length)

const chosen: Configuration = {
  ...initialConfiguration,
  repo: 'https://example.com/a/b.git',
  label: 'Shop',
  image: 'debian:13',
  env: { A: seal('1'), B: seal('2') },
  limits: { diskBytes: null, memoryBytes: null, cpus: 2, processes: null },
  template: true,
}

test('what the table says is carried to a clone, and nothing else', () => {
  const copy = clonedConfiguration(chosen)
  for (const name of FIELD_NAMES) {
    expect(copy[name], name).toEqual(WORKSPACE_FIELDS[name].carried.clone ? chosen[name] : initialConfiguration[name])
  }
})

test('an archive gives back what it was given, secrets only if they are asked for', () => {
  const read = (archived: object) => importedConfiguration(z.strictObject(archiveShape).parse(JSON.parse(JSON.stringify(archived))), seal)
  const whole = archivedConfiguration(chosen, open)
  expect(read(whole.archived)).toEqual({ ...chosen, template: false })
  expect(whole.leftOut).toEqual([])
  const without = archivedConfiguration(chosen)
  expect(read(without.archived)).toEqual({ ...chosen, template: false, env: {} })
  expect(without.leftOut).toEqual(['A', 'B'])
})

test('doors see secrets masked', () => {
  expect(shownConfiguration(chosen)).toEqual({ ...chosen, env: { A: '***', B: '***' } })
})

test('records and archives that lack a field have its initial value', () => {
  expect(z.object(recordShape).parse({})).toEqual(initialConfiguration)
})

test('a change sets what is given, in the way of each field', () => {
  expect(
    changeConfiguration(chosen, { label: '', env: { A: '***', B: null, C: '3' }, limits: { processes: 100 } }, { seal, open }),
  ).toEqual({
    label: null,
    env: { A: seal('1'), C: seal('3') },
    limits: { diskBytes: null, memoryBytes: null, cpus: 2, processes: 100 },
  })
})

test('what fits alone and not with what is there is refused', () => {
  const many = Object.fromEntries(Array.from({ length: 511 }, (_, index) => [`N${index}`, '']))
  expect(() => changeConfiguration(chosen, { env: many }, { seal, open })).toThrow('At most 512 variables')
  const part = 'x'.repeat(100_000)
  const large = { ...chosen, env: Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`N${index}`, seal(part)])) }
  const change = (N8: string) => changeConfiguration(large, { env: { N8 } }, { seal, open })
  expect(change('é'.repeat(49_900)).env).toHaveProperty('N8')
  expect(() => change(part)).toThrow('The variables have more than 900,000 bytes in total, including names.')
})
