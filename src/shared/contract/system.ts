import { z } from 'zod'
import { damagedFileSchema } from '../damaged-file'
import { findingSchema } from '../finding'
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
  /** Config by which ssh reaches every workspace by name (`ssh -F`). */
  sshConfigPath: z.string(),
  /** The key that secrets are encrypted with: a file that only its owner can read. */
  secretKeyPath: z.string(),
})
export type SystemInfo = z.infer<typeof systemInfoSchema>

/** Those that were set aside and not yet accepted. */
const damagedFiles = z.array(damagedFileSchema)

export const system = {
  doctor: procedure
    .route({
      method: 'GET',
      path: '/system/doctor',
      tags: ['System'],
      summary: 'Compare what should exist with what does; changes nothing',
    })
    .output(z.array(findingSchema)),
  repair: procedure
    .route({
      method: 'POST',
      path: '/system/doctor/repair',
      tags: ['System'],
      summary: 'Restore what can be restored without loss; removes nothing',
    })
    .output(z.array(findingSchema).describe('What was found: as `repaired` where that is mended now, and as it is where it is not.')),
  damagedFiles: procedure
    .route({
      method: 'GET',
      path: '/system/damaged-files',
      tags: ['System'],
      summary: 'Files of Berth that could not be read and were set aside',
    })
    .output(damagedFiles),
  acceptDamage: procedure
    .route({
      method: 'POST',
      path: '/system/damaged-files/accept',
      tags: ['System'],
      summary: 'Go on without a damaged file; it stays where it was set aside, and is no longer reported',
    })
    .input(z.object({ setAsideAs: z.string().min(1).max(4096).describe('As `damagedFiles` has it.') }))
    .output(damagedFiles),
  info: procedure.route({ method: 'GET', path: '/system', tags: ['System'], summary: 'This Berth' }).output(systemInfoSchema),
  quit: procedure
    .route({ method: 'POST', path: '/system/quit', tags: ['System'], summary: 'End Berth; workspaces go on running' })
    .output(z.object({ pid: z.number().int() })),
}
