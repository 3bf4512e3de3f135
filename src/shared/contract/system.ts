import { z } from 'zod'
import { procedure } from './base'

export const systemInfoSchema = z.object({
  version: z.string(),
  /** Which process answers. */
  door: z.enum(['desktop', 'headless']),
  pid: z.number().int(),
  platform: z.string(),
  arch: z.string(),
  startedAt: z.iso.datetime(),
  /** BERTH_HOME: settings, records and keys. */
  home: z.string(),
  /** Private key that every workspace lets in. */
  sshKeyPath: z.string(),
})
export type SystemInfo = z.infer<typeof systemInfoSchema>

export const system = {
  info: procedure.route({ method: 'GET', path: '/system', tags: ['System'], summary: 'This Berth' }).output(systemInfoSchema),
  quit: procedure
    .route({ method: 'POST', path: '/system/quit', tags: ['System'], summary: 'End Berth; workspaces go on running' })
    .output(z.object({ pid: z.number().int() })),
}
