import { z } from 'zod'

/** How deep splits can nest, and how many panes one workspace's tabs can have in total. */
export const MOST_SPLIT_LEVELS = 8
export const MOST_PANES = 200

/** A pane with a session, or an area that is split. `right`: its parts are beside each other; `down`: below each other. */
export type TerminalLayoutNode =
  | { type: 'session'; sessionId: string }
  | { type: 'split'; direction: 'right' | 'down'; children: TerminalLayoutNode[]; sizes: number[] }

const sessionNodeSchema = z.object({ type: z.literal('session'), sessionId: z.string().min(1).max(64) })

/** A bounded depth by construction: what is deeper fits no schema, and is refused before it is walked. */
function nodeSchema(levels: number): z.ZodType<TerminalLayoutNode> {
  if (levels === 0) return sessionNodeSchema
  return z.union([
    sessionNodeSchema,
    z
      .object({
        type: z.literal('split'),
        direction: z.enum(['right', 'down']),
        children: z
          .array(nodeSchema(levels - 1))
          .min(2)
          .max(16),
        /** The share of each child. They need not add up to anything. */
        sizes: z.array(z.number().positive().max(100_000)).min(2).max(16),
      })
      .refine(({ children, sizes }) => children.length === sizes.length, 'A split has one size for each of its parts.'),
  ])
}

export const terminalTabSchema = z.object({
  id: z.string().min(1).max(64).describe('Chosen by the client that creates the tab.'),
  /** Given by a person; null to go by the sessions in it. */
  name: z.string().max(64).nullable().default(null),
  root: nodeSchema(MOST_SPLIT_LEVELS),
  /** The session that has the keyboard when the tab is shown. */
  focused: z.string().max(64).nullable().default(null),
})
export type TerminalTab = z.infer<typeof terminalTabSchema>

/** The tabs in their order. */
export const terminalTabsSchema = z
  .array(terminalTabSchema)
  .max(MOST_PANES)
  .refine((tabs) => tabs.reduce((sum, tab) => sum + sessionsOf(tab.root).length, 0) <= MOST_PANES, `At most ${MOST_PANES} panes.`)

export const terminalLayoutSchema = z.object({
  workspaceId: z.string(),
  /** Goes up by one with each change, so that a window can tell an older state from a newer one. 0: never set. */
  revision: z.number().int().nonnegative(),
  tabs: z.array(terminalTabSchema),
  activeTab: z.string().nullable(),
})
export type TerminalLayout = z.infer<typeof terminalLayoutSchema>

/** The sessions in that part of a tab, in their order. */
export function sessionsOf(node: TerminalLayoutNode): string[] {
  return node.type === 'session' ? [node.sessionId] : node.children.flatMap(sessionsOf)
}
