import type { Engine } from '../engine/engine'
import { type CollectedBytes, collectCommand } from '../engine/run-command'

/** The user `workspace`, whom new files belong to. */
export const WORKSPACE_USER = { uid: 1000, gid: 1000 }

const TIMEOUT_MS = 30_000
/** Removing or linking a large tree takes a while. */
export const LONG_TIMEOUT_MS = 10 * 60_000
const COMPLAINT_BYTES = 64 * 1024

/** A workspace that files are reached in. */
export interface FilesWorkspace {
  id: string
  name: string
  status: string
  containerId: string
  running: boolean
  /** The folder that it needs, and that stopped ones take files in. */
  home: string
  /** An operation is under way on it. */
  busy: boolean
}

interface InsideOptions {
  signal?: AbortSignal | undefined
  maxBytes?: number
  /** null for none. */
  timeoutMs?: number | null
  stdin?: AsyncIterable<Uint8Array>
  user?: 'workspace' | 'root'
}

/** Runs a program inside, by default as the user `workspace`. Its output is in English, and no more trusted than anything else inside. */
export function runInside(
  engine: Pick<Engine, 'exec'>,
  { containerId }: FilesWorkspace,
  command: string[],
  { signal, maxBytes = COMPLAINT_BYTES, timeoutMs = TIMEOUT_MS, stdin, user = 'workspace' }: InsideOptions = {},
): Promise<CollectedBytes> {
  return collectCommand(engine.exec, {
    containerId,
    command,
    user,
    cwd: '/',
    environment: { LC_ALL: 'C.UTF-8' },
    maxBytes,
    timeoutMs: timeoutMs ?? undefined,
    stdin,
    signal,
  })
}
