import { z } from 'zod'

/** Something that should be there and is not, or that waits for a decision. */
export const findingSchema = z.object({
  /** The same as long as nothing changes. */
  id: z.string(),
  kind: z.enum([
    'container-gone',
    'volume-gone',
    'snapshot-volume-gone',
    'snapshot-layer-gone',
    'unprotected',
    'network-foreign',
    'operation-waiting',
    'file-damaged',
    'secrets-lost',
    'engine-away',
  ]),
  /** `error` where something is lost or cannot be used; `notice` where nothing is wrong yet. */
  severity: z.enum(['error', 'warning', 'notice']),
  /** `restorable` without loss, by a repair; `lost` for good; `repaired` just now; `decision` if a person must decide. */
  outcome: z.enum(['restorable', 'lost', 'repaired', 'decision']),
  /** Name of the workspace it is about; null for Berth as a whole. */
  workspace: z.string().nullable(),
  message: z.string(),
  next: z.string(),
})
export type Finding = z.infer<typeof findingSchema>
