import { type AnyContractRouter, ContractProcedure, isContractProcedure } from '@orpc/contract'
import { z } from 'zod'
import { strictly } from '../../shared/strict-schema'

/**
 * The contract with every object of every input strict at any depth: an unknown field is refused by name, with a suggestion. Outputs are
 * unchanged, so that a newer core can add fields.
 */
export function withStrictInputs<Contract extends AnyContractRouter>(contract: Contract): Contract {
  // The shape of the contract stays; only the schemas of its inputs are others.
  return strictRouter(contract) as Contract
}

function strictRouter(part: AnyContractRouter): AnyContractRouter {
  if (isContractProcedure(part)) {
    const { inputSchema } = part['~orpc']
    return new ContractProcedure({ ...part['~orpc'], inputSchema: inputSchema instanceof z.ZodType ? strictly(inputSchema) : inputSchema })
  }
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, strictRouter(inner as AnyContractRouter)]))
}
