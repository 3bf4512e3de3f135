import type { Workspace } from '../../../shared/workspace'

/** What `berth wait` can wait for, and when a workspace that there is has come to it. */
export const WAITED_STATES = {
  /** Started, with its scripts, and nothing is under way on it any more. */
  ready: ({ status, operationId }: Workspace) => status === 'running' && operationId === null,
  /** Commands and logins work; scripts may still run. */
  running: ({ running }: Workspace) => running,
  stopped: ({ status }: Workspace) => status === 'stopped',
  error: ({ status }: Workspace) => status === 'error',
  deleted: () => false,
} as const satisfies Record<string, (workspace: Workspace) => boolean>
export type WaitedState = keyof typeof WAITED_STATES
