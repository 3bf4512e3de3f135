/** What the exit code of `berth` means. `exec`, `shell` and `ssh` exit with the code of what ran in the workspace. */
export const EXIT = {
  ok: 0,
  failure: 1,
  /** Wrong flags or arguments, or a question that nobody is there to answer. */
  usage: 2,
  /** `exec --timeout` ended the command, or `wait --timeout` gave up; the code of coreutils' `timeout`. */
  timedOut: 124,
  /** `exec`, `shell` and `ssh`: Berth failed, so there is no code of the command's; the code of `docker run`. */
  noCommandCode: 125,
  interrupted: 130,
  terminated: 143,
  /** Whoever read the output went away. */
  brokenPipe: 141,
} as const
