import { z } from 'zod'

/** A file of BERTH_HOME that could not be read. It was set aside unchanged until that is accepted. */
export const damagedFileSchema = z.object({
  /** As it is called when it is whole, such as `state.json`. */
  name: z.string(),
  /** Where it is now: a path. */
  setAsideAs: z.string(),
  /** What is wrong with it, in words. */
  reason: z.string(),
  /** Where, counted from 1; null if it is not a place in the text. */
  line: z.number().int().positive().nullable(),
  column: z.number().int().positive().nullable(),
  /** The field that is wrong, as `workspaces.0.name`; null when the text is not JSON at all. */
  field: z.string().nullable(),
  /** What Berth went on with; null when a former process found the damage. */
  using: z.enum(['last-good', 'defaults']).nullable(),
})
export type DamagedFile = z.infer<typeof damagedFileSchema>
