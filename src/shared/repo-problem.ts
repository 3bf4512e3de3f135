import type { ErrorCode } from './error-definitions'

const REPO_PROBLEMS: readonly ErrorCode[] = [
  'REPO_CLONE_FAILED',
  'REPO_ACCESS_DENIED',
  'REPO_HOST_UNKNOWN',
  'REPO_REF_NOT_FOUND',
  'GIT_UNAVAILABLE',
]

/** Whether a problem of that code is that the repository is not there; the workspace itself is fine then. */
export function isRepoProblem(code: ErrorCode): boolean {
  return REPO_PROBLEMS.includes(code)
}
