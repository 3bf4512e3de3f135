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
      summary: 'Compare the expected with the actual state; changes nothing',
    })
    .output(z.array(findingSchema)),
  repair: procedure
    .route({
      method: 'POST',
      path: '/system/doctor/repair',
      tags: ['System'],
      summary: 'Repair what can be repaired without loss; removes nothing',
    })
    .output(z.array(findingSchema).describe('The findings; those that were repaired are marked `repaired`.')),
  damagedFiles: procedure
    .route({
      method: 'GET',
      path: '/system/damaged-files',
      tags: ['System'],
      summary: 'List Berth’s own files that could not be read and were set aside',
    })
    .output(damagedFiles),
  acceptDamage: procedure
    .route({
      method: 'POST',
      path: '/system/damaged-files/accept',
      tags: ['System'],
      summary: 'Acknowledge a damaged file: it stays set aside and is no longer reported',
    })
    .input(z.object({ setAsideAs: z.string().min(1).max(4096).describe('A path from `damagedFiles`.') }))
    .output(damagedFiles),
  info: procedure
    .route({ method: 'GET', path: '/system', tags: ['System'], summary: 'Get information about this Berth' })
    .output(systemInfoSchema),
  quit: procedure
    .route({ method: 'POST', path: '/system/quit', tags: ['System'], summary: 'Quit Berth; workspaces keep running' })
    .output(z.object({ pid: z.number().int() })),
}
