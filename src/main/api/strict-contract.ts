import { contract } from '../../shared/contract/contract'
import { withStrictInputs } from './strict-inputs'

/** The contract as this server keeps to it, and as its description says. */
export const strictContract = withStrictInputs(contract)
