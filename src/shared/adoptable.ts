import { z } from 'zod'
import { portSchema, timestampSchema } from './workspace'

/** A workspace on the engine that another tool or another Berth created: it can be adopted. */
export const adoptableSchema = z.object({
  name: z.string(),
  engine: z.string().describe('Name of the engine that the workspace is on.'),
  from: z.enum(['perry', 'berth']),
  containerId: z.string(),
  containerName: z.string(),
  status: z.enum(['running', 'stopped']),
  image: z.string(),
  /** null where it keeps that in its own layer. */
  volumes: z.object({ home: z.string().nullable(), docker: z.string().nullable() }),
  /** Host port of its ssh server; null when it has none that is fixed. */
  sshPort: portSchema.nullable(),
  createdAt: timestampSchema,
  /** Why it cannot be adopted as it is, in words for a person; null when it can. */
  obstacle: z.string().nullable(),
})
export type Adoptable = z.infer<typeof adoptableSchema>
