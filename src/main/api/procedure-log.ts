import { ORPCError } from '@orpc/server'
import { errorDefinitions } from '../../shared/error-definitions'
import { log } from '../log'

/**
 * Every door gives the errors of procedures to this. The typed ones are an answer, not a fault (the router has logged INTERNAL
 * with its cause), and what the caller did wrong is the caller's to read; what is left is a fault of Berth's own.
 */
export function logProcedureError(error: unknown): void {
  if (error instanceof ORPCError && (error.code in errorDefinitions || error.status < 500)) return
  if (error instanceof Error && error.name === 'AbortError') return
  log.error({ err: error }, 'a procedure failed unexpectedly')
}
