import { isContractProcedure } from '@orpc/contract'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contract } from '../../shared/contract/contract'
import { strictly } from '../../shared/strict-schema'
import { withStrictInputs } from './strict-inputs'

/** Every input of the contract, by the path of its procedure. */
function inputsOf(part: object, path = ''): [string, z.ZodType][] {
  if (isContractProcedure(part)) {
    const { inputSchema } = part['~orpc']
    return inputSchema instanceof z.ZodType ? [[path, inputSchema]] : []
  }
  return Object.entries(part).flatMap(([name, inner]) => inputsOf(inner, path === '' ? name : `${path}.${name}`))
}

const inputs = inputsOf(withStrictInputs(contract))

describe('each input of the contract', () => {
  it.each(inputs)('%s refuses unknown fields at any depth', (_, schema) => {
    const open: string[] = []
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { type, properties, additionalProperties } = node as Record<string, unknown>
      if (type === 'object' && properties !== undefined && additionalProperties !== false) open.push(path)
      for (const [name, inner] of Object.entries(node)) walk(inner, `${path}/${name}`)
    }
    walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '')
    expect(open).toEqual([])
  })

  it('is there to be looked at', () => expect(inputs.length).toBeGreaterThan(40))
})

describe('an unknown field', () => {
  const create = inputs.find(([path]) => path === 'workspaces.create')?.[1]

  it('is named, with the one that was probably meant', () => {
    const { error } = create?.safeParse({ name: 'demo', lable: 'x' }) ?? {}
    expect(error?.issues).toMatchObject([{ code: 'unrecognized_keys', message: 'Unknown field “lable”. Did you mean “label”?' }])
  })

  it('is named within another field too', () => {
    const { error } = create?.safeParse({ name: 'demo', limits: { memoryByte: 1 } }) ?? {}
    expect(error?.issues).toMatchObject([{ path: ['limits'], message: 'Unknown field “memoryByte”. Did you mean “memoryBytes”?' }])
  })

  it('is named alone when nothing is near it', () => {
    expect(create?.safeParse({ name: 'demo', zzzzz: 1 }).error?.issues[0]?.message).toBe('Unknown field “zzzzz”.')
  })
})

describe('a schema made strict', () => {
  it('keeps its description, its defaults and its checks', () => {
    const schema = z
      .object({ from: z.number().default(1), to: z.number() })
      .refine(({ from, to }) => from <= to, 'backwards')
      .describe('a range')
    const strict = strictly(schema) as typeof schema
    expect(strict.parse({ to: 2 })).toEqual({ from: 1, to: 2 })
    expect(strict.safeParse({ from: 3, to: 2 }).error?.issues[0]?.message).toBe('backwards')
    expect(z.toJSONSchema(strict)).toMatchObject({ description: 'a range', additionalProperties: false })
  })

  it('still takes any key of a record', () => {
    expect((strictly(z.object({ env: z.record(z.string(), z.string()) })) as z.ZodType).parse({ env: { A: '1' } })).toEqual({
      env: { A: '1' },
    })
  })
})
