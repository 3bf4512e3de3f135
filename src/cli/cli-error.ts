import type { Problem } from '../shared/error-definitions'
import { EXIT } from './exit-codes'

/** Failures that only a command line has; all others come from the contract. */
export type CliErrorCode =
  | 'USAGE'
  | 'NOT_CONFIRMED'
  | 'BERTH_NOT_RUNNING'
  | 'BERTH_NOT_STARTED'
  | 'CONNECTION_LOST'
  | 'LEFT_RUNNING'
  | 'STILL_RUNNING'
  | 'BROWSER_NOT_OPENED'
  | 'SSH_CONFIG_NOT_INSTALLED'
  | 'SSH_NOT_FOUND'
  | 'SERVICE_FILE_FOREIGN'
  | 'SERVICE_UNAVAILABLE'

/** An error that is reported as it is: `message` says what failed, `next` what to do about it. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: string
  readonly next: string | null
  readonly exitCode: number
  readonly data: Readonly<Record<string, unknown>>

  constructor(
    code: CliErrorCode | Problem['code'],
    message: string,
    details: { next?: string; exitCode?: number; data?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause })
    this.code = code
    this.next = details.next ?? null
    this.exitCode = details.exitCode ?? EXIT.failure
    this.data = details.data ?? {}
  }
}

export function usageError(message: string, next?: string): CliError {
  return new CliError('USAGE', message, { exitCode: EXIT.usage, ...(next === undefined ? {} : { next }) })
}

/** How an operation failed, as the failure of the command that started it. */
export function problemError(problem: Problem): CliError {
  const exitCode = problem.code === 'CANCELLED' ? EXIT.interrupted : EXIT.failure
  return new CliError(problem.code, problem.message, { next: problem.next, data: problem.data, exitCode })
}
