import { z } from 'zod'

/**
 * What the page of the desktop window says over its one MessagePort (`window-port.ts`): a request, with one end of a
 * MessageChannel of its own transferred beside it. The main process answers on that port:
 * - `rpc`: oRPC (`@orpc/client/message-port`).
 * - `stream`: one session's bytes. Each message is one encoded frame (`stream-frames.ts`) as an ArrayBuffer, in both directions.
 *   Post it WITHOUT a transfer list: Electron's main process loses the data of transferred buffers
 *   (electron/electron#34905). A port that closes means that the session is unknown or has ended.
 * - `menu`: menu and tray tell the page what to do; messages are `menuCommandSchema`. The last such port is the one used.
 * A request that does not fit, or has no port, is answered with nothing; its port is closed.
 */
export const doorRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rpc') }),
  z.object({ kind: z.literal('stream'), sessionId: z.string().max(64) }),
  z.object({ kind: z.literal('menu') }),
])
export type DoorRequest = z.infer<typeof doorRequestSchema>

export const menuCommandSchema = z.discriminatedUnion('command', [
  z.object({ command: z.literal('new-workspace') }),
  z.object({ command: z.literal('settings') }),
  z.object({ command: z.literal('palette') }),
  z.object({ command: z.literal('shortcuts') }),
  z.object({ command: z.literal('open-workspace'), workspaceId: z.string() }),
  z.object({ command: z.literal('open-terminal'), workspaceId: z.string() }),
  z.object({ command: z.literal('clone'), workspaceId: z.string() }),
  /** Its process ended, and this is the page that was loaded in its place. */
  z.object({ command: z.literal('page-recovered') }),
])
export type MenuCommand = z.infer<typeof menuCommandSchema>
