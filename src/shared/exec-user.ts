import { z } from 'zod'

/** Who runs a command inside: a user's name, or a uid, each with a group behind a colon if wanted. */
export const execUserSchema = z
  .string()
  .max(130)
  .regex(
    /^([A-Za-z_][A-Za-z0-9_.-]{0,63}|\d{1,10})(:([A-Za-z_][A-Za-z0-9_.-]{0,63}|\d{1,10}))?$/,
    'Enter a user name or number, optionally followed by a colon and a group.',
  )
