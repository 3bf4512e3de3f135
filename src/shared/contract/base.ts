import { oc } from '@orpc/contract'
import { type ErrorCode, errorDefinitions } from '../error-definitions'

type ErrorMap = { [Code in ErrorCode]: { status: number; data: (typeof errorDefinitions)[Code]['data'] } }

/** Base of every procedure: any of them can fail with any of Berth's typed errors. */
export const procedure = oc.errors(errorDefinitions as ErrorMap)
