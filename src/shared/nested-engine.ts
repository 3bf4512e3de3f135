import { z } from 'zod'
import { LACKS, type Lack } from './nested-engine-remarks'

/**
 * Limitations of the Docker engine inside a workspace, as its entrypoint found them at its last start. The data comes from inside, where
 * root can send anything: only these words are accepted, and only so many.
 */
export const nestedEngineSchema = z.object({
  lacks: z
    .array(z.enum(Object.keys(LACKS) as [Lack, ...Lack[]]))
    .max(Object.keys(LACKS).length)
    .describe('Limitations of the nested engine; empty if there are none. `engine`: it is not running.'),
  hidden: z
    .array(z.string().regex(/^[a-z0-9-]{1,32}$/))
    .max(10)
    .describe('Other storage drivers with images and containers on the volume, which the engine cannot see with its current driver.'),
})
export type NestedEngine = z.infer<typeof nestedEngineSchema>
