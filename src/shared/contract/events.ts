import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { adoptableSchema } from '../adoptable'
import { damagedFileSchema } from '../damaged-file'
import { operationSchema } from '../operation'
import { workspacePortsSchema } from '../port-forward'
import { snapshotSchema } from '../snapshot'
import { terminalLayoutSchema } from '../terminal-layout'
import { workspaceSchema } from '../workspace'
import { procedure } from './base'
import { engineViewSchema } from './engines'
import { settingsSchema } from './settings'
import { swarmViewSchema } from './swarms'
import { terminalSessionSchema } from './terminals'

/** `snapshot` comes first and replaces all that a client holds; the rest are changes to it. */
export const berthEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    engines: z.array(engineViewSchema),
    swarms: z.array(swarmViewSchema),
    workspaces: z.array(workspaceSchema),
    operations: z.array(operationSchema),
    snapshots: z.array(snapshotSchema),
    terminals: z.array(terminalSessionSchema),
    terminalLayouts: z.array(terminalLayoutSchema),
    ports: z.array(workspacePortsSchema),
    settings: settingsSchema,
    adoptable: z.array(adoptableSchema),
    damagedFiles: z.array(damagedFileSchema),
  }),
  z.object({ type: z.literal('engine'), engine: engineViewSchema }),
  z.object({ type: z.literal('engine-removed'), engineId: z.string() }),
  /** All of them. */
  z.object({ type: z.literal('swarms'), swarms: z.array(swarmViewSchema) }),
  z.object({ type: z.literal('workspace'), workspace: workspaceSchema }),
  z.object({ type: z.literal('workspace-removed'), workspaceId: z.string() }),
  z.object({ type: z.literal('operation'), operation: operationSchema }),
  z.object({ type: z.literal('snapshot-changed'), snapshot: snapshotSchema }),
  z.object({ type: z.literal('snapshot-removed'), snapshotId: z.string() }),
  z.object({ type: z.literal('terminal'), terminal: terminalSessionSchema }),
  z.object({ type: z.literal('terminal-removed'), sessionId: z.string() }),
  z.object({ type: z.literal('terminal-layout'), layout: terminalLayoutSchema }),
  z.object({ type: z.literal('ports'), ports: workspacePortsSchema }),
  z.object({ type: z.literal('adoptable'), adoptable: adoptableSchema }),
  z.object({ type: z.literal('adoptable-removed'), containerId: z.string() }),
  z.object({ type: z.literal('damaged-files'), damagedFiles: z.array(damagedFileSchema) }),
  z.object({ type: z.literal('settings'), settings: settingsSchema }),
  /** Files of the library, or the state of its repository, have changed: to be asked for again. */
  z.object({ type: z.literal('library') }),
])
export type BerthEvent = z.infer<typeof berthEventSchema>

export const events = {
  subscribe: procedure
    .route({ method: 'GET', path: '/events', tags: ['Events'], summary: 'Stream every change as server-sent events' })
    .output(eventIterator(berthEventSchema)),
}
