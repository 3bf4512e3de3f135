import type { Problem } from '../../../shared/error-definitions'
import type { Operations } from '../../operations/operations'
import type { SwarmEntry } from '../../settings/engine-list'
import type { Records, WorkspaceRecord } from '../../settings/records'
import type { Engines } from '../places/engines'

/** What each Swarm works with. */
export interface SwarmSurroundings {
  installationId: string
  records: Records
  operations: Pick<Operations, 'holds'>
  engines: Pick<Engines, 'places' | 'list' | 'add' | 'answeringManager'>
  /** Which node of a Swarm the engine of that place is, as far as is known; null for none. */
  nodeOfPlace(place: string): string | null
  engineName(id: string): string | null
  /** It runs, or is about to. */
  runs(record: WorkspaceRecord): boolean
  isDefault(entry: SwarmEntry): boolean
  /** To where the Swarm has it. Resolves with why it could not be; null when it was. Throws what keeps it from beginning. */
  move(workspaceId: string, options: { engine: string; constraints: string[] }): Promise<Problem | null>
  publish(): void
}
