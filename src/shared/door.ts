import { z } from 'zod'

/** How a program on this machine finds a running Berth: `door.json` in BERTH_HOME, readable by its owner only. */
export const DOOR_FILE = 'door.json'

export const doorSchema = z.object({
  pid: z.number().int(),
  /** http://127.0.0.1:PORT, without a slash at its end. */
  url: z.string(),
  token: z.string(),
  version: z.string(),
})
export type Door = z.infer<typeof doorSchema>
