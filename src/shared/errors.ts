import type { ErrorCode, ErrorData, Problem } from './error-definitions'

/**
 * The only error class of the core. Thrown where the failure is known, passed unchanged through every door. `message` says what failed and
 * why; `data.next` what to do; `cause` is for the log only and never leaves the process.
 */
export class BerthError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'BerthError'
  readonly code: Code
  readonly data: ErrorData<Code>

  constructor(code: Code, message: string, data: ErrorData<Code>, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.data = data
  }
}

/** True for a BerthError, of that code when one is given. */
export function isBerthError<Code extends ErrorCode>(error: unknown, code?: Code): error is BerthError<Code> {
  return error instanceof BerthError && (code === undefined || error.code === code)
}

export function toProblem(error: BerthError): Problem {
  return { code: error.code, message: error.message, next: error.data.next, data: { ...error.data } }
}
