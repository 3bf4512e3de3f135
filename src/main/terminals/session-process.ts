import type { TrackedExec } from '../engine/tracked-exec'

/** What runs in a session: a command in a container, or a program on this machine's own terminal that does as one. */
export type SessionProcess = TrackedExec
